"""The plot of a scene in three dimensions, to be turned and zoomed."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from rnnpipe.figures.style import PALE
from rnnpipe.pages import plot, skeleton_layers, trajectory_layers, transition_layers
from rnnpipe.pages.coordinates import decimals
from rnnpipe.pages.layers import Drawing, Layer
from rnnpipe.scene.box import bounds
from rnnpipe.scene.contents import Scene
from rnnpipe.scene.view import vantage

_DISTANCE = 1.85
# Longer boxes would reach out of the picture, sides of a cube being 1.
_LONGEST = 1.45


def scene_plot(scene: Scene) -> go.Figure:
    """Plot all that has a place in a scene; trajectories first, so that points lie on top."""
    low, high = bounds(scene.places)
    drawing = Drawing(scene.probes, decimals(float((high - low).max())))
    layers = list(all_layers(scene, drawing))
    traces = [trace for layer in layers for trace in layer.traces]
    # Legends run from points to trajectories, what is drawn the other way round.
    entries = [layer.entry for layer in reversed(layers)]
    return go.Figure([*traces, *entries], layout=layout_of(scene, low, high))


def all_layers(scene: Scene, drawing: Drawing) -> list[Layer]:
    """All layers, from what lies behind to what lies in front."""
    points = list(skeleton_layers.points(scene, drawing))
    return [
        *reversed(trajectory_layers.trajectories(scene.paths, scene.colouring, drawing)),
        *trajectory_layers.example(scene.paths, scene.trial, drawing),
        *reversed(list(transition_layers.edges(scene, drawing))),
        *transition_layers.unstable_manifold_runs(scene, drawing),
        *skeleton_layers.modes(scene, drawing),
        *skeleton_layers.continua(scene, drawing),
        *reversed(list(skeleton_layers.attractors(scene, drawing))),
        *reversed(points),
    ]


def layout_of(scene: Scene, low: np.ndarray, high: np.ndarray) -> dict[str, object]:
    """Layout of a plot along the scene's axes, in a box of these corners."""
    span = high - low
    # Flat boxes are drawn larger: all have the diagonal of a cube, which the camera suits.
    sides = span * min(np.sqrt(3) / np.linalg.norm(span), _LONGEST / span.max())
    shares = dict(zip("xyz", np.round(sides, 4).tolist(), strict=True))
    axes = {
        f"{letter}axis": {
            "title": {"text": name},
            "range": [float(a), float(b)],
            "backgroundcolor": "rgba(0,0,0,0)",
            "gridcolor": PALE,
            "zeroline": False,
            "showspikes": False,
            "nticks": 5,
        }
        for letter, name, a, b in zip("xyz", scene.axes, low.round(4), high.round(4), strict=True)
    }
    return plot.layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        dragmode="turntable",
        scene={
            **axes,
            "aspectmode": "manual",
            "aspectratio": shares,
            "camera": {"eye": _eye(scene), "center": {"x": 0, "y": 0, "z": -0.12}},
        },
        legend=plot.legend_below(),
    )


def _eye(scene: Scene) -> dict[str, float]:
    """Where the camera stands, so that no point hides another."""
    elevation, azimuth = np.deg2rad(vantage(scene))
    towards = (
        np.cos(elevation) * np.cos(azimuth),
        np.cos(elevation) * np.sin(azimuth),
        np.sin(elevation),
    )
    return {axis: round(_DISTANCE * float(v), 4) for axis, v in zip("xyz", towards, strict=True)}
