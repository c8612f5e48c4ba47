"""Spurious fixed points: made by a saturated gate, far from all states that the network visits."""

import pandas as pd

from rnnpipe.dynamics.classes import MARGINAL_CLASS


def is_spurious(points: pd.DataFrame) -> pd.Series:
    """Return, as `spurious`, whether points are, by their own ``class`` and ``beyond_visited``."""
    return points["beyond_visited"].astype(bool) & (points["class"] == MARGINAL_CLASS)


def spurious(points: pd.DataFrame, stability: pd.DataFrame, key: list[str]) -> pd.Series:
    """Return whether each point is marginal and lies beyond all visited states.

    Where gates saturate, h' = u h + (1 - u) c keeps any state there is once u
    rounds to 1: a search finds as many points there as it has starts. Such points
    say nothing about what the network does, and are left out of counts, comparisons
    and claims. Far points with modes that grow or decay are not spurious.

    Parameters
    ----------
    points
        Rows of the table ``fixed_points``: `key`, ``beyond_visited``.
    stability
        Rows of the table ``stability``: `key`, ``class``.
    key
        Columns that identify a point.

    Returns
    -------
    Series
        bool, with the index of `points`.
    """
    if points.empty:
        return pd.Series(False, index=points.index)
    marginal = stability.loc[stability["class"] == MARGINAL_CLASS, key].drop_duplicates()
    merged = points[key].merge(marginal, on=key, how="left", indicator=True)
    held = (merged["_merge"] == "both").to_numpy()
    return points["beyond_visited"].astype(bool) & pd.Series(held, index=points.index)
