"""F12: how and when the points of skeletons arise in training, and what they tell of the end.

Points arise where the weights, interpolated between two kept steps, pass a bifurcation (table
``development_events``). When the points of a network arise is told by those that it has at its
last kept step and did not have at step 0; a birth that is not dated counts at the next kept step.
"""

import numpy as np
import pandas as pd

from rnnpipe.population.findings.development import IDENTITY, counted_points
from rnnpipe.population.findings.evidence import Evidence, all_right
from rnnpipe.population.findings.finding import Finding, difference
from rnnpipe.population.statistics.jackknife import smallest
from rnnpipe.population.statistics.matched import matched_effect
from rnnpipe.population.statistics.own_end import foretelling
from rnnpipe.tables.schemas import COHORT, NETWORK

BRANCH_POINT = "branch point"
# The cell and activation of the networks that F12b and F12c compare.
GRADUAL, ABRUPT = ("vanilla", "tanh"), ("gru", "tanh")
# The share of a network's points between whose births it counts how long they take to arise.
FIRST, LAST = 0.1, 0.9
# The fraction of training at which the end is foretold, and the rank of the own end by chance.
FRACTION, CHANCE = 0.25, 0.5


def judge_births(evidence: Evidence) -> list[Finding]:
    """Judge how points arise, whether cells differ in when, and whether they foretell the end."""
    return [_judge_pairs(evidence), *_judge_when(evidence), *_judge_foretelling(evidence)]


def _judge_pairs(evidence: Evidence) -> Finding:
    """Judge whether no point arises singly; nothing is told where none arises."""
    births = _births(evidence)
    births = births.assign(paired=_paired(births))
    sentence = (
        "have no point that arises singly: points arise in pairs of opposite index or from a point "
        "that branches."
    )
    criterion = (
        "of every birth the other point of opposite index that is born with it, or the branch "
        f"point, is known; of {len(births)} births {int(births['paired'].sum())} are"
    )
    right = all_right(births, "paired", evidence.of_solved("development"))
    return evidence.judge_share("F12a", sentence, criterion, right)


def _births(evidence: Evidence) -> pd.DataFrame:
    """Births of points of solved networks."""
    events = evidence.of_solved("development_events")
    return events[(events["event"] == "birth") & (events["of"] == "point")]


def _paired(births: pd.DataFrame) -> pd.Series:
    """Whether each birth of a point has its other half, or comes from a branch point."""
    other = births[[*IDENTITY, "partner", "index", "step_before"]]
    other = other.rename(columns={"identity": "partner", "partner": "back", "index": "opposite"})
    key = [*NETWORK, "probe", "partner", "step_before"]
    merged = births[[*IDENTITY, *key[-2:], "index"]].merge(
        other.drop_duplicates(key), on=key, how="left"
    )
    mutual = (merged["back"] == merged["identity"]) & (merged["index"] == -merged["opposite"])
    branched = (births["kind"] == BRANCH_POINT).to_numpy()
    return pd.Series(mutual.to_numpy(dtype=bool) | branched, index=births.index)


def arising(evidence: Evidence) -> pd.DataFrame:
    """When the points that solved networks have at the end were born, under all probes together.

    Returns
    -------
    DataFrame
        By network: ``middle``, log10 of 1 + the median step of birth, and ``span``, how many
        powers of ten lie between those of the `FIRST` and the `LAST` of them; NaN where none was
        born.
    """
    points = counted_points(evidence)
    rows = evidence.of_solved("development")
    last = rows.groupby([*NETWORK, "probe"], observed=True)["step"].max().reset_index()
    points = points.merge(last, on=[*NETWORK, "probe", "step"])[IDENTITY]
    births = _births(evidence)
    births = births.assign(born=births["step"].fillna(births["step_after"]))
    births = births.sort_values("born").drop_duplicates(IDENTITY, keep="last")
    points = points.merge(births[[*IDENTITY, "born"]], on=IDENTITY)
    points["born"] = np.log10(1 + points["born"].astype(float))
    born = points.groupby(NETWORK, observed=True)["born"]
    found = pd.DataFrame(
        {"middle": born.median(), "span": born.quantile(LAST) - born.quantile(FIRST)}
    )
    return found.reindex(pd.MultiIndex.from_frame(evidence.networks()[NETWORK]))


def _judge_when(evidence: Evidence) -> list[Finding]:
    """Judge whether GRUs' points arise later and at once; nothing where only one side is there."""
    networks = evidence.networks().reset_index(drop=True)
    kinds = pd.Series(zip(networks["cell"], networks["activation"], strict=True), dtype=object)
    if not {GRADUAL, ABRUPT} <= set(kinds):
        return []
    places = networks.groupby(["constraint", "units"], observed=True).ngroup()
    both = [set(places[kinds == kind]) for kind in (GRADUAL, ABRUPT)]
    chosen = kinds.isin([GRADUAL, ABRUPT]) & places.isin(both[0] & both[1])
    found = arising(evidence)[chosen.to_numpy()]
    abrupt, places = (kinds[chosen] == ABRUPT).to_numpy(), places[chosen].to_numpy()
    judged = (
        (
            "F12b",
            "The points of GRUs arise later in training than those of tanh networks.",
            "g of the logarithm of the median step of birth: GRUs less tanh networks",
            found["middle"],
            abrupt,
        ),
        (
            "F12c",
            "The points of tanh networks arise gradually and those of GRUs abruptly.",
            f"g of the powers of ten between the first {FIRST:.0%} and the last {1 - LAST:.0%} of "
            "births: tanh networks less GRUs",
            found["span"],
            ~abrupt,
        ),
    )
    return [
        difference(
            claim,
            sentence,
            quantity,
            *_effect(values.to_numpy(), sample, places),
            len(values),
            smallest(2 * places + sample),
        )
        for claim, sentence, quantity, values, sample in judged
    ]


def _effect(
    values: np.ndarray, sample: np.ndarray, places: np.ndarray
) -> tuple[float, tuple[float, float]]:
    """Matched effect; a network without a value has the least favourable of all."""
    if not np.isfinite(values).any():
        return np.nan, (np.nan, np.nan)
    worst = np.where(sample, np.nanmin(values), np.nanmax(values))
    value, low, high = matched_effect(np.where(np.isnan(values), worst, values), sample, places)
    return value, (low, high)


def _judge_foretelling(evidence: Evidence) -> list[Finding]:
    """Judge by where the own end ranks among the ends of the cohort, by two distances."""
    every = evidence.of_solved("foretold")
    found = []
    for claim, metric, what in (("F12d", "topology", "topology"), ("F12e", "svcca", "geometry")):
        rows = every[(every["metric"] == metric) & (every["fraction"] == FRACTION)]
        size = rows.groupby(COHORT, observed=True)["seed"].transform("size")
        cohorts = [
            np.stack(own.sort_values("seed")["distances"])
            for _, own in rows[size > 1].groupby(COHORT, observed=True)
        ]
        sizes = [len(own) for own in cohorts]
        found.append(
            difference(
                claim,
                f"The {what} after {FRACTION:.0%} of a network's training foretells its own end "
                "better than chance.",
                f"share of the other networks of its cohort whose end is farther from it than its "
                f"own, by {metric}, an equal distance counting half; mean over networks",
                *foretelling(cohorts),
                sum(sizes),
                min(sizes, default=0),
                threshold=CHANCE,
            )
        )
    return found
