"""Weights of chosen networks as a long table, for figures."""

import numpy as np
import pandas as pd

from rnnpipe.networks.stack import NetworkStack
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.plan.paths import block_path
from rnnpipe.settings.members import Members, block_holds


def read_weights(members: Members, networks: pd.DataFrame) -> pd.DataFrame:
    """Read the weights of the given networks (model, constraint, seed), one row per weight.

    Parameters
    ----------
    members
        Whose blocks to read.
    """
    frames = []
    blocks = list(members.blocks())
    for cohort in (entry.cohort for entry in members.cohorts):
        own = (networks["model"] == cohort.model) & (networks["constraint"] == cohort.constraint)
        for seed in networks.loc[own, "seed"]:
            block = next(b for whose, b in blocks if whose == cohort and block_holds(b, seed))
            path = block_path(members.experiment, "weights", cohort, block)
            stack, seeds = load_networks(path)
            frames.append(weights_frame(stack, seeds.index(seed)).assign(seed=seed, **vars(cohort)))
    return pd.concat(frames, ignore_index=True)


def weights_frame(networks: NetworkStack, network: int) -> pd.DataFrame:
    """Tabulate the effective weights of one network; of a gated cell, the candidate's.

    Returns
    -------
    DataFrame
        matrix (``recurrent``, ``input``, ``output``), row (post), column
        (pre), value, and of the units on either side: row_region,
        column_region, column_sign (+1, -1, 0 where Dale's law does not hold).
        A side that has no units, such as an input channel, has empty ones.
    """
    weights = networks.weights()
    matrices = {
        "recurrent": networks.candidate(weights.recurrent),
        "input": networks.candidate(weights.input),
        "output": weights.output,
    }
    regions = np.array(networks.regions, dtype=object)
    sign = networks.sign[network].numpy().astype(int)
    frames = []
    for name, rows_are_units, columns_are_units in (
        ("recurrent", True, True),
        ("input", True, False),
        ("output", False, True),
    ):
        values = matrices[name][network].detach().numpy()
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
