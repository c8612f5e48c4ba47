"""The points of a search against those that are proved: what was missed, what is no point."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.dynamics.distances import distances_between
from rnnpipe.dynamics.fixed_points.certificate import Certificate
from rnnpipe.dynamics.fixed_points.pool import Pool
from rnnpipe.dynamics.fixed_points.solver import half_squared_speed, solve
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.proof import Proof

# Points found lie this near to the proved ones, relative to the spread of the states.
LOCATED = 1e-9


@dataclass(frozen=True)
class Check:
    """A proof, and what the search made of the same network.

    Attributes
    ----------
    proof
        The proof.
    missed
        Number of proved points that the search had not found.
    refuted
        Number of points found that are proved to be none.
    """

    proof: Proof
    missed: int
    refuted: int

    @property
    def differences(self) -> str:
        """How the search differs from the proof, as a phrase; empty if it does not."""
        parts = []
        if self.missed:
            parts.append(f"the search missed {self.missed} of {len(self.proof.states)} points")
        if self.refuted:
            parts.append(f"{self.refuted} that it had found are proved to be none")
        return ", ".join(parts)

    def certified(self, certificate: Certificate) -> Certificate:
        """The certificate of the indices, with what the proof adds to it."""
        proof, verdict, reason = self.proof, certificate.verdict, certificate.reason
        if proof.rank == 0:
            return certificate
        tried = f"{proof.boxes} parts of a box in {proof.rank} dimension{'s'[: proof.rank - 1]}"
        if proof.complete:
            verdict = "proved"
            reason = f"there is no other point: {tried} leave none undecided"
        else:
            left = f"{proof.undecided:.2g} of it undecided"
            reason = f"{reason}; no proof: {tried} leave {left}"
        return Certificate(
            certificate.index_sum, verdict, "; ".join(filter(None, [reason, self.differences]))
        )


def check(pool: Pool, proof: Proof) -> Check:
    """Compare the points of a pool with those of a proof, and mend the pool.

    A proved point and a point found are one if either is the nearest to the other,
    within the distance at which points are one. Proved points that
    the search missed are added, however near to others; where the proof is complete, points
    that it does not know are taken out. Next to a fold, where the map all but rests, a point
    found moves to the proved one.
    """
    if proof.rank == 0:
        return Check(proof, 0, 0)
    states = polished(pool.dynamics, proof.states, pool.tolerance, pool.distance)
    apart = distances_between(states, pool.points)
    near = apart <= pool.distance
    if apart.size:
        near &= (apart == apart.min(0)) & (apart == apart.min(1, keepdims=True))
    root, point = np.nonzero(near & (apart > LOCATED * pool.spread))
    pool.move(point, states[root])
    missed, unknown = ~near.any(1), ~near.any(0)
    if proof.complete and unknown.any():
        pool.found = pool.found.take(~unknown)
    if missed.any():
        pool.adopt(states[missed])
    return Check(proof, int(missed.sum()), int(unknown.sum()) if proof.complete else 0)


def polished(
    dynamics: Dynamics, states: np.ndarray, tolerance: float, distance: float
) -> np.ndarray:
    """Fixed points (point, unit) from states near them, by Newton's steps, no farther than so.

    A state stays as it is where the steps lead farther, or end no nearer to rest.
    """
    if not len(states):
        return states
    starts = dynamics.placed(states)
    solved = solve(dynamics, starts, tolerance=tolerance, levenberg_iterations=0)
    stays = np.linalg.norm(solved.states - states, axis=1) <= distance
    better = solved.q < half_squared_speed(dynamics, states)
    return np.where((stays & better)[:, None], solved.states, states)
