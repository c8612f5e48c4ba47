"""Weights of chosen networks, read from the files of their blocks."""

import pandas as pd

from rnnpipe.networks.weights_file import load_networks
from rnnpipe.plan.paths import block_path
from rnnpipe.results.weights_frame import weights_frame
from rnnpipe.settings.members import Members, block_holds


def read_weights(members: Members, networks: pd.DataFrame) -> pd.DataFrame:
    """Weights of the named networks (model, constraint, seed), one row per weight.

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
