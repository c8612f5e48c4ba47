"""How alike networks are while they are trained, and what they tell early of how they end.

A network that has ended stays what it is: at later steps it counts as it ended, so that every
step compares the same networks. Networks of one cohort are compared with each other, with those
of other cohorts, and with the ends of their cohort.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rnnpipe.population.similarity.geometry import svcca, tiles
from rnnpipe.population.similarity.reduction import evenly
from rnnpipe.population.similarity.skeleton import Skeleton
from rnnpipe.population.similarity.topology import topology_distances
from rnnpipe.population.statistics.groups import pair_mean
from rnnpipe.population.statistics.jackknife import FEWEST, jackknife_reach
from rnnpipe.population.statistics.own_end import ranks
from rnnpipe.tables.schemas import COHORT, NETWORK, SCHEMAS

# Networks of a cohort and steps that are compared: seeds are alike, so that the first of a cohort
# stand for all. With the trials and states of a network that are, a thousand networks take minutes
# and a few GB.
MOST_NETWORKS, MOST_STEPS = 24, 24
MOST_TRIALS, MOST_SAMPLES = 32, 1024
# Fractions of its own training at which a network's end is foretold.
FRACTIONS = (0.125, 0.25, 0.5)
WITHIN, BETWEEN, OWN_END, OTHER_ENDS = "within", "between", "own end", "other ends"


@dataclass(frozen=True)
class Snapshot:
    """What is compared of one network at one step.

    Attributes
    ----------
    basis, rank
        (sample, k) and the number of its columns that are not zero, from `reduction.reduce`.
    skeleton
        Its nodes.
    """

    basis: np.ndarray
    rank: int
    skeleton: Skeleton


@dataclass(frozen=True)
class Course:
    """One network at the steps at which its weights were kept.

    Attributes
    ----------
    model, constraint, seed
        The network.
    steps
        (step,) ascending; the last is its end.
    snapshots
        One per step.
    """

    model: str
    constraint: str
    seed: int
    steps: np.ndarray
    snapshots: Sequence[Snapshot]

    def latest(self, step: float) -> int:
        """Number of the latest snapshot up to a step, among its own."""
        return int(np.searchsorted(self.steps, step, side="right")) - 1


Metric = Callable[[Sequence[Snapshot]], np.ndarray]


def metrics(readout_level: float) -> Mapping[str, Metric]:
    """Return what computes the distances (network, network) of snapshots, by the metric's name."""

    def topology(snapshots: Sequence[Snapshot]) -> np.ndarray:
        return topology_distances([own.skeleton for own in snapshots], readout_level)

    return {"svcca": svcca_distances, "topology": topology}


def svcca_distances(snapshots: Sequence[Snapshot]) -> np.ndarray:
    """Distances (network, network) of states by `geometry.svcca`; NaN of states that stay."""
    rank = np.array([own.rank for own in snapshots])
    distances = np.zeros((len(snapshots), len(snapshots)))
    for tile in tiles(np.stack([own.basis for own in snapshots])):
        i, j = tile.first, tile.second
        distances[i, j] = distances[j, i] = svcca(tile.overlaps, rank[i], rank[j])
    return distances


def convergence_table(
    courses: Sequence[Course], kept: Sequence[int], readout_level: float
) -> pd.DataFrame:
    """Compare networks with each other and with their ends, step by step.

    Parameters
    ----------
    courses
        One per network, of one task.
    kept
        Steps at which weights of some cohort were kept; of more than `MOST_STEPS` evenly chosen
        ones are compared.
    readout_level
        Width of a level of readout, by which nodes are matched.

    Returns
    -------
    DataFrame
        The table ``convergence`` but for the task's name.
    """
    cohorts = _cohorts(courses)
    ends = [course.snapshots[-1] for course in courses]
    rows = []
    for step in np.array(sorted(kept))[evenly(len(kept), MOST_STEPS)] if courses else ():
        at = [course.snapshots[course.latest(step)] for course in courses]
        training = np.array([course.steps[-1] > step for course in courses])
        for metric, distances in metrics(readout_level).items():
            found = {
                (WITHIN, BETWEEN): distances(at),
                (OWN_END, OTHER_ENDS): _to_ends(distances, at, ends, cohorts),
            }
            for kinds, matrix in found.items():
                for row in _means(kinds, matrix, cohorts, training, courses):
                    rows.append({"metric": metric, "step": int(step), **row})
    names = [name for name in SCHEMAS["convergence"].names if name != "task"]
    return pd.DataFrame(rows, columns=names)


