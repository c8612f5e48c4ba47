"""Looks at runs on their way, and ends those that are told."""

import numpy as np

from rnnpipe.dynamics.attractors.collection import Collection
from rnnpipe.dynamics.attractors.cycles import Cycle, on_cycle, return_times, solved_cycle
from rnnpipe.dynamics.attractors.leaps import drifting, leap_ahead
from rnnpipe.dynamics.attractors.movers import TOGETHER, followed
from rnnpipe.dynamics.attractors.points import Resting
from rnnpipe.dynamics.attractors.rest import Approach, arrived, at_rest
from rnnpipe.dynamics.attractors.result import UNASSIGNED
from rnnpipe.dynamics.attractors.runs import Runs
from rnnpipe.dynamics.maps import Dynamics

# A run that moves less than this per update, relative to the spread, is at rest.
AT_REST = 1e-9
# A run that rests where nothing attracts is pushed off by this, relative to the spread.
PUSH = 1e-6
# Updates before runs that keep moving are followed, and before runs that drift leap ahead.
EARLIEST = 512
LEAPING = 1024
# A run within so many times the distance that counts as in a set is on its way there, until so
# many updates.
NEARING = 10.0
LATE = 2048
# Leaps stand for at most so many times the updates that a run takes.
REACH = 30
# Returns at each look that may turn out to be no attracting cycle's, before others are left.
TRIES = 2
# Most times at each look that some are followed, early and late.
ROUNDS, LATE_ROUNDS = 2, 6
# In the place of an attractor's number: a run that is slow.
LEFT_SLOW = -3


