"""The search for all fixed points of a network: where to look, when to stop, what was missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from rnnpipe.dynamics import Dynamics
from rnnpipe.fixed_points.certificate import Certificate, certify, estimated_missing, indices
from rnnpipe.fixed_points.cycles import Cycles, find_cycles
from rnnpipe.fixed_points.merge import merge as merge_copies
from rnnpipe.fixed_points.merge import nearest, spread
from rnnpipe.fixed_points.slow import slow_states
from rnnpipe.fixed_points.solver import Status, solve
from rnnpipe.fixed_points.starts import mixtures, noisy_mixtures

SNAPSHOT_STARTS = 256
# Slow points are minima of speed, located far less exactly than roots.
SLOW_DISTANCE = 1e-2
# More points than this, half of them with an eigenvalue within 1e-3 of 1,
# sample a continuum: looking for further ones would never end.
CONTINUUM = 128
MARGINAL = 1e-3


@dataclass(frozen=True)
class Search:
    """Fixed points, attracting cycles and slow points of one network under one input.

    Attributes
    ----------
    points
        (point, unit): fixed points by number of unstable modes, then in order
        of discovery; after them the first states of cycles, and slow points
        in order of discovery.
    q
        (point,), 1/2 |F^period(h) - h|^2.
    kind
        (point,), ``fixed``, ``cycle`` or ``slow``.
    period
        (point,), updates after which the state is back; 1 for slow points too.
    hits
        (point,), starts that ended there.
    inside
        (point,), whether the point lies in the invariant box; true where there is none.
    starts, converged
        Number of starts, and of those that ended at a fixed point.
    rounds
        Number of rounds of starts.
    found
        Number of fixed points.
    index_sum, verdict, reason
        The certificate, over the fixed points inside the box.
    missing
        Chao's estimate of fixed points not seen.
    cycles
        The cycles, all of their states.
    snapshots
        Level of q to (state, unit), slow states that a local descent passed.
    """

    points: np.ndarray
    q: np.ndarray
    kind: np.ndarray
    period: np.ndarray
    hits: np.ndarray
    inside: np.ndarray
    starts: int
    converged: int
    rounds: int
    found: int
    index_sum: int
    verdict: str
    reason: str
    missing: float
    cycles: Cycles
    snapshots: Mapping[float, np.ndarray]


def find_fixed_points(
    dynamics: Dynamics,
    states: np.ndarray,
    *,
    rng: np.random.Generator,
    starts: int = 512,
    rounds: int = 12,
    quiet_rounds: int = 2,
    noise: float = 0.05,
    tolerance: float = 1e-20,
    merge: float = 1e-4,
    longest_period: int = 8,
    snapshots: Sequence[float] = (1e-4, 1e-6, 1e-8, 1e-10),
) -> Search:
    """Find the fixed points and attracting cycles of a network from states that it visits.

    The first round starts from mixtures of the visited states. Every later
    one has half as many starts: mixtures of the points found, and fresh
    mixtures of visited states; the second round adds the slow states met on
    the way to the snapshots. It ends when ``quiet_rounds`` rounds bring
    nothing new and the certificate does not object, when the points sample a
    continuum, or after ``rounds``.

    Parameters
    ----------
    dynamics
        The map, its Jacobian and its invariant box.
    states
        (state, unit), visited by the network.
    rng
        Source of all starts.
    starts
        Starts of the first round.
    rounds
        Most rounds.
    quiet_rounds
        Rounds without a new point before the search may end.
    noise
        Length of the displacements of mixtures of points, relative to the
        spread of the states; it grows with every quiet round.
    tolerance
        q = 1/2 |F(h) - h|^2 of a fixed point is below this.
    merge
        Points closer than this, relative to the spread, are one.
    longest_period
        Longest period of a cycle; with 1, none is sought.
    snapshots
        Levels of q at which slow states are kept.

    Returns
    -------
    Search

    Raises
    ------
    ValueError
        If ``states`` is empty, has another number of units or is not finite.
    """
    _check(states, dynamics.units)
    states = np.ascontiguousarray(states, dtype=np.float64)
    scale = spread(states)
    chosen = states[rng.permutation(len(states))[:SNAPSHOT_STARTS]]
    slow = slow_states(dynamics, chosen, scale, snapshots) if snapshots else {}
    pool = _Pool(dynamics, tolerance, merge * scale, SLOW_DISTANCE * scale)
    pool.add(mixtures(states, starts, rng))
    done, quiet, continuum = 1, 0, pool.is_continuum()
    while done < rounds and not continuum:
        if quiet >= quiet_rounds and pool.certificate().verdict != "incomplete":
            break
        batch = [mixtures(states, starts // 4, rng)]
        if len(pool.points):
            distance = noise * scale * (1 + quiet)
            batch.append(noisy_mixtures(pool.points, starts // 4, distance, rng))
        if done == 1 and slow:
            batch.append(slow[max(slow)])
        quiet = 0 if pool.add(np.concatenate(batch)) else quiet + 1
        continuum = pool.is_continuum()
        done += 1
    cycles = find_cycles(
        dynamics,
        states,
        scale,
        rng=rng,
        longest=longest_period,
        distance=merge,
        tolerance=tolerance,
    )
    return pool.result(done, continuum, cycles, slow)


def _check(states: np.ndarray, units: int) -> None:
    if states.ndim != 2 or states.shape[1] != units or len(states) == 0:
        raise ValueError(
            f"states must have shape (state, {units}) with at least one state, not {states.shape}"
        )
    bad = np.flatnonzero(~np.isfinite(states).all(1))
    if len(bad):
        raise ValueError(
            f"states must be finite; {len(bad)} of {len(states)} hold NaN or infinity, "
            f"the first is state {bad[0]}"
        )


class _Pool:
    """What a search has found so far."""

    def __init__(
        self, dynamics: Dynamics, tolerance: float, distance: float, slow_distance: float
    ) -> None:
        self.dynamics = dynamics
        self.tolerance = tolerance
        self.distance = distance
        self.slow_distance = slow_distance
        self.starts = self.converged = 0
        self.points = np.empty((0, dynamics.units))
        self.q = np.empty(0)
        self.hits = np.empty(0, dtype=np.int64)
        self.slow = np.empty((0, dynamics.units))
        self.slow_q = np.empty(0)

    def add(self, starts: np.ndarray) -> bool:
        """Solve from these starts; return whether a new fixed point came of them."""
        solution = solve(self.dynamics, torch.from_numpy(starts), tolerance=self.tolerance)
        fixed, slow = solution.status == Status.FIXED, solution.status == Status.SLOW
        before = len(self.points)
        merged = merge_copies(
            np.concatenate([self.points, solution.states[fixed]]),
            np.concatenate([self.q, solution.q[fixed]]),
            self.distance,
            np.concatenate([self.hits, np.ones(fixed.sum(), dtype=np.int64)]),
        )
        self.points, self.q, self.hits = merged.states, merged.q, merged.hits
        self.slow = np.concatenate([self.slow, solution.states[slow]])
        self.slow_q = np.concatenate([self.slow_q, solution.q[slow]])
        self.starts += len(starts)
        self.converged += int(fixed.sum())
        return len(self.points) > before

    def jacobians(self, points: np.ndarray) -> np.ndarray:
        return self.dynamics.jacobian(torch.from_numpy(points)).numpy()

    def inside(self, points: np.ndarray) -> np.ndarray:
        if self.dynamics.box is None:
            return np.ones(len(points), dtype=bool)
        low, high = (corner.numpy() for corner in self.dynamics.box)
        return ((points >= low - 1e-9) & (points <= high + 1e-9)).all(1)

    def is_continuum(self) -> bool:
        if len(self.points) <= CONTINUUM:
            return False
        sample = self.points[:: len(self.points) // 32]
        eigenvalues = np.linalg.eigvals(self.jacobians(sample))
        return bool(((np.abs(eigenvalues - 1) < MARGINAL).any(1)).mean() > 0.5)

    def certificate(self, eigenvalues: np.ndarray | None = None) -> Certificate:
        """The certificate; eigenvalues are worth their cost only where the sum is not 1."""
        inside = self.inside(self.points)
        jacobians = self.jacobians(self.points[inside])
        index = indices(jacobians)
        if eigenvalues is not None:
            eigenvalues = eigenvalues[inside]
        elif index.sum() == 1 or self.dynamics.unbounded:
            eigenvalues = np.empty((len(index), 0))
        else:
            eigenvalues = np.linalg.eigvals(jacobians)
        return certify(index, eigenvalues, self.dynamics.unbounded)

    def result(
        self, rounds: int, continuum: bool, cycles: Cycles, snapshots: Mapping[float, np.ndarray]
    ) -> Search:
        eigenvalues = np.linalg.eigvals(self.jacobians(self.points))
        certificate = self.certificate(eigenvalues)
        order = np.argsort((np.abs(eigenvalues) > 1).sum(1), kind="stable")
        slow = merge_copies(self.slow, self.slow_q, self.slow_distance)
        apart = nearest(slow.states, self.points) > self.slow_distance
        first = [orbit[:1] for orbit in cycles.orbits]
        points = np.concatenate([self.points[order], *first, slow.states[apart]])
        counts = {"fixed": len(order), "cycle": len(first), "slow": int(apart.sum())}
        kind = np.repeat(np.array(list(counts), dtype=object), list(counts.values()))
        period = np.ones(len(points), dtype=np.int64)
        period[kind == "cycle"] = cycles.periods
        stopped = f"; stopped at {len(self.points)} points, most of them marginal"
        return Search(
            points=points,
            q=np.concatenate([self.q[order], cycles.q, slow.q[apart]]),
            kind=kind,
            period=period,
            hits=np.concatenate([self.hits[order], cycles.hits, slow.hits[apart]]),
            inside=self.inside(points),
            starts=self.starts,
            converged=self.converged,
            rounds=rounds,
            found=len(self.points),
            index_sum=certificate.index_sum,
            verdict=certificate.verdict,
            reason=certificate.reason + (stopped if continuum else ""),
            missing=estimated_missing(self.hits),
            cycles=cycles,
            snapshots=snapshots,
        )