def foretold_table(courses: Sequence[Course], readout_level: float) -> pd.DataFrame:
    """Compare every network, at fractions of its training, with the ends of its cohort.

    Parameters
    ----------
    courses, readout_level
        As for `convergence_table`.

    Returns
    -------
    DataFrame
        The table ``foretold`` but for the task's name; the networks of a cohort by seed.
    """
    courses = sorted(courses, key=lambda own: (own.model, own.constraint, own.seed))
    cohorts = _cohorts(courses)
    ends = [course.snapshots[-1] for course in courses]
    rows = []
    for fraction in FRACTIONS if courses else ():
        chosen = [course.latest(fraction * course.steps[-1]) for course in courses]
        at = [course.snapshots[i] for course, i in zip(courses, chosen, strict=True)]
        for metric, distances in metrics(readout_level).items():
            matrix = _to_ends(distances, at, ends, cohorts)
            for i, course in enumerate(courses):
                own = cohorts == cohorts[i]
                to_ends, place = matrix[i, own], int(own[:i].sum())
                rows.append(
                    {
                        "metric": metric,
                        "fraction": fraction,
                        **{name: getattr(course, name) for name in NETWORK},
                        "step": int(course.steps[chosen[i]]),
                        "end": int(course.steps[-1]),
                        "rank": float(ranks(to_ends[None], np.array([place]))[0]),
                        "distances": to_ends,
                    }
                )
    names = [name for name in SCHEMAS["foretold"].names if name != "task"]
    return pd.DataFrame(rows, columns=names)


def _cohorts(courses: Sequence[Course]) -> np.ndarray:
    """Number the cohort of every network (network,), from 0."""
    return pd.factorize(pd.Series([(own.model, own.constraint) for own in courses]))[0]


def _to_ends(
    distances: Metric, at: Sequence[Snapshot], ends: Sequence[Snapshot], cohorts: np.ndarray
) -> np.ndarray:
    """Distances (network, end) of networks from the ends of their cohort; NaN from others'."""
    found = np.full((len(at), len(at)), np.nan)
    for cohort in np.unique(cohorts):
        members = np.flatnonzero(cohorts == cohort)
        both = distances([*(at[i] for i in members), *(ends[i] for i in members)])
        found[np.ix_(members, members)] = both[: len(members), len(members) :]
    return found


def _means(
    kinds: tuple[str, str],
    matrix: np.ndarray,
    cohorts: np.ndarray,
    training: np.ndarray,
    courses: Sequence[Course],
) -> list[dict[str, object]]:
    """Average distances over the pairs of all cohorts together, and of each of them."""
    same, own = cohorts[:, None] == cohorts, np.eye(len(cohorts), dtype=bool)
    # Networks of one step are at one distance both ways, and their pairs count once.
    once = np.triu(~own)
    pairs = {
        WITHIN: same & once,
        BETWEEN: ~same & once,
        OWN_END: own,
        OTHER_ENDS: same & ~own,
    }
    rows = []
    for kind in kinds:
        everyone = np.ones(len(cohorts), dtype=bool)
        each = () if kind == BETWEEN else [cohorts == number for number in np.unique(cohorts)]
        for number, members in enumerate((everyone, *each)):
            first = courses[int(np.flatnonzero(members)[0])]
            names = {name: getattr(first, name) if number else None for name in COHORT}
            compared = np.ix_(members, members)
            rows.append(
                {
                    "pairs_of": kind,
                    **names,
                    "networks": int(members.sum()),
                    "training": int(training[members].sum()),
                    **_mean(matrix[compared], pairs[kind][compared], cohorts[members]),
                }
            )
    return rows


def _mean(matrix: np.ndarray, pairs: np.ndarray, cohorts: np.ndarray) -> dict[str, float]:
    """Average over pairs, with the 95 % interval of a jackknife over networks."""
    pairs = pairs & np.isfinite(matrix)
    mean, without = pair_mean(matrix, pairs)
    groups = np.unique(cohorts, return_inverse=True)[1]
    reach = np.nan
    if np.bincount(groups).min() >= FEWEST and np.isfinite(without).all():
        reach = jackknife_reach(without, groups)
    return {"pairs": int(pairs.sum()), "mean": mean, "low": mean - reach, "high": mean + reach}