class Telling:
    """Tells runs where they end.

    Attributes
    ----------
    collection
        The attractors that the runs show, and those that are known.
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
        self.collection = Collection(dynamics, resting, spread)
        self.approach = Approach(resting)
        self.slow: list[tuple[int, np.ndarray, float]] = []

    def look(self, runs: Runs, window: np.ndarray, last: bool) -> None:
        """End the runs of which the last states (time, going, unit) show where.

        Parameters
        ----------
        runs
            All runs.
        window
            Last states of those that are going.
        last
            Whether this is the last look: what drifts is left as slow.
        """
        updates = int(runs.updates[runs.rows].max())
        ends = arrived(window, self.resting)
        steadily = self.approach.look(runs.rows, window, updates)
        ends = np.where(ends == UNASSIGNED, steadily, ends)
        self._rested(runs, window, ends)
        self._cycled(window, ends)
        window = self._leave(runs, window, ends)
        if len(runs.rows) and (last or updates >= EARLIEST):
            leapt = drifting(window)
            if last or updates >= LEAPING:
                ends = self._drifted(runs, leapt, last)
                window, leapt = self._leave(runs, window, ends), leapt[ends == UNASSIGNED]
            self._moved(runs, window, leapt, last or updates >= LATE)

    def finish(self, runs: Runs) -> None:
        """Number what slow runs end in."""
        if not self.slow:
            return
        rows, states, drifts = zip(*self.slow, strict=True)
        numbers = self.collection.slow(np.stack(states), np.array(drifts))
        runs.ends[np.array(rows)] = numbers

    def _leave(self, runs: Runs, window: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """End the runs that were told; the window of the others."""
        for run in np.flatnonzero(ends == LEFT_SLOW):
            state = runs.states[run]
            drift = float((self.dynamics.step(state[None])[0] - state).norm())
            self.slow.append((int(runs.rows[run]), state.cpu().numpy(), drift))
        told = ends != UNASSIGNED
        runs.leave(told, np.where(ends == LEFT_SLOW, UNASSIGNED, ends)[told])
        return window[:, ~told]

    def _rested(self, runs: Runs, window: np.ndarray, ends: np.ndarray) -> None:
        """Tell the runs that rest where no point was known; push others off."""
        still = at_rest(window, AT_REST * self.spread)
        for run in np.flatnonzero(still & (ends == UNASSIGNED)):
            ends[run] = self._rest(runs, run)

    def _rest(self, runs: Runs, run: int) -> int:
        """The end of one of the runs going, which rests; pushed off where it would not stay."""
        number = self.collection.point(runs.states[run].cpu().numpy())
        if number == UNASSIGNED:
            push = self.rng.standard_normal(self.dynamics.units)
            push *= PUSH * self.spread / np.linalg.norm(push)
            runs.states[run] += self.dynamics.placed(push)
        return LEFT_SLOW if number is None else number

    def _cycled(self, window: np.ndarray, ends: np.ndarray) -> None:
        """Tell the runs that end in cycles."""
        for number, cycle in self.collection.cycles.items():
            ends[(ends == UNASSIGNED) & on_cycle(window, cycle)] = number
        periods = return_times(window, self.longest_period, self.spread)
        failed = 0
        for run in np.flatnonzero(periods):
            if ends[run] != UNASSIGNED or failed == TRIES:
                continue
            cycle = solved_cycle(self.dynamics, window[-1, run], int(periods[run]))
            if cycle is not None:
                number = self.collection.cycle(cycle)
                ends[(ends == UNASSIGNED) & on_cycle(window, cycle)] = number
                ends[run] = number
            else:
                failed += 1

    def _drifted(self, runs: Runs, leapt: np.ndarray, last: bool) -> np.ndarray:
        """Take the runs `leapt` (going,), a mask, ahead; the ends of all that are going."""
        ends = np.full(len(runs.rows), UNASSIGNED)
        where = np.flatnonzero(leapt)
        if len(where) == 0:
            return ends
        rest = AT_REST * self.spread
        ahead = leap_ahead(
            self.dynamics,
            runs.states[where],
            self.resting,
            self.spread,
            at_rest=rest,
            longest=REACH * runs.steps,
        )
        runs.states[where] = ahead.states
        runs.updates[runs.rows[where]] += ahead.updates
        ends[where] = ahead.places
        moves = (self.dynamics.step(ahead.states) - ahead.states).norm(dim=1).cpu().numpy()
        for run in where[(moves < rest) & (ahead.places == UNASSIGNED)]:
            ends[run] = self._rest(runs, run)
        slow = last | ahead.exhausted
        ends[where[slow & (ends[where] == UNASSIGNED)]] = LEFT_SLOW
        return ends

    def _moved(self, runs: Runs, window: np.ndarray, tried: np.ndarray, late: bool) -> None:
        """Follow some of the runs that keep moving, and end all that end where these do.

        Parameters
        ----------
        runs, window
            As in `look`.
        tried
            (going,), runs that are not followed.
        late
            Whether runs that near a set are followed, too, instead of waiting for them.
        """
        for _ in range(LATE_ROUNDS if late else ROUNDS):
            ends = np.full(len(runs.rows), UNASSIGNED)
            for number, one in self.collection.sets.items():
                ends[(ends == UNASSIGNED) & one.holds(window) & ~tried] = number
                if not late:
                    tried |= one.holds(window, NEARING)
            chosen = np.flatnonzero(~tried & (ends == UNASSIGNED))
            chosen = chosen[np.linspace(0, len(chosen) - 1, min(TOGETHER, len(chosen))).astype(int)]
            if len(chosen):
                tried[chosen] = True
                ends[chosen] = self._followed(runs.states[chosen].cpu().numpy())
            told = ends != UNASSIGNED
            window, tried = self._leave(runs, window, ends), tried[~told]
            if not told.any() or len(runs.rows) == 0:
                return
            ends = np.full(len(runs.rows), UNASSIGNED)
            self._cycled(window, ends)
            tried = tried[ends == UNASSIGNED]
            window = self._leave(runs, window, ends)

    def _followed(self, states: np.ndarray) -> np.ndarray:
        """The attractors in which runs from states (run, unit) end, -1 where it is not told."""
        numbers = np.full(len(states), UNASSIGNED)
        found = followed(self.dynamics, states, self.exponent_steps, self.spread, self.rng)
        for run, one in enumerate(found):
            if isinstance(one, Cycle):
                numbers[run] = self.collection.cycle(one)
            elif one is not None:
                numbers[run] = self.collection.moving(one)
        return numbers
