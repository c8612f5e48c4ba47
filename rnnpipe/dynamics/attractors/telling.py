"""What was found so far, and which of the runs still going end in it."""

import numpy as np

from rnnpipe.dynamics.attractors.cycles import Cycle, on_cycle, return_times, solved_cycle
from rnnpipe.dynamics.attractors.kinds import cycle_of, fixed_of
from rnnpipe.dynamics.attractors.points import Resting, leading_moduli, logarithms
from rnnpipe.dynamics.attractors.rest import arrived, at_rest
from rnnpipe.dynamics.attractors.result import UNASSIGNED, Attractor
from rnnpipe.dynamics.attractors.runs import Runs
from rnnpipe.dynamics.classes import attracts
from rnnpipe.dynamics.fixed_points.solver import Status, solve
from rnnpipe.dynamics.maps import Dynamics

# A run that moves less than this per update, relative to the spread, is at rest.
AT_REST = 1e-9
# The point where a run rests is solved for within this of it, relative to the spread.
SAME = 1e-4
# A run that rests where nothing attracts is pushed off by this, relative to the spread.
PUSH = 1e-6


class Telling:
    """Tells runs where they end, and gathers the attractors that they show.

    Attributes
    ----------
    found
        The attractors so far: the attracting ones of the known points first.
    """

    def __init__(
        self,
        dynamics: Dynamics,
        resting: Resting,
        spread: float,
        longest_period: int,
        exponent_steps: int,
        rng: np.random.Generator,
    ) -> None:
        self.dynamics = dynamics
        self.resting = resting
        self.spread = spread
        self.longest_period = longest_period
        self.exponent_steps = exponent_steps
        self.rng = rng
        self.found: list[Attractor] = [
            fixed_of(state, exponents, int(number))
            for state, exponents, number in zip(
                resting.states, resting.exponents, resting.number, strict=True
            )
        ]
        self.cycles: dict[int, Cycle] = {}

    def look(self, runs: Runs, window: np.ndarray) -> None:
        """End the runs of which the last states (time, going, unit) show where."""
        ends = arrived(window, self.resting)
        ends = self._rested(runs, window, ends)
        ends = self._cycled(window, ends)
        told = ends != UNASSIGNED
        runs.leave(told, ends[told])

    def _rested(self, runs: Runs, window: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """The ends of runs, with those of the runs that rest where no point was known."""
        ends = ends.copy()
        still = at_rest(window, AT_REST * self.spread)
        for run in np.flatnonzero(still & (ends == UNASSIGNED)):
            ends[run] = self._resting_at(window[-1, run])
            if ends[run] == UNASSIGNED:
                push = self.rng.standard_normal(window.shape[2])
                push *= PUSH * self.spread / np.linalg.norm(push)
                runs.states[run] += self.dynamics.placed(push)
        return ends

    def _resting_at(self, state: np.ndarray) -> int:
        """The attractor at which a state (unit,) rests; -1 where it would not stay."""
        for number, one in enumerate(self.found):
            distance = np.linalg.norm(one.states - state, axis=1).min()
            if one.period == 1 and distance <= SAME * self.spread:
                return number
        solution = solve(self.dynamics, self.dynamics.placed(state[None]))
        point = solution.states[0]
        missed = np.linalg.norm(point - state) > SAME * self.spread
        moduli = leading_moduli(self.dynamics, point[None])
        if missed or solution.status[0] != Status.FIXED or not attracts(moduli)[0]:
            return UNASSIGNED
        self.found.append(fixed_of(point, logarithms(moduli)[0], -1))
        return len(self.found) - 1

    def _cycled(self, window: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """The ends of runs, with those of the runs that end in cycles."""
        ends = ends.copy()
        for number, cycle in self.cycles.items():
            ends = np.where((ends == UNASSIGNED) & on_cycle(window, cycle), number, ends)
        periods = return_times(window, self.longest_period, self.spread)
        for run in np.flatnonzero(periods):
            if ends[run] != UNASSIGNED:
                continue
            cycle = solved_cycle(self.dynamics, window[-1, run], int(periods[run]))
            if cycle is not None:
                self.cycles[len(self.found)] = cycle
                ends[(ends == UNASSIGNED) & on_cycle(window, cycle)] = len(self.found)
                ends[run] = len(self.found)
                self.found.append(cycle_of(cycle))
        return ends
