"""What a search has found so far, and whether that may be complete."""

from dataclasses import dataclass, fields

import numpy as np

from rnnpipe.dynamics.fixed_points.certificate import Certificate, certify
from rnnpipe.dynamics.fixed_points.factors import examine
from rnnpipe.dynamics.fixed_points.merge import Merged, merge, nearest
from rnnpipe.dynamics.fixed_points.solver import (
    Solution,
    Status,
    half_squared_speed,
    solve,
)
from rnnpipe.dynamics.fixed_points.starts import whole_range
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.spread import spread as spread_of

# More points than this, half of them so near to degenerate, sample a
# continuum: looking for further ones would never end.
CONTINUUM = 128
MARGINAL = 1e-3
# Outside the range of starts and further than this from the visited states'
# mean, relative to the furthest of them, gates saturate and rounding alone
# makes a state rest.
SATURATED = 10.0
# Slow points are minima of speed, located far less exactly than roots, and so
# are points that rounding keeps Newton from locating.
COARSE = 1e-2
# A point is located where Newton's step is so much shorter than the distance
# at which points are one.
LOCATED = 0.1


@dataclass(frozen=True)
class Found:
    """Distinct fixed points, in the order in which they were found.

    Attributes
    ----------
    states
        (point, unit).
    q
        (point,).
    hits, drawn
        (point,), starts that ended there: all, and those that were drawn
        independently of the points known.
    index, smallest
        (point,), as in `Local`; `smallest` is NaN where they are not known yet.
    expanded
        (point,), whether starts along its modes were tried.
    """

    states: np.ndarray
    q: np.ndarray
    hits: np.ndarray
    drawn: np.ndarray
    index: np.ndarray
    smallest: np.ndarray
    expanded: np.ndarray

    @classmethod
    def fresh(cls, states: np.ndarray, q: np.ndarray, drawn: bool) -> "Found":
        """Points found once each, of which nothing else is known."""
        once = np.ones(len(q), dtype=np.int64)
        return cls(
            states=states,
            q=q,
            hits=once,
            drawn=once * drawn,
            index=np.zeros_like(once),
            smallest=np.full(len(q), np.nan),
            expanded=np.zeros(len(q), dtype=bool),
        )

    def __len__(self) -> int:
        return len(self.q)

    def take(self, rows: np.ndarray) -> "Found":
        """These points, by number or by a mask."""
        return Found(*(getattr(self, field.name)[rows] for field in fields(self)))

    def joined(self, others: "Found", distance: float) -> "Found":
        """These points and others, of copies within `distance` the better one."""
        every = Found(
            *(
                np.concatenate([getattr(self, field.name), getattr(others, field.name)])
                for field in fields(self)
            )
        )
        merged = merge(every.states, every.q, distance, every.hits)
        # What is known of a point, its first copy knows.
        _, first = np.unique(merged.labels, return_index=True)
        known = every.take(first)
        drawn = np.bincount(merged.labels, weights=every.drawn, minlength=len(first))
        return Found(
            merged.states,
            merged.q,
            merged.hits,
            drawn.astype(np.int64),
            known.index,
            known.smallest,
            known.expanded,
        )


