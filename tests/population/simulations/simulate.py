"""The pipeline's own functions on many populations, and the rates that follow."""

from collections.abc import Sequence

import pandas as pd
import pytest

from rnnpipe.population.statistics.effects import effects_table
from rnnpipe.population.statistics.tables import mantel_table, solved_matrices, statistics_table
from rnnpipe.settings.sections.analysis import StatisticsSettings
from rnnpipe.streams import stream
from tests.population.simulations.designs import SIZES, design
from tests.population.simulations.populations import Truth, populations
from tests.population.simulations.rates import Rate

SETTINGS = StatisticsSettings(permutations=199, resamples=199, seed=0)
# Populations of a case, in `make test-statistics` and in `make test`.
FULL, SHORT = 1000, 60
Rows = dict[str, pd.DataFrame]


def cases(full: Sequence[str] = SIZES, short: Sequence[str] = ("4", "10"), part: float = 1.0):
    """Parameters ``size`` and ``count`` of a test: many populations, or in `make test` few."""
    many, few = round(part * FULL), round(part * SHORT)
    marked = [
        pytest.param(size, many, id=f"{size}-full", marks=pytest.mark.statistics) for size in full
    ]
    return [*marked, *(pytest.param(size, few, id=f"{size}-few") for size in short)]


def simulate(name: str, size: str, truth: Truth, count: int) -> Rows:
    """Make the tables of statistics of many populations.

    Returns
    -------
    dict
        ``statistics``, ``effects`` and ``mantel`` of all populations.
    """
    chosen = design(name, size)
    reference = chosen.cohorts["constraint"].iloc[0]
    rows: dict[str, list[pd.DataFrame]] = {"statistics": [], "effects": [], "mantel": []}
    rng = stream(0, f"populations {name} {size} {truth}")
    for tables in populations(chosen, truth, count, rng):
        found = solved_matrices(tables["distances"], tables["networks"])
        rows["statistics"].append(statistics_table("task", found, SETTINGS))
        rows["mantel"].append(mantel_table("task", found, SETTINGS))
        effects = effects_table(
            "task", tables["networks"], tables["behaviour"], reference, SETTINGS
        )
        rows["effects"].append(effects)
    return {table: pd.concat(frames, ignore_index=True) for table, frames in rows.items()}


def significant(p: pd.Series) -> Rate:
    """How often a test says p ≤ 0.05, where it could be made."""
    return Rate.among((p.dropna() <= 0.05).to_numpy())


def covered(low: pd.Series, high: pd.Series, truth: float) -> Rate:
    """How often an interval holds the truth, where there is one."""
    known = low.notna() & high.notna()
    return Rate.among(((low <= truth) & (truth <= high))[known].to_numpy())
