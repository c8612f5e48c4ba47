"""Words and numbers over the picture of a scene: title, scales, legend, colour bar."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rnnpipe.dynamics.classes import ATTRACTOR, CYCLE, KINDS
from rnnpipe.figures import style
from rnnpipe.figures.options import with_unit
from rnnpipe.figures.panels import attractors
from rnnpipe.figures.panels.states import SEGMENT
from rnnpipe.scene.box import Scale
from rnnpipe.scene.colouring import (
    EDGE,
    EXAMPLE,
    PATH_GREY,
    UNKNOWN,
    attractor_colours,
    colour_map,
    norm,
    pale,
    probe_colours,
    run_colours,
)
from rnnpipe.scene.contents import Scene
from rnnpipe.scene.view import View

# Type size in points on a picture 8 inches wide.
_TYPE, _TITLE = 7.5, 11.0
WIDTH_INCHES = 8.0
# Distance of numbers and names from the box, in shares of the picture's height.
_NUMBER, _NAME = 0.022, 0.055
_SIDEWAYS = 0.5
# Numbers closer than this are left out.
_CLOSEST = 0.034


def overlay(image: np.ndarray, scene: Scene, view: View, scales: list[Scale]) -> Figure:
    """A figure of the picture's size and shape, with the picture and what stands over it.

    Parameters
    ----------
    image
        (row, column, 3), bytes.
    scene, view, scales
        What it shows, and from where.
    """
    height, width = image.shape[:2]
    figure = Figure(figsize=(WIDTH_INCHES, WIDTH_INCHES * height / width))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    ax.imshow(image, extent=(0, 1, 0, 1), aspect="auto", interpolation="none")
    ax.set(xlim=(0, 1), ylim=(0, 1))
    for scale, name in zip(scales, scene.axes, strict=True):
        _label(ax, scale, name, view, width / height)
    note = "" if scene.status == "solved" else f" ({scene.status})"
    figure.text(0.016, 0.972, scene.title + note, size=_TITLE, weight="bold", va="top")
    figure.legend(
        handles=entries(scene),
        loc="upper right",
        bbox_to_anchor=(0.992, 0.99),
        fontsize=_TYPE,
        labelspacing=0.45,
        handlelength=1.8,
        frameon=True,
        facecolor="white",
        edgecolor="none",
        framealpha=0.85,
    )
    if len(scene.paths) and scene.colouring is not None and scene.colouring.kind != "categorical":
        _bar(figure, scene)
    return figure


def _label(ax: Axes, scale: Scale, name: str, view: View, aspect: float) -> None:
    """Numbers and the name of one axis, beside its edge."""
    ends = view.seen(scale.ends, aspect)
    middle = scale.ends.mean(axis=0)
    step = 1e-3 * np.linalg.norm(scale.ends[1] - scale.ends[0])
    two = view.seen(np.stack([middle, middle + step * scale.outward]), aspect)
    away = (two[1] - two[0]) * (aspect, 1.0)
    away /= np.linalg.norm(away)
    shift = away / (aspect, 1.0)
    # Words are wider than high: beside an upright edge they start at it.
    side = "center" if abs(away[0]) < _SIDEWAYS else "left" if away[0] > 0 else "right"
    for value, place in _apart(scale.ticks, view.seen(scale.places, aspect)):
        x, y = place + _NUMBER * shift
        ax.text(x, y, f"{value:g}".replace("-", "−"), size=_TYPE, ha="center", va="center")
    x, y = ends.mean(axis=0) + _NAME * shift
    ax.text(x, y, name, size=_TYPE + 1, ha=side, va="center")


def _apart(ticks: np.ndarray, places: np.ndarray) -> list[tuple[float, np.ndarray]]:
    """Every tick, or every second, third, …, so that numbers do not run into each other."""
    between = np.linalg.norm(np.diff(places, axis=0), axis=1).min(initial=np.inf)
    every = max(int(np.ceil(_CLOSEST / between)), 1)
    return list(zip(ticks[::every], places[::every], strict=True))


def entries(scene: Scene) -> list[Line2D]:
    """Legend of what occurs, with numbers."""
    handles = _point_entries(scene.points) + _attractor_entries(scene)
    if len(scene.modes):
        handles.append(style.entry("unstable eigenvector", color=SEGMENT, lw=3.5))
    for probe, colour in probe_colours(scene).items():
        if label := _attractor_label(scene, probe):
            handles.append(style.entry(label, color=colour, lw=2.2))
    if (scene.continua["nature"] != ATTRACTOR).any():
        handles.append(style.entry("slow curve, no attractor", color=style.GREY, lw=1.4))
    if len(scene.unstable_manifold_runs):
        colours = set(run_colours(scene).values())
        note = f" (colour: {scene.colouring.name})" if len(colours) > 1 else ""
        label = f"run along an unstable direction{note}"
        handles.append(style.entry(label, color=sorted(colours)[0], lw=1.4))
    if (scene.edges["kind"] == "noise").any():
        label = "noise leads there (width: probability)"
        handles.append(style.entry(label, color=EDGE, alpha=0.6, lw=3))
    return handles + _path_entries(scene)


def _point_entries(points: pd.DataFrame) -> list[Line2D]:
    fixed = points[points["kind"] == "fixed"]
    marginal = fixed["marginal"].astype(bool)
    orders = Counter(fixed.loc[~marginal, "unstable"].dropna().astype(int))
    handles = [
        _dot(style.unstable_colour(order), f"{style.unstable_label(order)} (n = {orders[order]})")
        for order in sorted(orders)
    ]
    if marginal.any():
        label = f"pale: marginal (n = {marginal.sum()})"
        handles.append(_dot(pale(style.unstable_colour(0)), label))
    others = Counter(points["kind"])
    if others["slow"]:
        handles.append(_dot(style.GREY, f"slow point (n = {others['slow']})", size=4))
    return handles


def _attractor_entries(scene: Scene) -> list[Line2D]:
    """One entry per kind of attractor that is no point."""
    handles = []
    for kind in KINDS:
        own = scene.attractors[scene.attractors["kind"] == kind]
        if own.empty:
            continue
        known = attractor_colours(scene, kind)
        colours = sorted({known[str(probe)] for probe in own["probe"]})
        note = f", colour: {scene.colouring.name}" if len(colours) > 1 else ""
        label = f"{attractors.LABELS.get(kind, kind)} (n = {len(own)}{note})"
        if kind in attractors.CLOUDS:
            handles.append(_dot(colours[0], label, size=3))
        else:
            marked = {"marker": "s", "ms": 5, "ls": "-"} if kind == CYCLE else {}
            handles.append(style.entry(label, color=colours[0], **{"lw": 2.2, **marked}))
    return handles


def _attractor_label(scene: Scene, probe: str) -> str:
    """Kinds of the continuous attractors under a probe; empty if there is none."""
    own = scene.continua[scene.continua["probe"] == probe]
    own = own[own["nature"] == ATTRACTOR]
    if own.empty:
        return ""
    what = f"{' and '.join(sorted(set(own['kind'])))} attractor"
    return f"{what}, {probe}" if scene.continua["probe"].nunique() > 1 else what


def _path_entries(scene: Scene) -> list[Line2D]:
    trials = scene.paths["trial"].nunique()
    if not trials:
        return []
    label = f"trajectories ({trials} trials)"
    if scene.colouring is None:
        example = style.entry("example trial", color=EXAMPLE, lw=1.8)
        return [style.entry(label, color=PATH_GREY, lw=0.8), example]
    if scene.colouring.kind != "categorical":
        return [style.entry(label, color=style.SEQUENTIAL(0.5), lw=1.0)]
    colours, name = colour_map(scene.colouring), scene.colouring.name
    named = [
        style.entry(f"{name}: {scene.colouring.labels[int(i)]}", color=colours(int(i)), lw=1.2)
        for i in sorted(scene.paths["value"].dropna().unique())
    ]
    return [style.entry(label, color=UNKNOWN, lw=1.0), *named]


def _dot(colour: str, label: str, size: float = 6.5) -> Line2D:
    return style.entry(label, "o", ms=size, color=colour)


def _bar(figure: Figure, scene: Scene) -> None:
    """Colour bar of the trajectories, on the right below the legend."""
    colouring = scene.colouring
    ax = figure.add_axes((0.93, 0.12, 0.013, 0.34))
    source = ScalarMappable(norm(colouring), colour_map(colouring))
    bar = figure.colorbar(source, cax=ax)
    bar.outline.set_visible(False)
    bar.set_label(with_unit(colouring.name, colouring.unit), size=_TYPE)
    bar.ax.tick_params(labelsize=_TYPE)
    if colouring.kind == "circular":
        bar.set_ticks([-np.pi, 0, np.pi], labels=["−π", "0", "π"])
