"""The fixed points of one network as arrays: what comparisons of dynamics need of them."""

from dataclasses import dataclass

import numpy as np

# Rows of probabilities come from counts, and from tables that may hold float32.
ROUNDING = 1e-5


@dataclass(frozen=True)
class Skeleton:
    """Fixed points of one network under all probes, and where noise sends them.

    Attributes
    ----------
    readouts
        (point, output), the network's output at each point.
    probe
        (point,) int, the number of the probe input; the same number for the same probe
        in every network.
    unstable
        (point,) int, modes with |λ| > 1.
    transitions
        (point, point + 1), probability of ending at each point after a perturbation;
        the last column is what reaches no attractor.

    Raises
    ------
    ValueError
        If shapes disagree, a readout is not finite, or a row is no distribution.
    """

    readouts: np.ndarray
    probe: np.ndarray
    unstable: np.ndarray
    transitions: np.ndarray

    def __post_init__(self) -> None:
        points = len(self.readouts)
        shapes = (self.readouts.ndim, *self.probe.shape, *self.unstable.shape)
        if shapes != (2, points, points) or self.transitions.shape != (points, points + 1):
            raise ValueError(
                f"a skeleton of {points} points has readouts (point, output), probe and "
                "unstable (point,), transitions (point, point + 1), not "
                f"{self.readouts.shape}, {self.probe.shape}, {self.unstable.shape}, "
                f"{self.transitions.shape}"
            )
        if not np.isfinite(self.readouts).all():
            raise ValueError("a readout is NaN or infinite; leave the point out")
        off = np.abs(self.transitions.sum(1) - 1) > ROUNDING
        if off.any() or (self.transitions < 0).any():
            worst = int(off.argmax()) if off.any() else int((self.transitions < 0).any(1).argmax())
            raise ValueError(
                f"transitions from point {worst} are no distribution: they sum to "
                f"{self.transitions[worst].sum():g}, the least is {self.transitions[worst].min():g}"
            )

    @property
    def points(self) -> int:
        """Number of fixed points."""
        return len(self.readouts)
