"""Sine-wave networks of all cells: oscillations, their fixed points, and how alike they are."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure, SubFigure

from rnnpipe.figures import layout, page
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.factors import CELLS, Looks, looks, ordered
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import embedding, frequency, states, states_block
from rnnpipe.figures.panels.points import kept
from rnnpipe.figures.selection import foremost, per_network, representatives

NEEDS = Needs(
    tables=("embedding",),
    parts=("trajectories",),
    tasks=("sinewave",),
    models=2,
    everyone={
        "fixed_points": ("seed", "probe", "point", "kind", "beyond_visited"),
        "stability": (
            "seed",
            "probe",
            "point",
            "unstable",
            "class",
            "spectral_radius",
            "frequency",
        ),
        "attractors": ("seed", "probe", "attractor", "node", "kind", "period", "visited"),
    },
)

# Panels of states side by side: they have the page's whole width.
COLUMNS = 6


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the sections states, geometry, points, topology, frequencies."""
    networks = per_network(tables["networks"])
    chosen = representatives(networks, options, ["cell"])
    values, solved = dict(options.probe_values), networks[networks["status"] == "solved"]
    drawn = states_block.prepare(tables, options, chosen)
    points = states_block.prepare(tables, options, foremost(chosen), list(values) or None)
    return page.join(
        states=drawn[drawn["layer"].isin(["panel", "path"])],
        geometry=embedding.prepare(tables["embedding"], networks, "svcca"),
        points=points.assign(value=points["probe"].map(values).astype(float)),
        topology=embedding.prepare(tables["embedding"], networks, "topology"),
        frequencies=pd.concat(
            [
                frequency.prepare(kept(tables["stability"], tables), solved, values),
                frequency.turns(tables["attractors"], solved, values),
            ],
            ignore_index=True,
        ),
    )


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Five blocks in three rows; cells and activations have one legend, above all."""
    drawn, frequencies = page.section(frame, "states"), page.section(frame, "frequencies")
    columns, bands = _bands(frequencies)
    height = states_block.height_mm(drawn, 43, COLUMNS)
    figure, blocks = page.page([(height, (1,)), (64, (58, 64, 58)), (10 + 50 * bands, (1,))])
    look = looks(frame)
    layout.legend(figure, look.handles())
    points = page.section(frame, "points")
    conditions = pd.concat([drawn["condition"], points["value"]]).astype(float).dropna()
    norm = Normalize(conditions.min(), conditions.max()) if len(conditions) else None
    text = "States, one network per cell"
    states_block.draw(blocks[0], 0, text, drawn, options, COLUMNS, norm)
    sides = [page.section(frame, name) for name in ("geometry", "topology")]
    half = embedding.reach(*sides)
    embedding.draw(blocks[1], 1, "MDS of geometry (SVCCA)", sides[0], look, half, False)
    _points(blocks[2], points, norm)
    embedding.draw(blocks[3], 3, "MDS of fixed-point topology", sides[1], look, half, False)
    _frequencies(blocks[4], frequencies, look, (bands, columns))
    return figure


def _bands(frequencies: pd.DataFrame) -> tuple[int, int]:
    """Columns and rows of the panels of frequencies, one panel per cell."""
    cells = max(frequencies["cell"].nunique(), 1)
    columns = layout.columns_for(cells)
    return max(columns, 3), math.ceil(cells / columns)


def _points(block: SubFigure, rows: pd.DataFrame, norm: Normalize | None) -> None:
    page.title(block, 2, "Fixed points and attractors")
    panels = layout.split(rows)
    if not panels or not rows["layer"].isin(["point", "moving"]).any():
        page.note(block, "no fixed points")
        return
    name, own = panels[0]
    ax = block.subplots(subplot_kw={"projection": "3d"})
    states.probes_panel(ax, own, norm)
    ax.set_title(layout.cell_title(name))


def _frequencies(block: SubFigure, rows: pd.DataFrame, look: Looks, shape: tuple[int, int]) -> None:
    page.title(block, 4, "Frequency of the linearised dynamics and of the limit cycle")
    cells = ordered(rows["cell"], CELLS)
    if not cells:
        page.note(block, "no solved network turns")
        return
    axes = block.subplots(*shape, squeeze=False)
    top = 1.1 * float(rows[["target", "frequency"]].to_numpy(float).max())
    for place, ax in enumerate(axes.flat):
        if place >= len(cells):
            ax.set_axis_off()
            continue
        frequency.panel(ax, rows[rows["cell"] == cells[place]], look, top)
        ax.set_xlabel("target (rad per step)")
        if place % shape[1] == 0:
            ax.set_ylabel("frequency (rad per step)")


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """Sentences of the caption, block by block."""
    probes = page.section(frame, "points")["value"].nunique()
    return (
        f"a, states of up to {options.trials} trials along the first two principal components, "
        f"coloured by the frequency that the input asks for; {states_block.WHICH.format('cell')}. "
        f"b and d, {embedding.described(frame)}. c, fixed "
        f"points under {probes} constant inputs along three principal components, coloured as "
        f"in a by the frequency that each asks for ({states_block.LEFT_OUT}), with "
        "both axes of the plane of the unstable oscillating mode, and attractors that are no "
        "points, with their direction; grey: states. e, angle of the "
        "leading unstable mode at the fixed point of each solved network and input against the "
        "target frequency, and as rings the frequency of the limit cycle that most of its runs end "
        "in; dashed: equal; r is Pearson's correlation over networks and inputs of a cell."
    )
