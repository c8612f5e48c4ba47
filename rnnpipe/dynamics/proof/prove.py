"""The proof of all fixed points of a rate network of low rank, or of few units."""

from dataclasses import dataclass

import numpy as np
import torch

from rnnpipe.dynamics.proof.start import reduce
from rnnpipe.dynamics.proof.subdivide import subdivide
from rnnpipe.dynamics.rate_equation import RateEquation


@dataclass(frozen=True)
class Proof:
    """The fixed points of a network that are proved to exist, and whether they are all.

    Attributes
    ----------
    rank
        Number of variables of the reduced equation; 0 if nothing was tried.
    states
        (point, unit), one state near every fixed point proved, in the order of κ; apart from
        rounding it is the fixed point itself.
    undecided
        Share of the box of κ in which fixed points besides these may lie; 0: there are none,
        and these are all. NaN if nothing was tried.
    boxes
        Number of parts of the box that were tested.
    reason
        Why nothing was tried; else empty.
    """

    rank: int
    states: np.ndarray
    undecided: float
    boxes: int
    reason: str = ""

    @property
    def complete(self) -> bool:
        """Whether these are all fixed points."""
        return self.undecided == 0


def prove(rates: RateEquation | None, *, most_rank: int = 3, most_boxes: int = 100_000) -> Proof:
    """Find all fixed points of a rate network, with a proof that there are no others.

    The equation is reduced to as many variables κ as W has dimensions (`reduced.py`), a
    box that holds all roots is subdivided, and each part is shown to hold no root, or
    exactly one, by interval slopes and the Krawczyk test (`krawczyk.py`). All sums carry
    bounds of their rounding (`rounding.py`), so that what is said holds for the map whose
    weights and input are these numbers, without rounding. A double root, and whatever
    else ends undecided, is no part of the points and keeps them from being all.

    Parameters
    ----------
    rates
        The network at rest; None if it is no rate network.
    most_rank
        Highest numerical rank that is tried. A network of as few units always has it.
    most_boxes
        Most parts that are tested.

    Returns
    -------
    Proof
    """
    if rates is None:
        return _nothing(0, "it is no rate network")
    rates = rates.on_cpu()
    if most_rank == 0:
        return _nothing(rates.units, "no proof was asked for")
    with torch.no_grad():
        start = reduce(rates, most_rank)
        if isinstance(start, str):
            return _nothing(rates.units, start)
        found = subdivide(start.equation, start.low, start.high, most_boxes)
        middles = 0.5 * (found.low + found.high)
        states = rates.states(start.equation.currents(middles)).numpy()
    return Proof(
        rank=start.equation.rank,
        states=states[np.lexsort(middles.numpy().T[::-1])],
        undecided=found.share if len(found.undecided[0]) else 0.0,
        boxes=found.boxes,
    )


def _nothing(units: int, reason: str) -> Proof:
    return Proof(0, np.empty((0, units)), np.nan, 0, reason)
