"""F8 and F13: what is proved at low rank, which rank a task needs, and how alike its networks are.

The rank that a task needs is asked twice: of networks that are trained at a rank (F13a), and of
networks that are trained without one and cut afterwards (F13b and c), to which nothing is done to
make up for the cut. Whether networks of the least rank at which the task is learnt are more alike
than those of full rank is a planned contrast (F13d and e), of networks that differ in nothing else:
the rank is chosen by how many networks learn the task, not by how alike they are.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import bdtr

from rnnpipe.population.findings.every_task import GEOMETRY, TOPOLOGY
from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import (
    FAILS,
    HOLDS,
    MOST,
    MOST_IN_WORDS,
    Finding,
    difference,
    share,
    unmeasured,
)
from rnnpipe.population.statistics.groups import scatter_difference
from rnnpipe.population.statistics.jackknife import CONFIDENCE, smallest
from rnnpipe.population.statistics.tables import solved_matrices
from rnnpipe.settings.asked import LOW_RANK
from rnnpipe.tables.schemas import NETWORK

# Of claims on one rank of the constraint's axis, what stands before the rank.
AT_RANK = "F13a"
CUTS = (
    ("F13b", "least_rank", "their recurrent weights"),
    ("F13c", "least_change_rank", "the change of their recurrent weights in training"),
)
CONTRASTS = (
    ("F13d", TOPOLOGY, "topologies"),
    ("F13e", GEOMETRY, "states"),
)


def judge_ranks(evidence: Evidence) -> list[Finding]:
    """Judge all claims on rank; none where no network has a low rank and none was cut."""
    return [
        *_judge_proofs(evidence),
        *_judge_learning(evidence),
        *_judge_cuts(evidence),
        *_judge_likeness(evidence),
    ]


def _once(evidence: Evidence) -> pd.DataFrame:
    """Select one row per network, solved or not; its rank is NaN where no constraint gives one."""
    networks = evidence.tables["networks"].drop_duplicates(NETWORK)
    return networks.assign(
        rank=networks["rank"].astype(float), solved=networks["solved"].astype(bool)
    )


def _judge_proofs(evidence: Evidence) -> list[Finding]:
    """Judge whether the points of networks of low rank are proved, and the search finds them."""
    every = _once(evidence)
    if not (every["rank"] <= LOW_RANK).any():
        return []
    low = every.loc[(every["rank"] <= LOW_RANK) & every["solved"], NETWORK]
    claim = (
        "F8",
        f"{MOST_IN_WORDS} solved networks of rank 1 to {LOW_RANK} have fixed points that are "
        "proved to be all, and the search finds just these.",
    )
    rows = evidence.tables["searches"].merge(low, on=NETWORK)
    rows = rows[rows["probe"].isin(evidence.task.probes())]
    criterion = "its points are proved under every input held, none that the search missed"
    if len(rows) and not (rows["proof_rank"] > 0).any():
        return [unmeasured(*claim, criterion, MOST)]
    rows["proved"] = rows["certificate"] == "proved"
    rows["right"] = rows["proved"] & (rows["missed"] == 0) & (rows["refuted"] == 0)
    by_network = rows.groupby(NETWORK, observed=True)["right"].agg(["all", "size"])
    right = by_network["all"] & (by_network["size"] == len(evidence.task.probes()))
    every = right.reindex(pd.MultiIndex.from_frame(low), fill_value=False).to_numpy(dtype=bool)
    beside = (
        f"; {int(rows['proved'].sum())} of {len(rows)} searches are proved, in which "
        f"{int(rows.loc[rows['proved'], 'missed'].sum())} points were missed"
    )
    return [share(*claim, criterion + (beside if len(rows) else ""), every)]


def _judge_learning(evidence: Evidence) -> list[Finding]:
    """Judge rank by rank whether networks that are trained at it learn the task."""
    return [
        share(
            f"{AT_RANK}{rank:g}",
            f"{MOST_IN_WORDS} networks of rank {rank:g} learn the task.",
            "the score reaches the task's threshold",
            rows["solved"].to_numpy(),
        )
        for rank, rows in _once(evidence).groupby("rank")
    ]


def _judge_cuts(evidence: Evidence) -> list[Finding]:
    """Judge whether networks of full rank do the task when they are cut to a low one."""
    networks, found = _once(evidence), []
    full = networks[networks["rank"].isna() & networks["solved"]]
    for claim, column, what in CUTS:
        if networks[column].isna().all():
            continue
        least = full[column].to_numpy(dtype=float)
        found.append(
            share(
                claim,
                f"{MOST_IN_WORDS} solved networks of full rank do the task with {what} cut to "
                f"rank {LOW_RANK}.",
                f"the least rank at which it does the task is {LOW_RANK} or less{_median(least)}",
                least <= LOW_RANK,
            )
        )
    return found


def _median(least: np.ndarray) -> str:
    """Say the median of least ranks with its interval; one that is unknown is beyond all others."""
    if not len(least):
        return ""
    low, high = median_interval(least)
    middle = float(np.median(np.nan_to_num(least, nan=np.inf)))
    told = f" ({low:g} to {high:g})" if low == low else ""
    return f"; the median of all is {middle:g}{told}"


def median_interval(values: np.ndarray) -> tuple[float, float]:
    """Compute a 95 % interval of the median from the order of values, whatever they come from.

    The k-th value from either end, where fewer than k of n values lie below the median with
    a probability of at most 2.5 % (Thompson 1936, Ann. Math. Stat. 7:122).

    Parameters
    ----------
    values
        (network,); NaN is beyond all others.

    Returns
    -------
    low, high
        NaN of fewer than six values.
    """
    count = len(values)
    ranks = [k for k in range(1, count // 2 + 1) if bdtr(k - 1, count, 0.5) <= (1 - CONFIDENCE) / 2]
    if not ranks:
        return np.nan, np.nan
    ordered = np.sort(np.nan_to_num(values, nan=np.inf))
    return float(ordered[ranks[-1] - 1]), float(ordered[count - ranks[-1]])


def least_learnt_ranks(networks: pd.DataFrame) -> dict[str, float]:
    """Find for each model the least rank of a constraint at which most networks learn the task.

    Parameters
    ----------
    networks
        One row per network, solved or not.

    Returns
    -------
    dict
        Model -> rank, of the models that have such a rank.
    """
    shares = networks.groupby(["model", "rank"], observed=True)["solved"].mean()
    learnt = shares[shares > MOST].reset_index()
    return learnt.groupby("model", observed=True)["rank"].min().to_dict()


def _judge_likeness(evidence: Evidence) -> list[Finding]:
    """Judge whether networks of the least rank are more alike than those of full rank."""
    every = _once(evidence)
    least = least_learnt_ranks(every)
    if not every["rank"].notna().any() or not unconstrained(every).any():
        return []
    found = solved_matrices(evidence.tables["distances"], evidence.tables["networks"])
    return [
        _contrast(claim, metric, what, *found[metric], least)
        for claim, metric, what in CONTRASTS
        if metric in found
    ]


def unconstrained(networks: pd.DataFrame) -> pd.Series:
    """Return whether networks are of full rank and obey nothing else that low rank does not."""
    free = networks["rank"].isna() & networks["dale_ratio"].isna()
    whole = networks["density"].eq(1) & networks["modules"].eq(1)
    return free & whole & networks["autapses"].astype(bool)


def _contrast(
    claim: str,
    metric: str,
    what: str,
    networks: pd.DataFrame,
    distances: np.ndarray,
    least: Mapping[str, float],
) -> Finding:
    """Compare the scatter of networks of the least rank with that of those of full rank."""
    wanted = networks["model"].map(least).astype(float)
    own = networks["rank"].astype(float).eq(wanted).to_numpy()
    wide = unconstrained(networks).to_numpy()
    model = networks["model"].to_numpy()
    both = np.isin(model, model[own]) & np.isin(model, model[wide])
    chosen = np.flatnonzero((own | wide) & both)
    apart, places = distances[np.ix_(chosen, chosen)], model[chosen]
    value, low, high = scatter_difference(apart, wide[chosen], places)
    ranks = sorted({least[name] for name in model[chosen]})
    said = ", ".join(f"{rank:g}" for rank in ranks) or "none"
    return difference(
        claim,
        f"The {what} of networks of the least rank that learns the task are more alike than those "
        "of networks of full rank.",
        f"mean {metric} distance: among networks of full rank less among those of the least one "
        f"({said})",
        value,
        (low, high),
        len(chosen),
        smallest(2 * pd.factorize(places)[0] + wide[chosen]),
    )


def needed_rank(verdicts: Mapping[str, str]) -> str:
    """Say in one sentence which rank the task needs, by the verdicts on each rank.

    Parameters
    ----------
    verdicts
        Claim -> verdict, of one task.

    Returns
    -------
    str
        Empty if no network was trained at a rank.
    """
    by_rank = {
        int(claim.removeprefix(AT_RANK)): verdict
        for claim, verdict in verdicts.items()
        if claim.startswith(AT_RANK)
    }
    if not by_rank:
        return ""
    ranks = sorted(by_rank)
    enough = next((rank for rank in ranks if by_rank[rank] == HOLDS), None)
    below = [rank for rank in ranks if enough is None or rank < enough]
    open_ = next((rank for rank in below if by_rank[rank] != FAILS), None)
    if enough is None and open_ is None:
        return f"No rank up to {ranks[-1]} is enough for most networks to learn the task (F13a)."
    if enough is None and open_ == ranks[0]:
        return "Which rank the task needs cannot be told (F13a)."
    if enough is None:
        refuted = max(rank for rank in ranks if rank < open_)
        return (
            f"Rank {refuted} is not enough for most networks to learn the task; whether rank "
            f"{open_} is cannot be told (F13a)."
        )
    if open_ is not None:
        return (
            f"The task needs a rank from {open_} to {enough} to be learnt by most networks (F13a)."
        )
    lower = f", and not rank {below[-1]}" if below else ""
    return f"Most networks learn the task at rank {enough}{lower} (F13a)."
