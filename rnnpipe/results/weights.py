"""Weights of chosen networks, read from the files of their blocks."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rnnpipe.networks.weights_file import load_networks
from rnnpipe.plan.paths import block_path
from rnnpipe.results.members import blocks_of, cohorts_of, holds
from rnnpipe.results.weights_frame import weights_frame


def read_weights(members: Mapping[str, Any], networks: pd.DataFrame) -> pd.DataFrame:
    """Weights of the named networks (model, constraint, seed), one row per weight.

    Parameters
    ----------
    members
        `experiment`, `cohorts` and `blocks`, as `Plan` gives them to a job.
    """
    frames = []
    blocks = list(blocks_of(members))
    for cohort in cohorts_of(members):
        own = (networks["model"] == cohort.model) & (networks["constraint"] == cohort.constraint)
        for seed in networks.loc[own, "seed"]:
            block = next(b for whose, b in blocks if whose == cohort and holds(b, seed))
            path = block_path(members["experiment"], "weights", cohort, block)
            stack, seeds = load_networks(path)
            frames.append(weights_frame(stack, seeds.index(seed)).assign(seed=seed, **vars(cohort)))
    return pd.concat(frames, ignore_index=True)
