"""The attractors found so far: what is found again is not another one."""

import numpy as np

from rnnpipe.dynamics.attractors.cycles import Cycle
from rnnpipe.dynamics.attractors.kinds import cycle_of, fixed_of, slow_of
from rnnpipe.dynamics.attractors.points import Resting, leading_moduli, logarithms
from rnnpipe.dynamics.attractors.result import UNASSIGNED, Attractor
from rnnpipe.dynamics.attractors.sets import MovingSet
from rnnpipe.dynamics.classes import FIXED, NEUTRAL, attracts
from rnnpipe.dynamics.fixed_points.solver import Status, solve
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.spread import deviation

# The point where a run rests is solved for within this of it, relative to the spread.
SAME = 1e-4
# Slow runs that were left within this of each other, relative to the spread, are on one way.
ALONG = 0.1


class Collection:
    """Attractors, numbered in the order in which they were found.

    Attributes
    ----------
    found
        All of them: the attracting ones of the known points first.
    cycles, sets
        Those of them that are cycles, and those that are curves, tori or chaotic, by number.
    """

    def __init__(self, dynamics: Dynamics, resting: Resting, spread: float) -> None:
        self.dynamics = dynamics
        self.spread = spread
        self.found: list[Attractor] = [
            fixed_of(state, exponents, int(number))
            for state, exponents, number in zip(
                resting.states, resting.exponents, resting.number, strict=True
            )
        ]
        self.cycles: dict[int, Cycle] = {}
        self.sets: dict[int, MovingSet] = {}

    def _add(self, attractor: Attractor) -> int:
        self.found.append(attractor)
        return len(self.found) - 1

    def point(self, state: np.ndarray) -> int | None:
        """The number of the stable point at which a state (unit,) rests.

        -1 where nothing attracts, None where a mode is neutral: such a point is one of many.
        """
        for number, one in enumerate(self.found):
            if one.kind == FIXED and np.linalg.norm(one.states[0] - state) <= SAME * self.spread:
                return number
        moduli = leading_moduli(self.dynamics, state[None])
        if not attracts(moduli)[0]:
            return UNASSIGNED
        solution = solve(self.dynamics, self.dynamics.placed(state[None]))
        point = solution.states[0]
        missed = np.linalg.norm(point - state) > SAME * self.spread
        if missed or solution.status[0] != Status.FIXED or moduli[0, 0] >= 1 - NEUTRAL:
            return None
        return self._add(fixed_of(point, logarithms(moduli)[0], -1))

    def cycle(self, cycle: Cycle) -> int:
        """The number of a cycle."""
        for number, one in self.cycles.items():
            same_period = one.states.shape == cycle.states.shape
            if same_period and np.linalg.norm(one.states - cycle.states, axis=1).max() <= one.near:
                return number
        number = self._add(cycle_of(cycle))
        self.cycles[number] = cycle
        return number

    def moving(self, found: MovingSet) -> int:
        """The number of a curve, a torus or a chaotic set."""
        for number, one in self.sets.items():
            if one.is_same(found):
                return number
        number = self._add(found.attractor)
        self.sets[number] = found
        return number

    def slow(self, ends: np.ndarray, drifts: np.ndarray) -> np.ndarray:
        """The numbers (run,) of slow ends (run, unit): those that follow one another are one.

        Parameters
        ----------
        ends
            Where runs were left.
        drifts
            (run,), way per update there.
        """
        numbers = np.full(len(ends), UNASSIGNED)
        for group in _linked(ends, ALONG * self.spread):
            states = ends[group]
            numbers[group] = self._add(
                slow_of(states, float(drifts[group].mean()), deviation(states))
            )
        return numbers

    def settling(self, ends: np.ndarray, drift: float) -> int:
        """The number of slow ends (run, unit) round closed curves that move by so much per update.

        They are one, since on curves that change nobody knows which run goes where.
        """
        return self._add(slow_of(ends, drift, deviation(ends)))


def _linked(states: np.ndarray, distance: float) -> list[np.ndarray]:
    """Groups of states (state, unit), each within a distance of another of its group."""
    left, groups = list(range(len(states))), []
    while left:
        group, fresh = [], [left.pop(0)]
        while fresh:
            group.extend(fresh)
            gaps = np.linalg.norm(states[left][:, None] - states[fresh], axis=2)
            near = (gaps <= distance).any(1)
            fresh = [one for one, here in zip(left, near, strict=True) if here]
            left = [one for one, here in zip(left, near, strict=True) if not here]
        groups.append(np.array(sorted(group)))
    return groups
