"""Populations with ranks, for every claim on them about single networks: faults, or what lacks."""

import numpy as np
import pandas as pd

from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import Finding
from rnnpipe.population.findings.ranks import judge_ranks
from rnnpipe.tables.schemas import FACTORS, NETWORK
from rnnpipe.tasks import FlipFlop
from tests.population.findings.claim import Claim, replaced, without
from tests.population.findings.ideal_networks import Blocks, Change, spoil

TASK = FlipFlop(bits=2)
# Constraint -> rank, solved or not, by default.
LEARNT = {"one": (1, False), "two": (2, True), "three": (3, True), "free": (None, True)}


def population(
    networks: int = 12,
    learnt: dict[str, tuple[int | None, bool]] | None = None,
    scatter: dict[str, float] | None = None,
    least: tuple[float, float] = (3.0, 2.0),
    **searches: object,
) -> Evidence:
    """A population of so many networks per constraint of one model.

    Parameters
    ----------
    scatter
        How far from each other networks of a constraint are, on a line; 1 by default.
    least
        Least rank of the weights, and of their change, of networks of full rank.
    searches
        Columns of the table `searches` that differ from what is ideal.
    """
    rows = []
    for constraint, (rank, solved) in (learnt or LEARNT).items():
        own = least if rank is None else (rank, rank)
        for seed in range(networks):
            rows.append(
                {"model": "m", "constraint": constraint, "seed": seed, "solved": solved}
                | {name: 1 for name in FACTORS if name != "constraint"}
                | {"rank": rank, "dale_ratio": None, "autapses": True, "probe": "zero"}
                | dict(zip(("least_rank", "least_change_rank"), own, strict=True))
            )
    table = pd.DataFrame(rows)
    width = table["constraint"].map(scatter or {}).fillna(1.0).to_numpy()
    places = width * np.random.default_rng(0).standard_normal(len(table))
    distances = np.abs(np.subtract.outer(places, places))
    who = table[NETWORK]
    ideal = {"certificate": "proved", "proof_rank": 2, "missed": 0, "refuted": 0}
    tables = {
        "networks": table,
        "searches": who.assign(**{"probe": "zero", **ideal, **searches}),
        "distances": pd.concat(
            who.assign(metric=metric, distances=list(distances)) for metric in ("svcca", "topology")
        ),
    }
    return Evidence(TASK, tables)


def _ideal(networks: int) -> Blocks:
    """Networks of rank 2, and as many of full rank that are cut, which all do the task."""
    return dict(population(networks, {"two": (2, True), "free": (None, True)}).tables)


class Ranked(Claim):
    """A claim about single networks of a rank, or about single networks that are cut."""

    def changed(self, networks: int, wrong: int, change: Change | None) -> Finding:
        """Judge a population in which the tables of the first networks are changed."""
        tables = _ideal(networks)
        if change is not None:
            tables = spoil(tables, range(wrong), change)
        (own,) = (one for one in self.judge(Evidence(TASK, tables)) if one.claim == self.number)
        return own


def _ranked(number: str, **faults: Change) -> Ranked:
    return Ranked(number, _ideal, judge_ranks, faults)


RANKED = (
    _ranked(
        "F8",
        not_proved=replaced("searches", "certificate", "consistent"),
        missed=replaced("searches", "missed", 1),
        refuted=replaced("searches", "refuted", 1),
        of_another_probe=replaced("searches", "probe", "other"),
        lacking=without("searches"),
    ),
    _ranked("F13a2", not_solved=replaced("networks", "solved", False, constraint="two")),
    _ranked(
        "F13b",
        too_high=replaced("networks", "least_rank", 4.0, constraint="free"),
        lacking=replaced("networks", "least_rank", np.nan, constraint="free"),
    ),
    _ranked(
        "F13c",
        too_high=replaced("networks", "least_change_rank", 4.0, constraint="free"),
        lacking=replaced("networks", "least_change_rank", np.nan, constraint="free"),
    ),
)
