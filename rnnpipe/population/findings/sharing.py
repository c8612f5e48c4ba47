"""F6e: how much of their topology networks share, without which none of it is universal.

That the cell explains less of the topology than of the geometry (F6a) says nothing where every
network differs from every other: then the cell explains nothing of the topology. So the mean
distance of topologies is compared with that of unrelated networks (`skeleton.unrelated`).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import beta

from rnnpipe.population.findings.every_task import TOPOLOGY
from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import HOLDS, IN_ALL, OPEN, Finding, difference
from rnnpipe.population.statistics.groups import pair_mean
from rnnpipe.population.statistics.jackknife import CONFIDENCE, jackknife_reach
from rnnpipe.population.statistics.tables import shared_matrices, solved_matrices

# Networks share their topology if more than this share of it is the same: 0 is as unlike as
# unrelated networks, 1 is equal.
SHARED, SHARED_IN_WORDS = 0.5, "more than half"


def judge_sharing(evidence: Evidence) -> list[Finding]:
    """Judge whether networks of different cohorts share their topology."""
    networks = evidence.tables["networks"]
    found = solved_matrices(evidence.tables["distances"], networks)
    chance = solved_matrices(evidence.tables["unrelated"].assign(metric=TOPOLOGY), networks)
    if TOPOLOGY not in found or TOPOLOGY not in chance:
        return []
    rows, distances, unrelated = shared_matrices(found[TOPOLOGY], chance[TOPOLOGY])
    cohort = rows.groupby(["model", "constraint"], observed=True).ngroup().to_numpy()
    others = cohort[:, None] != cohort
    whose = "of different cohorts " if others.any() else ""
    pairs = others if others.any() else ~np.eye(len(cohort), dtype=bool)
    means = [pair_mean(matrix, pairs) for matrix in (distances, unrelated)]
    (mean, without), (of_chance, without_of_chance) = means
    with np.errstate(divide="ignore", invalid="ignore"):
        value, left_out = 1 - np.divide(mean, of_chance), 1 - without / without_of_chance
    return [
        difference(
            "F6e",
            f"Networks {whose}share {SHARED_IN_WORDS} of their topology.",
            f"1 less their mean {TOPOLOGY} distance, {mean:.3g}, over that of unrelated networks, "
            f"{of_chance:.3g}",
            float(value),
            interval(float(value), left_out, cohort),
            len(rows),
            len(rows),
            threshold=SHARED,
            where=IN_ALL,
        )
    ]


def interval(value: float, left_out: np.ndarray, cohort: np.ndarray) -> tuple[float, float]:
    """Compute the 95 % interval of what networks share, by a jackknife over networks.

    Where all pairs are at one distance nothing varies, and a jackknife alone would be sure of
    four equal networks. So the interval is at least as long as is needed to allow for a kind of
    network that by chance was not drawn: if of n networks none is of a kind, its share of all
    is at most 1 - 0.025^(1/n) (Clopper & Pearson 1934, Biometrika 26:404), and two networks
    share nothing if one of them is of this kind; if not more than one is, likewise, but two
    networks of this kind share all. A kind that was not drawn may be of one cohort alone, and
    be in all pairs of a small cohort with large ones: so likewise for each cohort of n, as far
    as pairs with its networks count.

    Parameters
    ----------
    value
        What networks share.
    left_out
        (network,), the same without each network.
    cohort
        (network,) int, the cohort of each, from 0; pairs of different cohorts count, or those
        of the only one.

    Returns
    -------
    low, high
        NaN where something is not finite or there are no networks.
    """
    count = len(left_out)
    if not count or not np.isfinite([value, *left_out]).all():
        return np.nan, np.nan
    reach = jackknife_reach(left_out, np.zeros(count, dtype=int))
    tail = (1 - CONFIDENCE) / 2
    unseen = beta.ppf(1 - tail, 2, count - 1) if count > 1 else 1.0
    low = min(value - reach, value * tail ** (2 / count), value * _least_usual(cohort, tail))
    high = max(value + reach, value + (1 - value) * unseen**2)
    return float(low), float(min(high, 1.0))


def _least_usual(cohort: np.ndarray, tail: float) -> float:
    """Compute the least share of pairs that are usual if some networks of one cohort are not.

    Each cohort alone may hold a kind that was not drawn, in up to 1 - tail^(1/n) of it.
    """
    sizes = np.bincount(cohort)
    sizes = sizes[sizes > 0]
    if len(sizes) < 2:
        return 1.0
    pairs = sizes * (sizes.sum() - sizes)
    return float((1 - 2 * pairs / pairs.sum() * (1 - tail ** (1 / sizes))).min())


def universality(verdicts: Mapping[str, str]) -> str:
    """Say in one sentence what the claims about topology and geometry come to together.

    Parameters
    ----------
    verdicts
        Claim -> verdict, of one task; empty if it lacks F6a or F6e.

    Returns
    -------
    str
        Empty if either claim was not judged.
    """
    if not {"F6a", "F6e"} <= verdicts.keys():
        return ""
    shared, cell = verdicts["F6e"], verdicts["F6a"]
    if shared == OPEN:
        return "Whether the topology is universal cannot be told, since F6e cannot."
    if shared != HOLDS:
        return (
            "The topology is not universal, since networks do not share it (F6e); what F6a to F6c "
            "say of it is about differences among networks that have little in common."
        )
    if cell == HOLDS:
        return (
            "The topology is universal across cells and the geometry is individual: networks share "
            "their topology (F6e), and the cell explains less of it than of the geometry (F6a)."
        )
    told = "cannot be told" if cell == OPEN else "it does not"
    return (
        "Networks share their topology (F6e); whether the cell explains less of it than of the "
        f"geometry: {told} (F6a)."
    )


def universality_of(findings: pd.DataFrame) -> str:
    """Say what the findings of one task, rows of the table ``findings``, come to together."""
    return universality(dict(zip(findings["claim"], findings["verdict"], strict=True)))
