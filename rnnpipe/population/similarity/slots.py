"""Slots: fixed points of different networks matched by probe and readout."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnpipe.population.similarity.skeleton import Skeleton


@dataclass(frozen=True)
class Slots:
    """The slots of a population: pairs of a probe and a rounded readout that occur in it.

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
    """Match the points of all networks by what the networks say there.

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
        raise ValueError("networks differ in their number of outputs; they share no slots")
    keys = [
        np.column_stack([skeleton.probe, np.rint(skeleton.readouts / width)]).astype(np.int64)
        for skeleton in skeletons
    ]
    if not keys:
        return Slots(np.zeros(0, int), np.zeros((0, 0), int), [])
    unique, slots = np.unique(np.concatenate(keys), axis=0, return_inverse=True)
    ends = np.cumsum([len(key) for key in keys])
    return Slots(unique[:, 0], unique[:, 1:], np.split(slots.ravel(), ends[:-1]))
