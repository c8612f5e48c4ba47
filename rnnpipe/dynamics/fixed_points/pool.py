"""What a search has found so far, and whether that may be complete."""

from collections.abc import Iterator

import numpy as np

from rnnpipe.dynamics.fixed_points.batch import at_once
from rnnpipe.dynamics.fixed_points.certificate import Certificate, certify, indices
from rnnpipe.dynamics.fixed_points.merge import Merged, merge, nearest
from rnnpipe.dynamics.fixed_points.merge import spread as spread_of
from rnnpipe.dynamics.fixed_points.solver import Status, solve
from rnnpipe.dynamics.maps import Dynamics

# More points than this, half of them with an eigenvalue within 1e-3 of 1,
# sample a continuum: looking for further ones would never end.
CONTINUUM = 128
MARGINAL = 1e-3
# Further than this from the visited states' mean, relative to the furthest of
# them, gates saturate and rounding alone makes a state rest.
FAR = 10.0
# Slow points are minima of speed, located far less exactly than roots.
SLOW_DISTANCE = 1e-2


class Pool:
    """Distinct fixed points, in the order in which they were found, and slow states.

    What is costly for large networks, the index and the eigenvalues of a
    point, is computed once, when it is asked for.

    Attributes
    ----------
    spread, mean, reach
        Of the visited states: root mean square distance from their mean, the
        mean, and the largest distance from it.
    points
        (point, unit).
    q, hits
        (point,).
    starts, converged
        Number of starts so far, and of those that ended at a fixed point.
    """

    def __init__(
        self, dynamics: Dynamics, visited: np.ndarray, tolerance: float, distance: float
    ) -> None:
        self.dynamics = dynamics
        self.spread = spread = spread_of(visited)
        self.mean = visited.mean(0)
        self.reach = float(np.linalg.norm(visited - self.mean, axis=1).max())
        self.tolerance = tolerance
        self.distance = distance * spread
        self.starts = self.converged = 0
        self.points = np.empty((0, dynamics.units))
        self.q = np.empty(0)
        self.hits = np.empty(0, dtype=np.int64)
        self._index = np.empty(0, dtype=np.int64)
        self._eigenvalues = np.empty((0, dynamics.units), dtype=np.complex128)
        self._slow = np.empty((0, dynamics.units))
        self._slow_q = np.empty(0)

    def add(self, starts: np.ndarray) -> bool:
        """Solve from these starts; return whether a new fixed point was found."""
        solution = solve(self.dynamics, self.dynamics.placed(starts), tolerance=self.tolerance)
        near = np.linalg.norm(solution.states - self.mean, axis=1) <= FAR * max(
            self.reach, self.spread
        )
        fixed = near & (solution.status == Status.FIXED)
        slow = near & (solution.status == Status.SLOW)
        before = len(self.points)
        merged = merge(
            np.concatenate([self.points, solution.states[fixed]]),
            np.concatenate([self.q, solution.q[fixed]]),
            self.distance,
            np.concatenate([self.hits, np.ones(fixed.sum(), dtype=np.int64)]),
        )
        self.points, self.q, self.hits = merged.states, merged.q, merged.hits
        if not np.array_equal(merged.labels[:before], np.arange(before)):
            # On a continuum a better copy between two points makes them one.
            self._index, self._eigenvalues = self._index[:0], self._eigenvalues[:0]
        self._slow = np.concatenate([self._slow, solution.states[slow]])
        self._slow_q = np.concatenate([self._slow_q, solution.q[slow]])
        self.starts += len(starts)
        self.converged += int(fixed.sum())
        return len(self.points) > before

    def jacobians(self, points: np.ndarray) -> Iterator[np.ndarray]:
        """Jacobians (point, unit, unit), chunk by chunk."""
        for chunk in self.dynamics.placed(points).split(at_once(self.dynamics.units)):
            yield self.dynamics.jacobian(chunk).cpu().numpy()

    def index(self) -> np.ndarray:
        """Index of each point, sign det(I - J); (point,)."""
        fresh = [indices(j) for j in self.jacobians(self.points[len(self._index) :])]
        self._index = np.concatenate([self._index, *fresh])
        return self._index

    def eigenvalues(self) -> np.ndarray:
        """Eigenvalues of the Jacobian at each point, (point, mode)."""
        fresh = self.points[len(self._eigenvalues) :]
        parts = [np.linalg.eigvals(jacobians) for jacobians in self.jacobians(fresh)]
        self._eigenvalues = np.concatenate([self._eigenvalues, *parts])
        return self._eigenvalues

    def slow(self) -> Merged:
        """Distinct slow states, apart from the fixed points."""
        distance = SLOW_DISTANCE * self.spread
        found = merge(self._slow, self._slow_q, distance)
        apart = nearest(found.states, self.points) > distance
        return Merged(found.states[apart], found.q[apart], found.hits[apart], found.labels)

    def beyond_visited(self, points: np.ndarray) -> np.ndarray:
        """Whether each point lies further from the mean than any visited state, (point,)."""
        return np.linalg.norm(points - self.mean, axis=1) > self.reach

    def inside(self, points: np.ndarray) -> np.ndarray:
        """Whether each point lies in the invariant box; true if there is none; (point,)."""
        if self.dynamics.box is None:
            return np.ones(len(points), dtype=bool)
        low, high = (corner.cpu().numpy() for corner in self.dynamics.box)
        return ((points >= low - 1e-9) & (points <= high + 1e-9)).all(1)

    def is_continuum(self) -> bool:
        """Whether the points seem to sample a curve of fixed points."""
        if len(self.points) <= CONTINUUM:
            return False
        sample = self.points[:: len(self.points) // 32]
        eigenvalues = np.concatenate([np.linalg.eigvals(j) for j in self.jacobians(sample)])
        return bool(((np.abs(eigenvalues - 1) < MARGINAL).any(1)).mean() > 0.5)

    def certificate(self, final: bool = False) -> Certificate:
        """Certify the points; before the end, eigenvalues are only computed if the sum is not 1."""
        inside, index = self.inside(self.points), self.index()
        settled = index[inside].sum() == 1 or self.dynamics.unbounded
        eigenvalues = (
            np.empty((int(inside.sum()), 0))
            if settled and not final
            else self.eigenvalues()[inside]
        )
        return certify(index[inside], eigenvalues, self.dynamics.unbounded)
