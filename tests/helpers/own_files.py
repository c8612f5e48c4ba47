"""Files that a user brings: recorded trials, a task class and a cell class."""

from pathlib import Path

import numpy as np

DELAY = '''\
import numpy as np

from rnnpipe.tasks import Quantity, Task, Trials


class Delay(Task):
    """Hold the sign of a first pulse; what comes before the delay does not count."""

    score_quantity = Quantity("sign accuracy")
    condition = Quantity("sign", kind="categorical")

    def __init__(self, delay, time=12, solved=0.9):
        self.inputs = self.outputs = 1
        self.delay, self.time, self.solved = delay, time, solved

    def sample(self, n_trials, rng):
        sign = rng.choice([-1.0, 1.0], (n_trials, 1, 1))
        inputs = np.zeros((n_trials, self.time, 1))
        inputs[:, :1] = sign
        targets = np.broadcast_to(sign, inputs.shape)
        mask = np.ones_like(inputs)
        mask[:, : self.delay] = 0
        return Trials(*(a.astype(np.float32) for a in (inputs, targets, mask)), targets[..., 0])

    def score(self, outputs, trials):
        return float((np.sign(outputs) == trials.targets)[trials.mask > 0].mean())
'''

ADAPTING = '''\
import torch

from rnnpipe.networks.cells import StepCell


class Adapting(StepCell):
    """Rates r that a slow variable a wears out."""

    state_blocks = 2

    def __init__(self, activation, alpha=1.0, noise=0.0, strength=0.5, rate=0.1):
        super().__init__(activation, alpha, noise)
        self.strength, self.rate = strength, rate

    def step(self, h, u, weights):
        r, a = h.chunk(2, dim=-1)
        current = torch.baddbmm(u, r, weights.recurrent.mT) - self.strength * a
        after = torch.lerp(r, self.activation.function(current), self.alpha)
        return torch.cat([after, torch.lerp(a, r, self.rate)], dim=-1)

    def box(self, u, weights):
        if not self.activation.bounded:
            return None
        edge = torch.ones_like(u).repeat(1, 2)
        return edge * self.activation.lower, edge * self.activation.upper
'''


def trial_arrays(
    trials: int = 20, time: int = 12, inputs: int = 2, outputs: int = 1
) -> dict[str, np.ndarray]:
    """Noise, and its running sum over time as the target."""
    x = np.random.default_rng(0).standard_normal((trials, time, inputs))
    return {"inputs": x, "targets": 0.1 * x[..., :outputs].cumsum(axis=1)}


def write_trials(path: str | Path = "trials.npz", **changes: np.ndarray | None) -> None:
    arrays = {**trial_arrays(), **changes}
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


def write_class(text: str = DELAY, path: str | Path = "mytasks.py") -> None:
    Path(path).write_text(text)


def write_cell(text: str = ADAPTING, path: str | Path = "mycells.py") -> None:
    Path(path).write_text(text)
