"""A stand-in for neurogym: one environment that draws and seeds trials as neurogym's do."""

from types import ModuleType, SimpleNamespace

import numpy as np


class Environment:
    """Fixation, then a stimulus on one of two lines, which is the choice; trials of 4 or 5 steps.

    Every third trial of an environment's life repeats its first stimulus, so that its past
    counts, as with blocks of trials.
    """

    def __init__(self, dt=100, low=0, steps=(4, 5), truth=True, names=True):
        self.dt, self.steps, self.truth, self.low = dt, steps, truth, low
        names = {"fixation": 0, "stimulus": [1, 2]} if names else None
        self.observation_space = SimpleNamespace(shape=(3,), name=names)
        self.action_space = SimpleNamespace(n=3, shape=(), start=0)
        self.rng = np.random.RandomState()
        self.trials, self.first = 0, None

    @property
    def unwrapped(self):
        return self

    def seed(self, seed):
        self.rng = np.random.RandomState(seed)

    def reset(self, seed=None):
        self.new_trial()

    def new_trial(self):
        time = self.rng.choice(self.steps)
        choice = self.rng.randint(2)
        if self.trials % 3 == 0:
            choice = self.first = choice if self.first is None else self.first
        self.trials += 1
        self.ob = np.zeros((time, 3), dtype=np.float32)
        self.ob[:-1, 0] = 1
        self.ob[1:, 1 + choice] = 1
        if self.truth:
            self.gt = np.zeros(time, dtype=int) + self.low
            self.gt[-1] = 1 + choice


class Reaching(Environment):
    """Actions are the values of two forces, as large as the stimulus."""

    def __init__(self):
        super().__init__()
        self.action_space = SimpleNamespace(shape=(2,))

    def new_trial(self):
        super().new_trial()
        self.gt = self.ob[:, 1:].copy()


class Pixels(Environment):
    """Observations are pictures."""

    def __init__(self):
        super().__init__()
        self.observation_space.shape = (3, 3)


ENVIRONMENTS = {"Fake-v0": Environment, "Reaching-v0": Reaching, "Pixels-v0": Pixels}


def make(name, **arguments):
    """As neurogym's, with an error of its own for a name that is unknown."""
    if name not in ENVIRONMENTS:
        raise LookupError(f"Environment `{name}` doesn't exist.")
    return ENVIRONMENTS[name](**arguments)


def module(version="2.3.1"):
    """The module, to be placed in ``sys.modules``."""
    fake = ModuleType("neurogym")
    fake.__version__ = version
    fake.make = make
    return fake
