"""Eigenvalues of every point in the complex plane, and growth along other attractors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import plotly.graph_objects as go

from rnnpipe.figures import style
from rnnpipe.pages import plot
from rnnpipe.pages.coordinates import belongs, rounded
from rnnpipe.pages.graph_plot import SYMBOLS
from rnnpipe.pages.hover import number
from rnnpipe.pages.layers import by_order
from rnnpipe.scene.contents import Scene

_PLACES = 4
_CIRCLE = np.exp(1j * np.linspace(0, 2 * np.pi, 121))


def spectrum_plot(scene: Scene) -> go.Figure:
    """Eigenvalues, coloured by the number of unstable modes of their point; the unit circle.

    The Lyapunov exponents of attractors beside the points lie on the positive real axis, at e to
    their power: growth per step, that has no angle.
    """
    key = ["probe", "point"]
    rows = scene.spectrum.merge(scene.points[[*key, "unstable"]], on=key, how="left")
    traces = [_circle()]
    traces += [_values(own, order, scene.probes) for order, own in by_order(rows)]
    traces += _exponents(scene)
    picked = go.Scatter(
        x=[],
        y=[],
        mode="markers",
        marker={
            "size": 11,
            "color": "rgba(0,0,0,0)",
            "line": {"width": 2, "color": style.INK},
        },
        meta={"picked": True},
        hoverinfo="skip",
    )
    return go.Figure([*traces, picked], layout=_layout())


def _circle() -> go.Scatter:
    return go.Scatter(
        x=rounded(_CIRCLE.real, _PLACES),
        y=rounded(_CIRCLE.imag, _PLACES),
        mode="lines",
        line={"color": style.GREY, "width": 1},
        hoverinfo="skip",
    )


def _values(rows, order: int | None, probes: tuple[str, ...]) -> go.Scatter:
    values = rows["re"].to_numpy(float) + 1j * rows["im"].to_numpy(float)
    names = rows[["probe", "point"]].itertuples(index=False)
    return go.Scatter(
        x=rounded(values.real, _PLACES),
        y=rounded(values.imag, _PLACES),
        customdata=belongs(rows, probes),
        hovertext=[
            f"point {point}, probe {probe}<br>λ = {number(value)}, |λ| = {abs(value):.3f}"
            for (probe, point), value in zip(names, values.tolist(), strict=True)
        ],
        hoverinfo="text",
        mode="markers",
        marker={
            "size": 5,
            "color": style.GREY if order is None else style.unstable_colour(order),
            "opacity": 0.7,
        },
        meta={"layer": "spectrum", "order": order},
    )


def _exponents(scene: Scene) -> Iterator[go.Scatter]:
    """One trace per kind of attractor."""
    rows = scene.attractors.explode("exponents").dropna(subset="exponents")
    for kind, own in rows.groupby("kind", sort=False):
        exponents = own["exponents"].astype(float).tolist()
        names = own[["probe", "point"]].itertuples(index=False)
        yield go.Scatter(
            x=rounded(np.exp(exponents), _PLACES),
            y=[0.0] * len(own),
            customdata=belongs(own, scene.probes),
            hovertext=[
                f"{kind}, node {point}, probe {probe}<br>"
                f"Lyapunov exponent {value:.4f} per step".replace("-", "−")
                for (probe, point), value in zip(names, exponents, strict=True)
            ],
            hoverinfo="text",
            mode="markers",
            marker={"size": 9, "color": style.KIND_COLOURS[kind], "symbol": SYMBOLS[kind]},
            meta={"layer": "spectrum", "order": None},
        )


def _layout() -> dict[str, object]:
    return plot.layout(
        showlegend=False,
        xaxis=plot.axis(title={"text": "real part"}, nticks=6),
        yaxis=plot.axis(title={"text": "imaginary part"}, nticks=6, scaleanchor="x", scaleratio=1),
    )
