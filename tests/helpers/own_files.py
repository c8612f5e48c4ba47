"""Files that a user brings: recorded trials and a task class."""

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
