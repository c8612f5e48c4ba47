"""What the runs of a network end in, and the columns of its tables."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.dynamics.classes import FIXED
from rnnpipe.dynamics.shares import wilson_interval

# In the place of an attractor's number: a run of which no end was told, one that left for infinity.
UNASSIGNED, DIVERGED = -1, -2
NUMBERS = (
    "kind",
    "period",
    "rotation",
    "amplitude",
    "drift",
    "exponents",
    "exponent_errors",
    "dimension",
    "frequencies",
)


@dataclass(frozen=True)
class Attractor:
    """A set that runs end in.

    Attributes
    ----------
    kind
        One of `rnnpipe.dynamics.classes.KINDS`.
    point
        Its number among the fixed points given, -1 if it is none of them.
    states
        (phase, unit), its states in order along it: the point; a cycle's
        states in turn, F mapping each to the next; of a limit cycle, states
        at equal distances in phase once round; of a torus or a chaotic set,
        some of a run in order of time; where slow runs were left.
    times
        (phase,), updates since the first of `states` in the order given.
    period
        Updates per turn: 1 of a point, the mean of a limit cycle; of a cycle those after which
        it closes, perhaps after several turns; else NaN.
    rotation
        Turns per update, 1 / period of a limit cycle, those of a whole period of a cycle over
        its period; 0 of a point, else NaN.
    amplitude
        Root mean square distance of its states from their mean.
    drift
        Way per update of slow runs; 0 of all others.
    exponents, exponent_errors
        (3,), its largest Lyapunov exponents per update and their standard
        errors; NaN beyond the number of state variables, and of slow runs.
    dimension
        Kaplan and Yorke's: 0 of points and cycles, 1 of limit cycles, 2 of a
        torus; NaN of a chaotic set of so many dimensions that 64 exponents do
        not tell.
    frequencies
        (frequency,), of which those of all its motion are sums of multiples,
        in turns per update: one of a limit cycle and a cycle, two of a torus.
    visited, box
        Runs from visited states, and from the box, that end in it.
    """

    kind: str
    point: int
    states: np.ndarray
    times: np.ndarray
    period: float
    rotation: float
    amplitude: float
    drift: float
    exponents: np.ndarray
    exponent_errors: np.ndarray
    dimension: float
    frequencies: np.ndarray
    visited: int = 0
    box: int = 0


@dataclass(frozen=True)
class Attractors:
    """All that runs of one network under one input end in.

    Attributes
    ----------
    attractors
        Points in their order, then by kind in the order of
        `rnnpipe.dynamics.classes.KINDS`, those that more runs end in first.
    ends
        (run,), the number of the attractor that each run ends in, -1 where
        none was told, -2 where the run diverged; runs from visited states first.
    visited_runs
        Number of runs from visited states; all others are from the box.
    updates
        Updates of the longest run.
    """

    attractors: tuple[Attractor, ...]
    ends: np.ndarray
    visited_runs: int
    updates: int

    @property
    def box_runs(self) -> int:
        """Number of runs from the box."""
        return len(self.ends) - self.visited_runs

    def ended(self, number: int) -> tuple[int, int]:
        """Runs from visited states and from the box that ended in attractor `number`."""
        there = self.ends == number
        visited = int(there[: self.visited_runs].sum())
        return visited, int(there.sum()) - visited

    @property
    def moving_share(self) -> float:
        """Share of the runs from visited states that do not end at rest."""
        resting = sum(one.visited for one in self.attractors if one.kind == FIXED)
        return 1 - resting / self.visited_runs if self.visited_runs else np.nan

    def columns(self) -> dict[str, np.ndarray]:
        """Columns of one row per attractor, states and readouts aside."""
        found = self.attractors
        columns = {name: _column([getattr(one, name) for one in found]) for name in NUMBERS}
        for source, runs in (("visited", self.visited_runs), ("box", self.box_runs)):
            counts = np.array([getattr(one, source) for one in found], dtype=np.int64)
            low, high = wilson_interval(counts, runs)
            columns[source] = counts
            columns[f"{source}_share"] = counts / runs if runs else np.full(len(found), np.nan)
            columns[f"{source}_low"], columns[f"{source}_high"] = low, high
        return columns

    def facts(self) -> dict[str, float]:
        """The runs as one row: how many, and those that end in no attractor."""
        visited_unassigned, box_unassigned = self.ended(UNASSIGNED)
        visited_diverged, box_diverged = self.ended(DIVERGED)
        return {
            "visited_runs": self.visited_runs,
            "box_runs": self.box_runs,
            "visited_unassigned": visited_unassigned,
            "box_unassigned": box_unassigned,
            "visited_diverged": visited_diverged,
            "box_diverged": box_diverged,
            "updates": self.updates,
            "moving_share": self.moving_share,
        }


def _column(values: list[object]) -> np.ndarray:
    """Values as a column; arrays of values that differ in length, as objects."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    if values and not isinstance(values[0], str | np.ndarray):
        return column.astype(np.float64)
    return column
