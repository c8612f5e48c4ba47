"""The data from which the reader's browser draws the map of an experiment's networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from rnnpipe.figures import style
from rnnpipe.figures.factors import ACTIVATIONS, CELLS, colours, metric_name, ordered
from rnnpipe.pages import plot
from rnnpipe.pages.coordinates import rounded
from rnnpipe.pages.trajectory_layers import scale
from rnnpipe.tables.schemas import KEY

FACTORS = ("cell", "activation", "units", "l2", "constraint", "model")
TITLES = {"l2": "L2 penalty", "status": "outcome"}
SYMBOLS = ("circle", "square", "triangle-up", "diamond")
_PLACES = 4


def map_data(
    rows: pd.DataFrame, embedding: pd.DataFrame, scores: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """Places by task and metric, names of metrics, colours, symbols, and the layout.

    Parameters
    ----------
    rows
        One row per network, numbered from 0.
    embedding
        Columns task, metric, model, constraint, seed, x, y, stress.
    scores
        Name and unit of each task's score.
    """
    shapes = ordered(rows["activation"], ACTIVATIONS)
    return {
        "places": _places(rows, embedding),
        "metrics": {name: metric_name(name) for name in embedding["metric"].astype(str).unique()},
        "factors": _factors(rows),
        "symbols": {name: SYMBOLS[i % len(SYMBOLS)] for i, name in enumerate(shapes)},
        "scores": {task: list(name) for task, name in scores.items()},
        "scale": scale(style.SEQUENTIAL),
        "grey": style.GREY,
        "layout": _layout(),
    }


def _layout() -> dict[str, Any]:
    """Layout of the map as Plotly's script takes it."""
    entry = {"itemclick": False, "itemdoubleclick": False}
    axis = {"showline": False, "ticks": "", "zeroline": True, "zerolinecolor": style.PALE}
    return plot.layout(
        margin={"l": 50, "r": 10, "t": 10, "b": 44},
        showlegend=True,
        legend={**plot.legend_below(), **entry},
        xaxis=plot.axis(title={"text": "MDS 1"}, **axis),
        yaxis=plot.axis(title={"text": "MDS 2"}, scaleanchor="x", **axis),
    )


def _places(rows: pd.DataFrame, embedding: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Task -> metric -> numbers of the networks' rows, x, y, stress."""
    numbered = rows[KEY].assign(row=np.arange(len(rows)))
    joined = embedding.dropna(subset=["x", "y"]).merge(numbered, on=KEY)
    found: dict[str, dict[str, Any]] = {}
    for (task, metric), own in joined.groupby(["task", "metric"], sort=False, observed=True):
        found.setdefault(str(task), {})[str(metric)] = {
            "row": own["row"].tolist(),
            "x": rounded(own["x"], _PLACES),
            "y": rounded(own["y"], _PLACES),
            "stress": round(float(own["stress"].iloc[0]), 3),
        }
    return found


def _factors(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Quantities that may colour networks: what they differ in, their outcome, their score."""
    found = []
    for key in FACTORS:
        texts = values_of(rows[key])
        if texts.nunique() > 1:
            found.append(_factor(key, _colours(key, rows[key], texts), texts))
    outcome = rows["status"].astype(str)
    known = {name: colour for name, colour in style.STATUS.items() if (outcome == name).any()}
    found.append(_factor("status", known, outcome))
    score = rounded(rows["score"], 6)
    return [*found, {"key": "score", "title": "score", "values": score}]


def values_of(column: pd.Series) -> pd.Series:
    """Values as text; whole numbers without a point."""
    if pd.api.types.is_numeric_dtype(column):
        return column.map(lambda value: "none" if pd.isna(value) else f"{value:g}")
    return column.astype(str)


def _factor(key: str, known: Mapping[str, str], texts: pd.Series) -> dict[str, Any]:
    title = TITLES.get(key, key)
    return {"key": key, "title": title, "values": texts.tolist(), "colours": dict(known)}


def _colours(key: str, column: pd.Series, texts: pd.Series) -> dict[str, str]:
    """A colour for each value: along a map where values are numbers or too many to tell apart."""
    known = {"cell": CELLS, "activation": ACTIVATIONS}.get(key, ())
    names = ordered(texts, known)
    if pd.api.types.is_numeric_dtype(column):
        names = texts[column.sort_values().index].drop_duplicates().tolist()
    elif len(names) <= len(style.CATEGORIES):
        return colours(texts, known)
    steps = np.linspace(0, 0.92, len(names))
    return {name: to_hex(style.SEQUENTIAL(step)) for name, step in zip(names, steps, strict=True)}
