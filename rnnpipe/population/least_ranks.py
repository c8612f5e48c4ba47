"""The least ranks of networks, from the scores of networks that are cut to lower ranks."""

from collections.abc import Mapping

import pandas as pd

from rnnpipe.tables.schemas.ranks import CHANGE, WEIGHTS

# What is cut -> the column of the table `networks` with its least rank.
LEAST: Mapping[str, str] = {WEIGHTS: "least_rank", CHANGE: "least_change_rank"}


def least_ranks(ranks: pd.DataFrame | None, key: list[str]) -> pd.DataFrame:
    """Gather the least rank of each network's weights, and of their change in training.

    Parameters
    ----------
    ranks
        The table ``ranks``; None where ranks are not asked for.
    key
        Columns that identify a network.

    Returns
    -------
    DataFrame
        Columns of `key`, and of `LEAST`, with NaN where no rank does.
    """
    if ranks is None:
        return pd.DataFrame(columns=[*key, *LEAST.values()])
    rows = ranks[ranks["least"].astype(bool)]
    found = ranks[key].drop_duplicates()
    for cut, name in LEAST.items():
        own = rows.loc[rows["cut"] == cut, [*key, "rank"]].rename(columns={"rank": name})
        found = found.merge(own, on=key, how="left")
    return found
