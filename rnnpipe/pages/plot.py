"""Type, margins and JSON of the plots of all pages."""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go

from rnnpipe.figures.style import GREY, INK, PALE

FONT = {"family": "DejaVu Sans, Verdana, sans-serif", "size": 12, "color": INK}
# Plotly's own bar of buttons has one that sends what is plotted to its makers.
CONFIG = {
    "responsive": True,
    "scrollZoom": True,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "modeBarButtonsToRemove": ["select2d", "lasso2d"],
}
HOVER = {"align": "left", "font": {**FONT, "color": "white"}, "bgcolor": INK, "bordercolor": INK}


def layout(**own: Any) -> dict[str, Any]:
    """A layout: the common look, and a plot's own settings."""
    common = {
        "template": "none",
        "font": FONT,
        "margin": {"l": 52, "r": 12, "t": 12, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": HOVER,
        "hovermode": "closest",
        "dragmode": "pan",
        "modebar": {"bgcolor": "rgba(255,255,255,0.8)", "color": GREY, "activecolor": INK},
        "legend": {"itemsizing": "constant", "bgcolor": "rgba(255,255,255,0.8)"},
        # What a reader has turned and zoomed stays when layers are switched.
        "uirevision": "kept",
    }
    return {**common, **own}


def legend_below() -> dict[str, Any]:
    """A legend in rows along the lower edge."""
    return {
        "orientation": "h",
        "itemsizing": "constant",
        "x": 0,
        "xanchor": "left",
        "yref": "container",
        "y": 0,
        "yanchor": "bottom",
    }


def axis(**own: Any) -> dict[str, Any]:
    """A flat axis: thin line, pale grid, no line of zero."""
    common = {
        "showline": True,
        "linecolor": INK,
        "linewidth": 1,
        "gridcolor": PALE,
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": INK,
        "automargin": True,
    }
    return {**common, **own}


def written(figure: go.Figure) -> dict[str, Any]:
    """Write a figure as plain values: traces and layout, checked by Plotly."""
    whole = json.loads(figure.to_json())
    whole["layout"].pop("template", None)
    return whole
