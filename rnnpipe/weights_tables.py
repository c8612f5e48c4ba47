"""Effective weights of chosen networks as a long table, for figures."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from rnnpipe.plan import block_path
from rnnpipe.population import Population
from rnnpipe.settings import Cohort
from rnnpipe.weights_file import load_population


def read_weights(members: Mapping[str, Any], networks: pd.DataFrame) -> pd.DataFrame:
    """Weights of the named networks (model, constraint, seed), one row per weight.

    Parameters
    ----------
    members
        `experiment`, `cohorts` and `blocks`, as `Plan` gives them to a job.
    """
    frames = []
    for cohort in (Cohort(**names) for names in members["cohorts"]):
        own = (networks["model"] == cohort.model) & (networks["constraint"] == cohort.constraint)
        for seed in networks.loc[own, "seed"]:
            block = next(b for b in members["blocks"] if _holds(b, seed))
            path = block_path(members["experiment"], "weights", cohort, block)
            population, seeds = load_population(path)
            frames.append(
                weights_frame(population, seeds.index(seed)).assign(seed=seed, **vars(cohort))
            )
    return pd.concat(frames, ignore_index=True)


def _holds(block: str, seed: int) -> bool:
    first, last = map(int, block.split("-"))
    return first <= seed <= last


def weights_frame(population: Population, network: int) -> pd.DataFrame:
    """One network's effective weights.

    Returns
    -------
    DataFrame
        matrix (``recurrent``, ``input``, ``output``), row (post), column
        (pre), value, and of the units on either side: row_region,
        column_region, column_sign (+1, -1, 0 where Dale's law does not hold).
        A side that has no units, such as an input channel, has empty ones.
    """
    weights = population.weights()
    regions = np.array(population.regions, dtype=object)
    sign = population.sign[network].numpy().astype(int)
    frames = []
    for name, rows_are_units, columns_are_units in (
        ("recurrent", True, True),
        ("input", True, False),
        ("output", False, True),
    ):
        values = getattr(weights, name)[network].detach().numpy()
        row, column = (index.ravel() for index in np.indices(values.shape))
        frames.append(
            pd.DataFrame(
                {
                    "matrix": name,
                    "row": row,
                    "column": column,
                    "value": values.ravel(),
                    "row_region": regions[row] if rows_are_units else "",
                    "column_region": regions[column] if columns_are_units else "",
                    "column_sign": sign[column] if columns_are_units else 0,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)
