"""One trial against time: one row per channel, the output over its target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rnnpipe.figures import style
from rnnpipe.figures.panels.trials import TARGET
from rnnpipe.pages import plot
from rnnpipe.pages.coordinates import rounded
from rnnpipe.scene.contents import Scene

# Rows of inputs, and of outputs; more could not be told apart.
MOST = 8
ROW_PIXELS, MARGIN_PIXELS = 58, 80
_LOOKS = {
    "input": {"color": style.INK, "width": 1.4, "shape": "hvh"},
    "target": {"color": TARGET["color"], "width": 4, "shape": "hvh"},
    "output": {"color": style.CATEGORIES[0], "width": 1.6, "shape": "hvh"},
}


@dataclass(frozen=True)
class Row:
    """A row of the plot.

    Attributes
    ----------
    layers, channel
        What is drawn in it.
    label
        Its name.
    low, high
        Range of the values, the same in all rows of these layers.
    """

    layers: tuple[str, ...]
    channel: object
    label: str
    low: float
    high: float


def trial_plot(scene: Scene) -> go.Figure:
    """Inputs above; below, outputs in front of their targets."""
    rows = rows_of(scene.trial)
    last = max(len(rows), 1)
    figure = make_subplots(last, 1, shared_xaxes=True, vertical_spacing=0.12 / last)
    named: set[str] = set()
    for number, row in enumerate(rows, start=1):
        for layer in row.layers:
            trace = _line(scene.trial, layer, row.channel)
            figure.add_trace(trace.update(showlegend=layer not in named), number, 1)
            named.add(layer)
        scale = {"range": [row.low, row.high], "title": {"text": row.label}}
        figure.update_yaxes(scale, row=number, col=1)
    figure.update_layout(
        plot.layout(
            height=height(scene.trial),
            margin={"l": 60, "r": 12, "t": 34, "b": 44},
            legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        )
    )
    figure.update_xaxes(plot.axis(showline=False, ticks="", showticklabels=False))
    figure.update_yaxes(plot.axis(nticks=3, showline=False, ticks=""))
    figure.update_xaxes(title={"text": "time step"}, showticklabels=True, row=last)
    return figure


def height(trial: pd.DataFrame) -> int:
    """Pixels that the plot takes."""
    return MARGIN_PIXELS + ROW_PIXELS * max(len(rows_of(trial)), 2)


def rows_of(trial: pd.DataFrame) -> list[Row]:
    """The rows of the first channels of inputs and of outputs."""
    rows = []
    for layers, name in ((("input",), "in"), (("target", "output"), "out")):
        own = trial[trial["layer"].isin(layers)]
        channels = own["channel"].drop_duplicates().tolist()
        low, high = own["value"].min(), own["value"].max()
        room = 0.08 * (high - low) or 1.0
        for number, channel in enumerate(channels[:MOST], start=1):
            label = f"{name} {number}" if len(channels) > 1 else name
            rows.append(Row(layers, channel, label, float(low - room), float(high + room)))
    return rows


def left_out(trial: pd.DataFrame) -> int:
    """Number of channels that have no row."""
    inputs = trial.loc[trial["layer"] == "input", "channel"].nunique()
    outputs = trial.loc[trial["layer"] != "input", "channel"].nunique()
    return max(inputs - MOST, 0) + max(outputs - MOST, 0)


def _line(trial: pd.DataFrame, layer: str, channel: object) -> go.Scatter:
    rows = trial[(trial["layer"] == layer) & (trial["channel"] == channel)]
    rows = rows.sort_values("time", kind="stable")
    return go.Scatter(
        x=np.asarray(rows["time"], dtype=int).tolist(),
        y=rounded(rows["value"].to_numpy(float), 4),
        mode="lines",
        name=layer,
        legendgroup=layer,
        line=_LOOKS[layer],
        hovertemplate=f"{layer} %{{y:.3g}} at step %{{x}}<extra></extra>",
    )
