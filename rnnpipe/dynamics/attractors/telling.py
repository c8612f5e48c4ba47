"""Looks at runs on their way, and ends those that are told."""

import numpy as np
import torch

from rnnpipe.dynamics.attractors.collection import Collection
from rnnpipe.dynamics.attractors.cycles import Cycle, on_cycle, return_times, solved_cycle
from rnnpipe.dynamics.attractors.leaps import drifting, leap_ahead
from rnnpipe.dynamics.attractors.movers import TOGETHER, followed
from rnnpipe.dynamics.attractors.moving import AHEAD, Untold
from rnnpipe.dynamics.attractors.points import Resting
from rnnpipe.dynamics.attractors.rest import Approach, arrived, at_rest
from rnnpipe.dynamics.attractors.result import UNASSIGNED
from rnnpipe.dynamics.attractors.runs import Runs
from rnnpipe.dynamics.attractors.sets import NEARING, MovingSet, spaced
from rnnpipe.dynamics.maps import Dynamics

# A run that moves less than this per update, relative to the spread, is at rest.
AT_REST = 1e-9
# A run that rests where nothing attracts is pushed off by this, relative to the spread.
PUSH = 1e-6
# Updates before runs that keep moving are followed, and before runs that drift leap ahead.
EARLIEST = 512
LEAPING = 1024
# A run near a set is on its way there, until so many updates; from then on only if it has come
# nearer by this share since the look before, or if it is near limit cycles side by side. At the
# last look it is taken to arrive.
LATE = 2048
NEARER = 0.05
# Leaps stand for at most so many times the updates that a run takes.
REACH = 30
# Runs of which some still settle at the last look go on for so many times as long.
LONGER = 4
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
        self.untold: list[Untold] = []
        self.extended = False
        self.before: dict[int, np.ndarray] = {}

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
        now = dict(zip(runs.rows, spaced(window).swapaxes(0, 1), strict=True))
        ends = arrived(window, self.resting)
        steadily = self.approach.look(runs.rows, window, updates)
        ends = np.where(ends == UNASSIGNED, steadily, ends)
        self._rested(runs, window, ends)
        self._cycled(window, ends)
        window = self._leave(runs, window, ends)
        if len(runs.rows) and (last or updates >= EARLIEST):
            # Where a curve is slow a run on it seems to drift.
            window = self._leave(runs, window, self._in_sets(runs, window, late=False)[0])
            leapt = drifting(window)
            if last or updates >= LEAPING:
                ends = self._drifted(runs, leapt)
                window, leapt = self._leave(runs, window, ends), leapt[ends == UNASSIGNED]
            if last or self.extended or not self.untold:
                window = self._moved(runs, window, leapt, last or updates >= LATE, last)
            if last and self.untold and not self.extended:
                self.extended = True
                runs.extend(LONGER)
            elif last:
                self._leave(runs, window, self._given_up(runs, window))
        self.before = now

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

    def _drifted(self, runs: Runs, leapt: np.ndarray) -> np.ndarray:
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
        ends[where[ahead.exhausted & (ends[where] == UNASSIGNED)]] = LEFT_SLOW
        return ends

    def _moved(
        self, runs: Runs, window: np.ndarray, tried: np.ndarray, late: bool, last: bool
    ) -> np.ndarray:
        """Follow some of the runs that keep moving, and end all that end where these do.

        Returns the window of the others.

        Parameters
        ----------
        runs, window
            As in `look`.
        tried
            (going,), runs that are not followed.
        late, last
            Whether runs that stay as near to a set as they were are followed, and whether those
            that come nearer have arrived, instead of waiting for them.
        """
        for _ in range(LATE_ROUNDS if late else ROUNDS):
            ends, nearing = self._in_sets(runs, window, late)
            if last:
                ends = np.where(ends == UNASSIGNED, nearing, ends)
            ends[tried] = UNASSIGNED
            tried |= nearing != UNASSIGNED
            chosen = np.flatnonzero(~tried & (ends == UNASSIGNED))
            chosen = chosen[np.linspace(0, len(chosen) - 1, min(TOGETHER, len(chosen))).astype(int)]
            if len(chosen):
                tried[chosen] = True
                ends[chosen] = self._followed(runs, chosen, last)
            told = ends != UNASSIGNED
            window, tried = self._leave(runs, window, ends), tried[~told]
            if not told.any() or len(runs.rows) == 0 or (self.untold and not self.extended):
                break
            ends = np.full(len(runs.rows), UNASSIGNED)
            self._cycled(window, ends)
            tried = tried[ends == UNASSIGNED]
            window = self._leave(runs, window, ends)
        return window

    def _given_up(self, runs: Runs, window: np.ndarray) -> np.ndarray:
        """The ends of runs (going,) that were not told at the last look.

        Runs in sets that were found at the last look, or near them, end there; what drifts is slow.
        If all that were followed still settle on closed curves, so do the others, and all of them
        are one slow attractor.
        """
        if len(runs.rows) == 0:
            return np.empty(0, dtype=int)
        ends, nearing = self._in_sets(runs, window, late=True)
        ends = np.where(ends == UNASSIGNED, nearing, ends)
        ends[(ends == UNASSIGNED) & drifting(window)] = LEFT_SLOW
        drifts = np.array([one.drift for one in self.untold])
        left = ends == UNASSIGNED
        if len(drifts) and np.isfinite(drifts).all() and left.any():
            states = runs.states[torch.from_numpy(left)].cpu().numpy()
            ends[left] = self.collection.settling(states, float(drifts.mean()))
        return ends

    def _in_sets(self, runs: Runs, window: np.ndarray, late: bool) -> tuple[np.ndarray, np.ndarray]:
        """The sets that runs (going,) are in, and those that they are near, -1 of none.

        With `late`, those that they have come nearer to since the look before.
        """
        inside, nearing = np.full((2, len(runs.rows)), UNASSIGNED)
        least = np.full(len(runs.rows), np.inf)
        earlier = [self.before[row] for row in runs.rows if row in self.before]
        for number, one in self.collection.sets.items():
            away = one.distance(window)
            inside[(inside == UNASSIGNED) & (away <= one.near)] = number
            near = (away <= NEARING * one.near) & (away < least)
            if late and not one.neutral and 0 < len(earlier) == len(away):
                near &= away <= (1 - NEARER) * one.distance(np.stack(earlier, axis=1))
            nearing[near], least[near] = number, away[near]
        return inside, nearing

    def _followed(self, runs: Runs, chosen: np.ndarray, last: bool) -> np.ndarray:
        """The attractors in which the runs `chosen` (run,) end, -1 where it is not told."""
        numbers, rows = np.full(len(chosen), UNASSIGNED), runs.rows[chosen]
        states = runs.states[chosen].cpu().numpy()
        patient = self.extended and last
        found = followed(self.dynamics, states, self.exponent_steps, self.spread, self.rng, patient)
        if patient:
            self.untold = []
        for run, one in enumerate(found):
            if isinstance(one, Cycle):
                numbers[run] = self.collection.cycle(one)
            elif isinstance(one, MovingSet):
                numbers[run] = self.collection.moving(one)
            elif one is not None and self._was_there(rows[run], one, runs.updates[rows[run]]):
                numbers[run] = self.collection.moving(one.curve)
            elif one is not None:
                self.untold.append(one)
        return numbers

    def _was_there(self, row: int, untold: Untold, updates: int) -> bool:
        """Whether a run was on its present curve at the look before, `updates` / 2 ago."""
        if untold.curve is None or row not in self.before or updates < 2 * AHEAD:
            return False
        return bool(untold.curve.holds(self.before[row][:, None])[0])
