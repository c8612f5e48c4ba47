"""Ring integrator: sum angular velocity into a heading.

The head-direction task of the ring-attractor literature, the second task of
`pyrnn`, out of which this project grew. A speed is held for a random time.
"""

from collections.abc import Mapping, Sequence
from copy import copy

import numpy as np

from rnnpipe.tasks.base import Quantity, Task, Trials, held
from rnnpipe.tasks.channels import heading_channels

SPEEDS = (-0.3, -0.2, -0.1, 0.1, 0.2, 0.3)


class Integrator(Task):
    """Inputs are angular velocities; outputs report the summed headings.

    Where all trials start from heading 0, a network can pass for solved with a
    line of states that is long enough, torn open opposite of the start. Where
    they start all round, it has to close the ring.

    Parameters
    ----------
    encoding
        ``"angle"``: heading wrapped to (-π, π) over π, one output an angle.
        ``"vector"``: cosine and sine, two outputs an angle, in this order.
    angles
        Number K of independent headings.
    speeds
        Angular velocities to draw from, radians per step.
    redraw
        Chance per step that a new velocity is drawn; 1 redraws at every step.
    noise
        Standard deviation of the noise on the inputs, radians per step.
    start
        ``"zero"``: trials start from heading 0. ``"cued"``: from a random one, whose
        cosine and sine are shown at the first step on two more inputs an angle, which
        come after the velocities.
    time
        Steps per trial.
    solved
        Mean circular error that counts as solved, degrees.
    """

    score_quantity = Quantity("circular error", unit="degrees")
    condition = Quantity("heading", unit="rad", kind="circular")
    higher_is_better = False

    def __init__(
        self,
        encoding: str = "vector",
        angles: int = 1,
        speeds: Sequence[float] = SPEEDS,
        redraw: float = 0.05,
        noise: float = 0.0,
        start: str = "zero",
        time: int = 50,
        solved: float = 10.0,
    ) -> None:
        self.angles = angles
        self.start = start
        self.inputs = 3 * angles if start == "cued" else angles
        self.outputs = angles if encoding == "angle" else 2 * angles
        self.encoding = encoding
        self.speeds = np.asarray(speeds, dtype=np.float32)
        self.redraw = redraw
        self.noise = noise
        self.time = time
        self.solved = solved

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; the condition is the first heading in (-π, π]."""
        shape = (self.time, n_trials, self.angles)
        renewed = rng.random(shape, dtype=np.float32) < self.redraw
        renewed[0] = True
        velocity = held(self.speeds[rng.integers(len(self.speeds), size=shape)], renewed)
        heading = np.cumsum(velocity, axis=0, dtype=np.float64)
        cue = np.zeros((self.time, n_trials, self.inputs - self.angles), dtype=np.float32)
        if self.start == "cued":
            first = rng.uniform(-np.pi, np.pi, shape[1:])
            heading += first
            cue[0] = np.stack([np.cos(first), np.sin(first)], axis=-1).reshape(n_trials, -1)
        targets = self.encode(heading).astype(np.float32)
        inputs = velocity
        if self.noise > 0:
            inputs = velocity + self.noise * rng.standard_normal(shape, dtype=np.float32)
        inputs = np.concatenate([inputs, cue], axis=-1)
        by_time = (inputs, targets, np.ones_like(targets), wrapped(heading[..., 0]))
        return Trials(*(values.swapaxes(0, 1) for values in by_time))

    def encode(self, heading: np.ndarray) -> np.ndarray:
        """Targets (..., output) of headings (..., angle) in radians."""
        if self.encoding == "angle":
            return wrapped(heading) / np.pi
        pairs = np.stack([np.cos(heading), np.sin(heading)], axis=-1)
        return pairs.reshape(*heading.shape[:-1], -1)

    def decode(self, outputs: np.ndarray) -> np.ndarray:
        """Headings (..., angle) in radians of outputs (..., output)."""
        if self.encoding == "angle":
            return np.asarray(outputs, dtype=np.float64) * np.pi
        pairs = np.asarray(outputs, dtype=np.float64).reshape(*outputs.shape[:-1], -1, 2)
        return np.arctan2(pairs[..., 1], pairs[..., 0])

    def report(self, outputs: np.ndarray) -> np.ndarray:
        """The first heading, radians."""
        return self.decode(outputs)[..., 0]

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Mean absolute circular error in degrees; a chance of 90 for uniform headings."""
        difference = self.decode(outputs) - self.decode(trials.targets)
        return float(np.degrees(np.abs(wrapped(difference)).mean()))

    def longer(self, times: int) -> "Integrator":
        """Turns for `times` as long."""
        task = copy(self)
        task.time = times * self.time
        return task

    def unseen(self) -> "Integrator | None":
        """Speeds half-way between those trained; ``None`` where only one is."""
        speeds = np.unique(self.speeds)
        if len(speeds) < 2:
            return None
        task = copy(self)
        task.speeds = (speeds[:-1] + speeds[1:]) / 2
        return task

    @property
    def channels(self) -> tuple[str, ...]:
        """Speeds, then cues."""
        return heading_channels(self.angles, self.start == "cued")

    def channel_unit(self, channel: str) -> str:
        """Speeds are in radians per step."""
        return "rad per step" if channel.startswith("speed") else ""

    def pulses(self) -> Mapping[str, np.ndarray]:
        """The fastest turn either way on each angle, for one step."""
        fastest = float(np.abs(self.speeds).max())
        return {
            f"angle {angle + 1} {name}": sign * fastest * np.eye(self.inputs)[angle]
            for angle in range(self.angles)
            for name, sign in (("+", 1.0), ("-", -1.0))
        }


def wrapped(angle: np.ndarray) -> np.ndarray:
    """The same angle in (-π, π]."""
    return np.pi - (np.pi - angle) % (2 * np.pi)