class Pool:
    """Distinct fixed points and slow states, and what was thrown away.

    Attributes
    ----------
    spread, mean, reach
        Of the visited states: root mean square distance from their mean, the
        mean, and the largest distance from it.
    low, high
        (unit,), the range in which starts are drawn.
    found
        The fixed points.
    starts, converged
        Number of starts so far, and of those that ended at a fixed point.
    far, broken, blurred
        Number of starts that ended where gates saturate, at which the map is
        not finite, and of ends at degenerate points that rounding does not
        tell from a neighbour.
    """

    def __init__(
        self, dynamics: Dynamics, visited: np.ndarray, tolerance: float, distance: float
    ) -> None:
        self.dynamics = dynamics
        self.spread = spread = spread_of(visited)
        self.mean = visited.mean(0)
        self.reach = float(np.linalg.norm(visited - self.mean, axis=1).max())
        self.low, self.high = whole_range(dynamics, visited)
        self.tolerance = tolerance
        self.distance = distance * spread
        self.starts = self.converged = self.far = self.broken = self.blurred = 0
        self.found = Found.fresh(np.empty((0, dynamics.units)), np.empty(0), drawn=True)
        self._slow = np.empty((0, dynamics.units))
        self._slow_q = np.empty(0)

    @property
    def points(self) -> np.ndarray:
        """The fixed points (point, unit)."""
        return self.found.states

    def add(self, starts: np.ndarray, patience: int, drawn: bool = True) -> bool:
        """Solve from starts (start, unit); return whether a new fixed point was found.

        `patience`: iterations of Levenberg-Marquardt where Newton stalls;
        `drawn`: whether the starts are independent of the points known.
        """
        solution = solve(
            self.dynamics,
            self.dynamics.placed(starts),
            tolerance=self.tolerance,
            distance=LOCATED * self.distance,
            known=self.dynamics.placed(self.points),
            levenberg_iterations=patience,
        )
        fixed = self._sorted(solution)
        before = len(self.found)
        fresh = Found.fresh(solution.states[fixed], solution.q[fixed], drawn)
        self.found = self._joined(fresh)
        return len(self.found) > before

    def adopt(self, states: np.ndarray) -> None:
        """Add points (point, unit) that no start ended at, however near to others they lie."""
        fresh = Found.fresh(states, half_squared_speed(self.dynamics, states), drawn=False)
        fresh.hits[:] = 0
        fresh.expanded[:] = True
        self.found, _ = self._known(self.found.joined(fresh, 0.0))

    def move(self, rows: np.ndarray, states: np.ndarray) -> None:
        """Move points, by number, to where they are known to lie more exactly, (point, unit)."""
        self.found.states[rows], self.found.q[rows] = (
            states,
            half_squared_speed(self.dynamics, states),
        )
        self.found.smallest[rows] = np.nan
        self.found, _ = self._known(self.found)

    def unexpanded(self, most: int) -> np.ndarray:
        """Mark up to `most` points as expanded and return them, the first ones found first."""
        rows = np.flatnonzero(~self.found.expanded)[:most]
        self.found.expanded[rows] = True
        return self.found.states[rows]

    def slow(self) -> Merged:
        """Distinct slow states, apart from the fixed points."""
        distance = COARSE * self.spread
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
        return len(self.found) > CONTINUUM and bool((self.found.smallest < MARGINAL).mean() > 0.5)

    def certificate(self) -> Certificate:
        """Certify the points inside the box."""
        inside = self.found.take(self.inside(self.points))
        return certify(inside.index, inside.smallest, self.dynamics.unbounded)

    def left_out(self) -> list[str]:
        """What was found and is not among the points, and what was not tried, as phrases."""
        ends = {
            f"ended more than {SATURATED:g} times as far out as any visited state": self.far,
            "left the range where the map is finite": self.broken,
            "ended at a degenerate point that cannot be told from its neighbour": self.blurred,
        }
        phrases = [f"{count} of {self.starts} starts {end}" for end, count in ends.items() if count]
        if self.is_continuum():
            phrases.append(f"stopped at {len(self.found)} points, most of them marginal")
        elif not self.found.expanded.all():
            left = int((~self.found.expanded).sum())
            phrases.append(f"stopped before modes of {left} of {len(self.found)} points were tried")
        return phrases

    def _sorted(self, solution: Solution) -> np.ndarray:
        """Count and keep what starts ended at; return which are fixed points, (start,)."""
        with np.errstate(over="ignore"):  # of starts that left the numbers
            distance = np.linalg.norm(solution.states - self.mean, axis=1)
        within = ((solution.states >= self.low) & (solution.states <= self.high)).all(1)
        near = within | (distance <= SATURATED * max(self.reach, self.spread))
        fixed = near & (solution.status == Status.FIXED)
        slow = near & (solution.status == Status.SLOW)
        self._slow = np.concatenate([self._slow, solution.states[slow]])
        self._slow_q = np.concatenate([self._slow_q, solution.q[slow]])
        self.starts += len(near)
        self.converged += int(fixed.sum())
        self.far += int((~near & (solution.status == Status.FIXED)).sum())
        self.broken += int((~np.isfinite(solution.q)).sum())
        return fixed

    def _known(self, found: Found) -> tuple[Found, np.ndarray]:
        """Learn of new points what their factors say; return them all, and which are vague.

        A vague point rests as far as rounding tells, but Newton's step from it
        is not far shorter than the distance at which points are one.
        """
        new = np.flatnonzero(np.isnan(found.smallest))
        local = examine(self.dynamics, found.states[new])
        found.index[new], found.smallest[new] = local.index, local.smallest
        vague = np.zeros(len(found), dtype=bool)
        vague[new] = local.step > LOCATED * self.distance
        return found, vague

    def _joined(self, fresh: Found) -> Found:
        """All points known and these fresh ones."""
        found, vague = self._known(self.found.joined(fresh, self.distance))
        if not vague.any():
            return found
        # What cannot be located becomes one with a neighbour.
        kept, left = found.take(~vague), found.take(vague)
        for row in range(len(left)):
            one = left.take(np.array([row]))
            if nearest(one.states, kept.states)[0] > COARSE * self.spread:
                kept = kept.joined(one, 0.0)
            else:
                self.blurred += int(one.hits[0])
        return kept
