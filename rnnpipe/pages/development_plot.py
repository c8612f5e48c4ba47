"""How a skeleton arose: the skeleton at a step that a slider chooses, and its course over steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from rnnpipe.figures import style
from rnnpipe.figures.panels.steps import along, first_of, ticks
from rnnpipe.figures.projection import PLACE
from rnnpipe.pages import plot
from rnnpipe.pages.coordinates import belongs, decimals, rounded
from rnnpipe.pages.scene_plot import layout_of
from rnnpipe.scene.box import bounds
from rnnpipe.scene.contents import Development, Scene
from rnnpipe.scene.development import described, skeleton_at

_SIZE, _RING = 6, 15
# Decimal places of a step's place on its axis, in decades.
_STEP_PLACES = 4


def development_plot(scene: Scene) -> go.Figure:
    """The last skeleton in three dimensions, in a box that holds those of all steps."""
    places = scene.development.lives[PLACE].to_numpy(float)
    points, moving = moment(scene, float(scene.development.kept["step"].max()))["traces"]
    common = {"mode": "markers", "hoverinfo": "text", "showlegend": False}
    traces = [
        go.Scatter3d(
            **{name: points[name] for name in ("x", "y", "z", "customdata", "hovertext")},
            marker={"size": _SIZE, "color": points["color"], "line": _edge("white")},
            **common,
        ),
        go.Scatter3d(
            **{name: moving[name] for name in ("x", "y", "z", "customdata", "hovertext")},
            marker={"size": _RING, "color": moving["color"], "symbol": "circle-open"},
            **common,
        ),
        *_legend(scene.development),
    ]
    return go.Figure(traces, layout=layout_of(scene, *bounds(places)))


def moments(scene: Scene) -> list[dict[str, Any]]:
    """What the slider shows at each kept step, in order: see `moment`."""
    return [moment(scene, float(step)) for step in kept_steps(scene.development)]


def kept_steps(development: Development) -> list[int]:
    """Steps at which weights were kept, ascending."""
    return sorted({int(step) for step in development.kept["step"]})


def moment(scene: Scene, step: float) -> dict[str, Any]:
    """Describe the skeleton at a step.

    Returns
    -------
    Its place on the axis of steps (``at``); what it is in words under all probes, and under each
    (``labels``); the points and the other attractors as coordinates, colours and hover texts
    (``traces``).
    """
    development = scene.development
    skeleton = skeleton_at(development, step)
    extent = float(np.ptp(development.lives[PLACE].to_numpy(float), axis=0).max())
    digits = decimals(extent)
    labels = [described(development, step, skeleton)]
    labels += [
        described(development, step, skeleton[skeleton["probe"] == probe]) for probe in scene.probes
    ]
    traces = []
    for of in ("point", "attractor"):
        rows = skeleton[skeleton["of"] == of]
        coordinates = rows[PLACE].to_numpy(float)
        traces.append(
            {
                **{a: rounded(v, digits) for a, v in zip("xyz", coordinates.T, strict=True)},
                "customdata": belongs(rows, scene.probes),
                "color": [_colour(row) for _, row in rows.iterrows()],
                "hovertext": [_text(row) for _, row in rows.iterrows()],
            }
        )
    at = round(float(along(step, first_of(development.kept["step"]))), _STEP_PLACES)
    return {"at": at, "labels": labels, "traces": traces}


def _colour(row: pd.Series) -> str:
    if row["of"] == "attractor":
        return style.KIND_COLOURS[str(row["kind"])]
    return style.unstable_colour(int(row["unstable"]))


def _text(row: pd.Series) -> str:
    if row["of"] == "attractor":
        return f"{row['kind']}, identity {row['point']}, probe {row['probe']}"
    stability = style.unstable_label(int(row["unstable"]))
    note = ", marginal" if row["marginal"] else ""
    return f"point {row['point']}, probe {row['probe']}<br>{stability}{note}"


def _edge(colour: str) -> dict[str, Any]:
    return {"color": colour, "width": 0.5}


def _legend(development: Development) -> list[go.Scatter3d]:
    """Entries for all that lives at any step."""
    points = development.lives[development.lives["of"] == "point"]
    moving = development.lives[development.lives["of"] == "attractor"]
    looks = [
        (style.unstable_label(order), {"color": style.unstable_colour(order), "size": _SIZE})
        for order in sorted({int(k) for k in points["unstable"]})
    ]
    looks += [
        (f"{kind} (its mean)", {"color": colour, "size": _SIZE, "symbol": "circle-open"})
        for kind, colour in style.KIND_COLOURS.items()
        if (moving["kind"] == kind).any()
    ]
    return [
        go.Scatter3d(x=[None], y=[None], z=[None], mode="markers", name=name, marker=marker)
        for name, marker in looks
    ]


def course_plot(scene: Scene) -> go.Figure:
    """Test loss and points at the kept steps; a click chooses the step."""
    steps = kept_steps(scene.development)
    first = first_of(steps)
    at = rounded(along(steps, first), _STEP_PLACES)
    written = ticks(first, steps[-1])
    right = plot.axis(title={"text": "points"}, overlaying="y", side="right", showgrid=False)
    return go.Figure(
        _course(scene.development, steps, at),
        layout=plot.layout(
            margin={"l": 56, "r": 56, "t": 26, "b": 42},
            legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
            dragmode=False,
            xaxis=plot.axis(
                title={"text": "training step"},
                tickvals=rounded(along(written, first), _STEP_PLACES),
                ticktext=[f"{value:,.0f}" for value in written],
                range=[-0.05, at[-1] + 0.05],
            ),
            yaxis=plot.axis(title={"text": "test loss"}, type="log", exponentformat="power"),
            yaxis2={**right, "rangemode": "tozero", "tickmode": "auto", "nticks": 5},
            shapes=[_upright(at[-1])],
        ),
    )


def _course(development: Development, steps: list[int], at: list[float]) -> list[go.Scatter]:
    """Curves of the test loss and of the number of points, at places on the axis of steps."""
    losses = development.kept.drop_duplicates("step").sort_values("step")["test_loss"]
    skeletons = [skeleton_at(development, float(step)) for step in steps]
    points = [int((own["of"] == "point").sum()) for own in skeletons]
    common = {"x": at, "mode": "lines+markers", "text": [f"step {s:,}" for s in steps]}
    return [
        go.Scatter(
            y=[float(v) if np.isfinite(v) and v > 0 else None for v in losses],
            name="test loss",
            line={"color": style.INK, "width": 1.4},
            hovertemplate="%{text}: loss %{y:.3g}<extra></extra>",
            **common,
        ),
        go.Scatter(
            y=points,
            name="points",
            yaxis="y2",
            line={"color": style.CATEGORIES[0], "width": 1.4},
            hovertemplate="%{text}: %{y} points<extra></extra>",
            **common,
        ),
    ]


def _upright(at: float) -> dict[str, Any]:
    """The line at the step that is shown."""
    ends = {"x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper"}
    return {"type": "line", **ends, "line": {"color": style.CATEGORIES[5], "width": 2}}
