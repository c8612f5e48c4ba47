"""The pipeline's own functions on many populations, and the rates that follow."""

import os
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from _pytest.mark import ParameterSet

from rnnpipe.population.statistics.effects import effects_table
from rnnpipe.population.statistics.explained import explained
from rnnpipe.population.statistics.factors import Question, questions
from rnnpipe.population.statistics.tables import mantel_table, solved_matrices, statistics_table
from rnnpipe.settings.sections.analysis import StatisticsSettings
from rnnpipe.streams import stream
from tests.population.simulations.designs import design
from tests.population.simulations.populations import (
    DIMENSIONS,
    METRICS,
    Tables,
    Truth,
    centres,
    populations,
)
from tests.population.simulations.rates import Rate

PERMUTATIONS = 199
# Populations of a case, in `make test-statistics POPULATIONS=…` and in `make test`.
FULL, SHORT = int(os.environ.get("POPULATIONS", 400)), 40
Rows = dict[str, pd.DataFrame]


def _statistics(drawn: Tables, settings: StatisticsSettings) -> pd.DataFrame:
    return statistics_table("t", solved_matrices(drawn["distances"], drawn["networks"]), settings)


def _mantel(drawn: Tables, settings: StatisticsSettings) -> pd.DataFrame:
    return mantel_table("t", solved_matrices(drawn["distances"], drawn["networks"]), settings)


def _effects(drawn: Tables, settings: StatisticsSettings) -> pd.DataFrame:
    first = drawn["networks"]["constraint"].iloc[0]
    return effects_table("t", drawn["networks"], drawn["behaviour"], first, settings)


# Tables that scripts/population_statistics.py makes, as it makes them.
MAKERS = {"statistics": _statistics, "effects": _effects, "mantel": _mantel}


def many(*axes: Sequence, part: float = 1.0) -> list:
    """Parameters of tests on many populations, and their count: all combinations of the axes."""
    count = round(part * FULL)
    return [
        pytest.param(*case, count, id=_name(case), marks=pytest.mark.statistics)
        for case in product(*axes)
    ]


def few(*case: Any) -> ParameterSet:
    """Parameters of a test on few populations, for `make test`, and their count."""
    return pytest.param(*case, SHORT, id=f"{_name(case)}-few")


def _name(case: Sequence) -> str:
    return "-".join(map(str, case))


def simulate(
    name: str, size: str, truth: Truth, count: int, tables: Sequence[str] = tuple(MAKERS)
) -> Rows:
    """Make tables of statistics of many populations.

    Parameters
    ----------
    name, size
        The design.
    truth
        What is planted.
    count
        Number of populations.
    tables
        Names among those of `MAKERS`.

    Returns
    -------
    dict
        Name of a table -> its rows, of all populations.
    """
    rows: dict[str, list[pd.DataFrame]] = {table: [] for table in tables}
    rng = stream(0, f"populations {name} {size} {truth}")
    for number, drawn in enumerate(populations(design(name, size), truth, count, rng)):
        # The same few permutations for all populations would miss the size of a test together.
        settings = StatisticsSettings(permutations=PERMUTATIONS, seed=number)
        for table in tables:
            rows[table].append(MAKERS[table](drawn, settings))
    return {table: pd.concat(frames, ignore_index=True) for table, frames in rows.items()}


def significant(p: pd.Series) -> Rate:
    """How often a test says p ≤ 0.05, where it could be made."""
    return Rate.among((p.dropna() <= 0.05).to_numpy())


def covered(low: pd.Series, high: pd.Series, truth: float) -> Rate:
    """How often an interval holds the truth, where there is one."""
    known = low.notna() & high.notna()
    return Rate.among(((low <= truth) & (truth <= high))[known].to_numpy())


def planted(networks: pd.DataFrame, question: Question, effects: Mapping[str, float]):
    """What a factor does to Gaussian clouds, given the others: see `ideal.power_of_f`.

    Returns
    -------
    tuple
        The noncentrality, and the sum over networks of the squared distance to the mean
        of all centres.
    """
    places = centres(networks, effects)
    own = float(np.sum((question.design.own.T @ places) ** 2))
    return own, float(np.sum((places - places.mean(0)) ** 2))


def true_omega2(networks: pd.DataFrame, factor: str, effects: Mapping[str, float]) -> float:
    """ω² of a factor in Euclidean distances of infinitely many populations."""
    own, total = planted(networks, questions(networks)[factor], effects)
    return own / (total + DIMENSIONS * len(networks))


def measured_omega2(
    networks: pd.DataFrame, factor: str, effects: Mapping[str, float], metric: str
) -> float:
    """ω² of a factor in populations of the same design that are many times as large."""
    times = max(1, 800 // len(networks))
    many = networks.loc[np.repeat(networks.index, times)].reset_index(drop=True)
    question = questions(many)[factor]
    rng = stream(0, f"large populations {metric} {factor} {effects}")
    noise = rng.standard_normal((6, len(many), DIMENSIONS))
    matrices = (METRICS[metric](centres(many, effects) + own) for own in noise)
    return float(
        np.mean([explained(matrix, question.labels, question.design).omega2 for matrix in matrices])
    )
