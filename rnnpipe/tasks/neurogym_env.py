"""An environment of neurogym as a task (Molano-Mazón et al. 2022, NeuroGym).

Nothing else imports neurogym, and nothing imports it before such a task is made.
"""

import warnings
from collections.abc import Mapping
from copy import copy
from types import ModuleType
from typing import Any

import numpy as np

from rnnpipe.tasks.base import Quantity, Task, TaskError, Trials
from rnnpipe.tasks.r_squared import r_squared

# Key of neurogym's version among a task's settings: another version may draw other trials.
NEUROGYM_VERSION = "neurogym-version"
SEEDS = 2**31


class NeurogymMissing(TaskError):
    """neurogym cannot be imported; says how it is installed."""


class Neurogym(Task):
    """Trials of an environment one after another, the last of them cut off.

    Inputs are its observations and targets its ground truth: one output an
    action, 1 for the right one, where actions are discrete, else their values.
    Observations that depend on the agent's actions are not drawn.

    Parameters
    ----------
    env
        Name of the environment, such as ``"PerceptualDecisionMaking-v0"``.
    arguments
        Arguments of its constructor, such as ``dt`` and ``timing`` in ms.
    time
        Steps per sequence of trials.
    solved
        Score that counts as solved.

    Raises
    ------
    NeurogymMissing
        If neurogym cannot be imported.
    TaskError
        If the environment cannot be made, or its spaces are not of vectors and actions.
    """

    def __init__(
        self,
        env: str,
        arguments: Mapping[str, Any] | None = None,
        time: int = 100,
        solved: float = 0.9,
    ) -> None:
        self.env, self.arguments = env, dict(arguments or {})
        self.time = time
        self.solved = solved
        made = self._made()
        size = getattr(made.action_space, "n", None)
        if len(made.observation_space.shape or ()) != 1:
            raise TaskError(f"{env}: observations are no vectors")
        if size is None and len(made.action_space.shape or ()) != 1:
            raise TaskError(f"{env}: actions are neither numbered nor vectors")
        self.inputs = made.observation_space.shape[0]
        self.discrete = size is not None
        self.outputs = int(size) if self.discrete else made.action_space.shape[0]
        self.names = _channel_names(made.observation_space)
        self.score_quantity = Quantity("action accuracy") if self.discrete else Quantity("R²")
        self.condition = Quantity("action", kind="categorical" if self.discrete else "linear")

    def _made(self) -> Any:
        with warnings.catch_warnings():
            # Gymnasium's about metadata that are of no use here.
            warnings.simplefilter("ignore")
            try:
                return _neurogym().make(self.env, **self.arguments).unwrapped
            except NeurogymMissing:
                raise
            except Exception as error:
                what = " ".join(str(error).split())
                raise TaskError(
                    f"{self.env}: cannot be made: {type(error).__name__}: {what}"
                ) from error

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw sequences of trials; the condition is the right action, or its first value.

        Raises
        ------
        TaskError
            If the environment defines no ground truth, or one that is no action.
        """
        # A new one each time: its past, such as blocks of trials, would outlast a seed.
        env = self._made()
        seed = int(rng.integers(SEEDS))
        env.seed(seed)
        env.reset(seed=seed)
        drawn = [self._sequence(env) for _ in range(n_trials)]
        inputs, truth = (np.stack(arrays) for arrays in zip(*drawn, strict=True))
        if self.discrete:
            truth = truth - getattr(env.action_space, "start", 0)
            if truth.min() < 0 or truth.max() >= self.outputs:
                raise TaskError(f"{self.env}: its ground truth is not among its actions")
            targets, condition = np.eye(self.outputs)[truth], truth
        else:
            targets, condition = truth, truth[..., 0]
        ones = np.ones(targets.shape, dtype=np.float32)
        return Trials(
            inputs.astype(np.float32),
            targets.astype(np.float32),
            ones,
            condition.astype(np.float64),
        )

    def _sequence(self, env: Any) -> tuple[np.ndarray, np.ndarray]:
        """Observations (time, input) and ground truth (time, ...) of trials in a row."""
        observations, truths, steps = [], [], 0
        while steps < self.time:
            env.new_trial()
            if not hasattr(env, "ob") or not hasattr(env, "gt") or not len(env.ob):
                raise TaskError(f"{self.env}: its trials have no observations with ground truth")
            observations.append(env.ob.copy())
            truths.append(env.gt.copy())
            steps += len(env.ob)
        return tuple(np.concatenate(a)[: self.time] for a in (observations, truths))

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Share of steps at which the largest output is the right action; else R².

        Steps at which the right action is the first one, fixation, are left
        out; NaN where no others are. Guessing among n actions scores 1/n; among
        those that are no fixation, 1/(n - 1).
        """
        if not self.discrete:
            return r_squared(outputs, trials)
        asked = trials.targets.argmax(axis=-1)
        counted = asked != 0
        if not counted.any():
            return float("nan")
        return float(np.mean((outputs.argmax(axis=-1) == asked)[counted]))

    @property
    def channels(self) -> tuple[str, ...]:
        """Names that the environment gives its observations, with a number where they are many."""
        return self.names

    def default_probes(self) -> Mapping[str, np.ndarray]:
        """``fixation`` alone where there is such an input, else zero."""
        if "fixation" not in self.names:
            return super().default_probes()
        return {"fixation": np.eye(self.inputs)[self.names.index("fixation")]}

    def longer(self, times: int) -> "Neurogym":
        """Sequences `times` as long."""
        task = copy(self)
        task.time = times * self.time
        return task


def version() -> str:
    """Version of neurogym."""
    return str(_neurogym().__version__)


def _neurogym() -> ModuleType:
    try:
        import neurogym
    except ImportError as error:
        raise NeurogymMissing(
            f"needs neurogym, which cannot be imported ({error}); install it with "
            "`pip install --no-deps -r requirements-neurogym.txt`"
        ) from error
    return neurogym


def _channel_names(space: Any) -> tuple[str, ...]:
    """Names by the space's mapping from a name to one place or several; ``input3`` where none is.

    Names that experiment files cannot tell apart are replaced as well.
    """
    names = [f"input{place + 1}" for place in range(space.shape[0])]
    given = getattr(space, "name", None)
    for name, where in (given if isinstance(given, Mapping) else {}).items():
        places = np.atleast_1d(np.asarray(where, dtype=int)).tolist()
        for number, place in enumerate(places):
            names[place] = f"{name}{number + 1}" if len(places) > 1 else str(name)
    if len(set(names)) < len(names):
        names = [f"input{place + 1}" for place in range(space.shape[0])]
    return tuple(names)
