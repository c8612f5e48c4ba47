"""Branches against proofs: at which values of a sweep all points are proved to lie on them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.branches.branches import SAME, Branches
from rnnpipe.dynamics.branches.curve import Curve
from rnnpipe.dynamics.distances import distances_between
from rnnpipe.dynamics.fixed_points.checked import polished
from rnnpipe.dynamics.proof import Proof, prove

# Values of a sweep nearer to each other than this, in parts of its range, are one.
ONE_VALUE = 1e-9


@dataclass(frozen=True)
class Proofs:
    """The proofs at the values of a sweep.

    Attributes
    ----------
    curve
        What is followed.
    values
        (value,), those at which a proof was tried.
    proofs
        One each.
    """

    curve: Curve
    values: np.ndarray
    proofs: list[Proof]

    def missed(self, found: Branches) -> Tensor:
        """All proved points, as places, at the values where branches lack any of them."""
        empty = torch.empty((0, self.curve.driven.units + 1), dtype=torch.float64)
        lacking = [
            self._places(value, proof)
            for value, proof, rows in self._rows(found)
            if not self._covers(found.states[rows], proof.states)
        ]
        return torch.cat([empty, *lacking])

    def marked(self, found: Branches) -> Branches:
        """The branches, with the rows marked at whose value all points are proved."""
        proved = np.zeros(len(found.value), dtype=bool)
        for _, proof, rows in self._rows(found):
            on = found.states[rows]
            known = self._covers(on, proof.states) and self._covers(proof.states, on)
            proved[rows] = proof.complete and known
        return replace(found, proved=proved)

    def without(self, known: Tensor, added: Tensor) -> Tensor:
        """Known places and those added, of which there are no others at their values."""
        at = torch.isin(known[:, -1], added[:, -1].unique())
        return torch.cat([known[~at], added])

    def _rows(self, found: Branches) -> Iterator[tuple[float, Proof, np.ndarray]]:
        """Every value with its proof and the rows of the branches there."""
        near = ONE_VALUE * self.curve.range
        for value, proof in zip(self.values, self.proofs, strict=True):
            yield value, proof, found.sampled & (np.abs(found.value - value) < near)

    def _covers(self, states: np.ndarray, points: np.ndarray) -> bool:
        """Whether there is a state near every point."""
        if not len(points) or not len(states):
            return not len(points)
        return bool((distances_between(points, states).min(1) <= SAME * self.curve.scale).all())

    def _places(self, value: float, proof: Proof) -> Tensor:
        at = torch.full((len(proof.states),), value, dtype=torch.float64)
        dynamics = self.curve.driven.held(self.curve.inputs(at[:1])[0])
        states = polished(dynamics, proof.states, self.curve.tolerance, SAME * self.curve.scale)
        return self.curve.places(torch.from_numpy(states), at)


def prove_along(curve: Curve, values: np.ndarray, most_rank: int, most_boxes: int) -> Proofs:
    """Prove the points at every value of a sweep, where the network allows it.

    Parameters
    ----------
    curve
        The points over the sweep.
    values
        (value,), of the sweep.
    most_rank, most_boxes
        Of each proof, as in `prove`.
    """
    proofs: list[Proof] = []
    for value in values:
        held = curve.driven.rates(curve.inputs(torch.tensor([value], dtype=torch.float64))[0])
        proofs.append(prove(held, most_rank=most_rank, most_boxes=most_boxes))
        if proofs[-1].rank == 0:
            # Weights decide whether a proof is tried, and they are the same at all values.
            return Proofs(curve, values[:0], [])
    return Proofs(curve, values, proofs)
