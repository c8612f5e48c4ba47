"""The fixed points of networks as arrays, and how points of different networks are matched."""

from collections.abc import Sequence
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
            raise ValueError("a readout is NaN or infinite; leave its point out")
        off = np.abs(self.transitions.sum(1) - 1) > ROUNDING
        if off.any() or (self.transitions < 0).any():
            worst = int(off.argmax()) if off.any() else int((self.transitions < 0).any(1).argmax())
            raise ValueError(
                f"transitions from point {worst} are not a distribution: they sum to "
                f"{self.transitions[worst].sum():g}, the least is {self.transitions[worst].min():g}"
            )

    @property
    def points(self) -> int:
        """Number of fixed points."""
        return len(self.readouts)


@dataclass(frozen=True)
class Slots:
    """The slots of a population: all pairs of a probe and a rounded readout that occur in it.

    Attributes
    ----------
    probe
        (slot,), the probe's number.
    level
        (slot, output) int, the readout in units of the level width.
    of_point
        For each network (point,), the slot of each of its points.
    """

    probe: np.ndarray
    level: np.ndarray
    of_point: list[np.ndarray]

    @property
    def present(self) -> np.ndarray:
        """(network, slot) bool, whether the network has a point in the slot."""
        present = np.zeros((len(self.of_point), len(self.probe)), dtype=bool)
        for row, slots in zip(present, self.of_point, strict=True):
            row[slots] = True
        return present


def match(skeletons: Sequence[Skeleton], width: np.ndarray | float) -> Slots:
    """Match the points of all networks by their probe and rounded readout.

    Parameters
    ----------
    skeletons
        One per network, of the same task.
    width
        (output,) or one number: readouts within half of it of a multiple of it are one
        level. Half of the target's amplitude tells a flip-flop's saddles, which read
        0, from its memories, which read ±1.

    Raises
    ------
    ValueError
        If a width is not positive, or networks differ in their outputs.
    """
    width = np.asarray(width, dtype=np.float64)
    if not (width > 0).all():
        raise ValueError(f"level width is {width}; it must be positive")
    if len({skeleton.readouts.shape[1] for skeleton in skeletons}) > 1:
        raise ValueError(
            "networks differ in their number of outputs; their points cannot be matched"
        )
    keys = [
        np.column_stack([skeleton.probe, np.rint(skeleton.readouts / width)]).astype(np.int64)
        for skeleton in skeletons
    ]
    if not keys:
        return Slots(np.zeros(0, int), np.zeros((0, 0), int), [])
    unique, slots = np.unique(np.concatenate(keys), axis=0, return_inverse=True)
    ends = np.cumsum([len(key) for key in keys])
    return Slots(unique[:, 0], unique[:, 1:], np.split(slots.ravel(), ends[:-1]))
