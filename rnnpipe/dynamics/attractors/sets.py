"""Sets of states that a run keeps coming back to, and which other runs end in them."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.dynamics.attractors.result import Attractor
from rnnpipe.dynamics.classes import LIMIT_CYCLE
from rnnpipe.dynamics.distances import distances_between

# States of a run that are compared, and how many of these must be near.
COMPARED = 24
MOST = 0.8
QUANTILE = 0.9
# A state is near a set within this of its size, or within so many times the gaps of its sample.
NEAR = 0.02
GAPS = 3.0
# A run never comes back closely to a set of many dimensions: then it is near within this of the
# set's size, and so many gaps.
LOOSELY = 0.3
BEYOND = 1.2
# A limit cycle is one of many side by side if its second exponent is 0 within so many of its
# errors, or within so much, per update.
ERRORS = 4.0
NEUTRAL = 5e-4
# Within so many times the distance that counts as in a set, a run is near it.
NEARING = 10.0


@dataclass(frozen=True)
class MovingSet:
    """An attractor that is no point and no cycle, with a sample that shows where it is.

    Attributes
    ----------
    attractor
        All that is known of it.
    sample
        (time, unit), states in it.
    near
        Distance from the sample within which other states belong to it.
    """

    attractor: Attractor
    sample: np.ndarray
    near: float

    @property
    def neutral(self) -> bool:
        """Whether it is a limit cycle beside others, and nothing leads from one to another."""
        one = self.attractor
        zero = max(ERRORS * one.exponent_errors[1], NEUTRAL)
        return one.kind == LIMIT_CYCLE and bool(one.exponents[1] > -zero)

    def nearing(self, states: np.ndarray) -> np.ndarray:
        """Whether each run (run,) is near it, by its last states (time, run, unit)."""
        return self.distance(states) <= NEARING * self.near

    def is_same(self, other: "MovingSet") -> bool:
        """Whether another set is this one: in the same place, or beside it where both are neutral.

        Limit cycles side by side, as where the activity of a unit is frozen, are one attractor.
        """
        if self.attractor.kind != other.attractor.kind:
            return False
        beside = self.neutral and other.neutral and self.nearing(other.sample[:, None])[0]
        return bool(beside or self.holds(other.sample[:, None])[0])

    def holds(self, states: np.ndarray) -> np.ndarray:
        """Whether each run (run,) stays in it, by its last states (time, run, unit)."""
        return self.distance(states) <= self.near

    def distance(self, states: np.ndarray) -> np.ndarray:
        """How far from it each run (run,) stays, by most of its last states (time, run, unit)."""
        chosen = spaced(states)
        count, runs, units = chosen.shape
        gaps = distances_between(chosen.reshape(-1, units), self.sample).min(1).reshape(count, runs)
        return np.quantile(gaps, MOST, axis=0, method="higher")


def set_of(attractor: Attractor, sample: np.ndarray, gaps: float) -> MovingSet:
    """The set of which there is a sample (time, unit), its states as far apart as `gaps`."""
    far = max(LOOSELY * attractor.amplitude, BEYOND * gaps)
    return MovingSet(attractor, sample, max(NEAR * attractor.amplitude, min(GAPS * gaps, far)))


def gap(states: np.ndarray) -> float:
    """How far from the states in one half of a run nine in ten of those in the other are.

    Of what a run comes back to it is the gap between its states there; of a
    run that does not come back, or comes for the first time, the way to there.
    """
    half = len(states) // 2
    parts = states[:half], states[half:]
    return max(
        float(np.quantile(distances_between(spaced(one[:, None])[:, 0], other).min(1), QUANTILE))
        for one, other in (parts, parts[::-1])
    )


def spaced(states: np.ndarray) -> np.ndarray:
    """Some of the states (time, ...), at equal distances in time, the last among them."""
    count = min(COMPARED, len(states))
    return states[np.linspace(0, len(states) - 1, count).round().astype(int)]
