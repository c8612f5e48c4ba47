"""Mean numbers of fixed points by number of unstable modes, a line per group of networks."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import SubFigure
from matplotlib.ticker import MaxNLocator

from rnnpipe.figures import page
from rnnpipe.figures.panels import means as means_panel
from rnnpipe.figures.selection import NETWORK

_COUNT = re.compile(r"unstable_(\d+)")


def prepare(networks: pd.DataFrame, solved: pd.DataFrame, by: str) -> pd.DataFrame:
    """Mean number of fixed points of solved networks by number of unstable modes (x) and ``by``.

    A network under several probes counts by its mean over them.
    """
    counts = [name for name in networks if _COUNT.fullmatch(str(name))]
    rows = networks.merge(solved[NETWORK], on=NETWORK)
    rows = rows.melt(
        list(dict.fromkeys([*NETWORK, by])), counts, var_name="x", value_name="count"
    ).dropna()
    rows["x"] = rows["x"].str.extract(r"(\d+)")[0].astype(int)
    table = means_panel.summarise(rows, [by, "x"], "count")
    return table[table["x"] <= table.loc[table["mean"] > 0, "x"].max()]


def draw(
    block: SubFigure, index: int, rows: pd.DataFrame, colours: Mapping[str, str], by: str = "cell"
) -> None:
    """Number of fixed points by number of unstable modes."""
    page.title(block, index, "Fixed points")
    ax = means_panel.panel(block.subplots(), rows, colours, group=by, spread=0.3)
    if len(rows):
        ax.set(xlabel="unstable modes", ylabel="fixed points per network")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        # Slow or marginal regions hold hundreds of points where memories are a few.
        if float(rows["mean"].max()) > 30:
            ax.set_yscale("symlog", linthresh=1)
        ax.set_ylim(bottom=0)
