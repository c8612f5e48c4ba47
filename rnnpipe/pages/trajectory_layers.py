"""Trajectories of trials, grey or coloured by what they stand for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.colors import Colormap, to_hex

from rnnpipe.figures import style
from rnnpipe.figures.options import with_unit
from rnnpipe.figures.projection import PLACE
from rnnpipe.jobs.plain_text import count
from rnnpipe.pages.coordinates import polylines, rounded, segments
from rnnpipe.pages.layers import Drawing, Layer
from rnnpipe.scene.colouring import EXAMPLE, colour_map
from rnnpipe.scene.contents import Colouring

_STEPS = 24
_NAME = "paths"


def trajectories(paths: pd.DataFrame, colouring: Colouring | None, drawing: Drawing) -> list[Layer]:
    """Make one layer, or one per category that colours trajectories."""
    if paths.empty:
        return []
    if colouring is None:
        return [_plain(paths, _NAME, _label(paths), style.GREY, drawing)]
    if colouring.kind == "categorical":
        return list(_by_category(paths, colouring, drawing))
    lines = polylines(paths, ["trial"])
    values = lines["value"].to_numpy(float)
    if colouring.kind == "circular":
        values = np.angle(np.exp(1j * values))
    # A gap has no place; its colour is never seen.
    values = np.nan_to_num(values, nan=colouring.low)
    line = {
        "width": 2,
        "color": rounded(values, 3),
        "colorscale": scale(colour_map(colouring)),
        "cmin": colouring.low,
        "cmax": colouring.high,
        "showscale": True,
        "colorbar": bar(colouring),
    }
    trace = drawing.trace(lines, _NAME, mode="lines", line=line, opacity=0.6)
    look = {"line": {"color": to_hex(colour_map(colouring)(0.5)), "width": 3}}
    return [Layer(_NAME, _label(paths), look, [trace])]


def example(paths: pd.DataFrame, trial: pd.DataFrame, drawing: Drawing) -> Iterator[Layer]:
    """The trial that is also drawn against time, if it is among the trajectories."""
    own = paths[paths["trial"].isin(trial["trial"].unique())]
    if len(own):
        line = {"color": EXAMPLE, "width": 5}
        lines = polylines(own[["trial", *PLACE]].reset_index(drop=True), ["trial"])
        trace = drawing.trace(lines, "example", mode="lines", line=line)
        yield Layer("example", "example trial", {"line": line}, [trace], shown=False)


def scale(colours: Colormap) -> list[list[object]]:
    """A colour map as Plotly's colour scale."""
    return [[round(x, 4), to_hex(colours(x))] for x in np.linspace(0, 1, _STEPS + 1)]


def bar(colouring: Colouring) -> dict[str, object]:
    """A slim colour bar that names the quantity and its unit."""
    ticks = (
        {"tickvals": [-3.1416, 0, 3.1416], "ticktext": ["−π", "0", "π"]}
        if colouring.kind == "circular"
        else {"nticks": 5}
    )
    return {
        "title": {"text": with_unit(colouring.name, colouring.unit), "side": "right"},
        "thickness": 10,
        "len": 0.5,
        "x": 1.0,
        "xpad": 4,
        "y": 0.32,
        "outlinewidth": 0,
        **ticks,
    }


def _plain(paths: pd.DataFrame, name: str, label: str, colour: str, drawing: Drawing) -> Layer:
    lines = polylines(paths, ["trial"])
    line = {"color": colour, "width": 1.5}
    trace = drawing.trace(lines, name, mode="lines", line=line, opacity=0.35)
    return Layer(name, label, {"line": {"color": colour, "width": 3}}, [trace])


def _by_category(paths: pd.DataFrame, colouring: Colouring, drawing: Drawing) -> Iterator[Layer]:
    """Grey trajectories, and before them one layer per category, with the steps that led to it.

    Steps of no category stay grey.
    """
    before = paths[[*PLACE, "trial"]].shift().where(paths["trial"] == paths["trial"].shift())
    for number, label in enumerate(colouring.labels):
        own = paths["value"] == number
        if not own.any():
            continue
        ends, starts = paths.loc[own, PLACE].to_numpy(float), before.loc[own, PLACE].to_numpy(float)
        steps = pd.DataFrame(segments(starts, ends), columns=PLACE)
        colour = style.CATEGORIES[number % len(style.CATEGORIES)]
        line, name = {"color": colour, "width": 3}, f"{_NAME} {label}"
        trace = drawing.trace(steps, name, mode="lines", line=line, opacity=0.7)
        yield Layer(name, f"{colouring.name} {label}", {"line": line}, [trace])
    yield _plain(paths, _NAME, _label(paths), style.GREY, drawing)


def _label(paths: pd.DataFrame) -> str:
    return f"trajectories ({count(paths['trial'].nunique(), 'trial')})"
