"""Recurrent, input and output weights as maps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from rnnpipe.figures import layout, style
from rnnpipe.figures.captions import EXAMPLES
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.selection import examples, rows_of
from rnnpipe.tables.schemas import NETWORK

NEEDS = Needs(tables=("networks", "weights"))

COLUMNS = ["matrix", "row", "column", "value", "y", "x", "group"]

_SIGNS = {1: "E", -1: "I", 0: ""}
_PERCENTILE = 99.0


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather a panel per example network and its weights with places in the sorted maps.

    ``y`` and ``x`` are the row and column at which a weight is drawn; ``group`` names the region
    and sign of the presynaptic unit of a recurrent weight.
    """
    chosen = examples(tables["networks"], options.examples)
    weights = rows_of(tables["weights"], chosen)
    layers = [_sorted(network) for _, network in weights.groupby(NETWORK, sort=False)]
    return layout.stack(COLUMNS, chosen, *layers)


def order(recurrent: pd.DataFrame) -> pd.DataFrame:
    """Units sorted by region, then excitatory before inhibitory, then index.

    Returns
    -------
    Columns unit, group ("region E", "E", "region" or ""), place; in order of place.
    """
    units = recurrent[["column", "column_region", "column_sign"]].drop_duplicates("column")
    units = units.assign(column_region=units["column_region"].fillna("").astype(str))
    first = units.groupby("column_region")["column"].transform("min")
    units = units.assign(first=first, late=-units["column_sign"].astype(int))
    units = units.sort_values(["first", "late", "column"], kind="stable").reset_index(drop=True)
    signs = units["column_sign"].astype(int).map(_SIGNS)
    # A region that is the whole network goes without its name.
    several = units["column_region"].nunique() > 1
    group = (units["column_region"] + " " + signs).str.strip() if several else signs
    return pd.DataFrame({"unit": units["column"], "group": group, "place": units.index})


def _sorted(network: pd.DataFrame) -> pd.DataFrame:
    units = order(network[network["matrix"] == "recurrent"])
    place = dict(zip(units["unit"], units["place"], strict=True))
    name = dict(zip(units["unit"], units["group"], strict=True))
    frame = network[[*NETWORK, "matrix", "row", "column", "value"]].copy()
    is_output, is_input = frame["matrix"] == "output", frame["matrix"] == "input"
    frame["y"] = frame["row"].where(is_output, frame["row"].map(place))
    frame["x"] = frame["column"].where(is_input, frame["column"].map(place))
    frame["group"] = frame["column"].map(name).where(frame["matrix"] == "recurrent", "")
    return frame.assign(layer="weight")


def scale(values: pd.Series) -> float:
    """Limit of a colour scale: the 99th percentile of the magnitudes that are not zero."""
    magnitudes = values.abs().to_numpy(float)
    magnitudes = magnitudes[np.isfinite(magnitudes) & (magnitudes > 0)]
    return float(np.percentile(magnitudes, _PERCENTILE)) if len(magnitudes) else 1.0


def _image(ax: Axes, weights: pd.DataFrame, norm: Normalize) -> None:
    grid = weights.pivot(index="y", columns="x", values="value").to_numpy(float)
    ax.imshow(grid, cmap=style.DIVERGING, norm=norm, aspect="auto", interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=True, linewidth=0.5)


def names(group: str) -> tuple[str, str]:
    """Region and sign of a group of units; either may be empty."""
    region, _, last = group.rpartition(" ")
    return (region, last) if last in ("E", "I") else (last, "")


def _separators(ax: Axes, recurrent: pd.DataFrame) -> None:
    """Lines between groups of units; above the map their signs, and above these their regions."""
    units = recurrent.drop_duplicates("x").sort_values("x")
    if units["group"].nunique() == 1:
        return
    for last in units.groupby("group", sort=False)["x"].max()[:-1]:
        for line in (ax.axhline, ax.axvline):
            line(last + 0.5, color=style.INK, lw=0.6)
    labels = units["group"].map(names)
    signed = labels.str[1].any()
    for row, key in ((0, labels), (int(signed), labels.str[0])):
        for label, places in units.groupby(key, sort=False)["x"]:
            text = label[1] if isinstance(label, tuple) else label
            ax.annotate(
                text,
                (places.mean(), -0.5),
                xytext=(0, 1.5 + 1.2 * style.FONT_SIZE * row),
                textcoords="offset points",
                ha="center",
                va="bottom",
            )


def panel(ax: Axes, weights: pd.DataFrame, norms: Mapping[str, Normalize]) -> Axes:
    """Recurrent weights, input weights at their left, output weights below."""
    parts = dict(list(weights.groupby("matrix")))
    recurrent = parts["recurrent"]
    units = recurrent["x"].nunique()
    _image(ax, recurrent, norms["recurrent"])
    ax.set_aspect("equal")
    _separators(ax, recurrent)
    side, below = ax, ax
    if "input" in parts:
        wide = max(parts["input"]["x"].nunique() / units, 0.08)
        side = ax.inset_axes((-wide - 0.04, 0, wide, 1))
        _image(side, parts["input"], norms["input"])
        side.set_xlabel("in")
        side.xaxis.set_label_position("top")
    if "output" in parts:
        high = max(parts["output"]["y"].nunique() / units, 0.08)
        below = ax.inset_axes((0, -high - 0.04, 1, high))
        _image(below, parts["output"], norms["output"])
        below.set_ylabel("out", rotation=0, ha="right", va="center")
    side.set_ylabel("postsynaptic unit")
    below.set_xlabel("presynaptic unit")
    return ax


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """One panel per example network; colour scales are shared by all panels."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (58,), square=True)
    weights = frame[frame["layer"] == "weight"]
    recurrent = scale(weights.loc[weights["matrix"] == "recurrent", "value"])
    outer = scale(weights.loc[weights["matrix"] != "recurrent", "value"])
    norms = {
        "recurrent": Normalize(-recurrent, recurrent),
        "input": Normalize(-outer, outer),
        "output": Normalize(-outer, outer),
    }
    lines = 1 + int(weights["group"].map(names).map(all).any())
    for ax, (name, rows) in zip(axes[0], panels, strict=True):
        if rows.empty:
            layout.empty(ax, "no weights", square=True)
        else:
            panel(ax, rows, norms)
        # Above the names of the groups of units.
        ax.set_title(layout.network_title(name), pad=3 + 1.4 * style.FONT_SIZE * lines)
    for key, label in (("recurrent", "recurrent weight"), ("input", "input and output weight")):
        source = ScalarMappable(norms[key], style.DIVERGING)
        layout.colourbar(figure, source, axes, label)
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    return (
        "Effective recurrent weights (row: postsynaptic, column: presynaptic unit) with input "
        "weights at the left and output weights below; units are sorted by region, excitatory (E) "
        "before inhibitory (I); the largest 1 % of magnitudes share the last colour. "
        f"{EXAMPLES}"
    )
