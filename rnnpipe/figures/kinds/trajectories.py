"""Trajectories, fixed points and attractors along two and three principal components."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from rnnpipe.figures import layout, style
from rnnpipe.figures.captions import EXAMPLES
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import attractors, points, states
from rnnpipe.figures.selection import examples

NEEDS = Needs(
    tables=(
        "networks",
        "trajectories",
        "components",
        "fixed_points",
        "attractors",
        "curves",
        "stability",
        "modes",
    ),
    columns={
        "trajectories": ("seed", "trial", "time", "condition", "state"),
        "modes": ("seed", "probe", "point", "re", "im", "right_re", "right_im"),
    },
)


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather the rows of the example networks; see ``states.prepare``."""
    return states.prepare(tables, examples(tables["networks"], options.examples), options)


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Two components above, three below, one column per example network."""
    panels = layout.split(frame)
    figure, axes = layout.grid(len(panels), (50, 46), projections=(None, "3d"), square=True)
    kind = options.condition_kind
    paths = frame[frame["layer"] == "path"]
    coloured = style.condition_map(kind) is not None and len(paths) > 0
    norm = states.norm_for(paths["condition"], kind) if coloured else None
    for (flat, deep), rows in layout.filled_panels(
        axes, panels, "no trajectories", "path", "point", "moving"
    ):
        states.panel(flat, rows, 2, kind, norm)
        states.panel(deep, rows, 3, kind, norm)
        states.stage(deep, rows)
    entries = points.handles(frame[frame["layer"] == "point"])
    entries += attractors.handles(frame[frame["layer"] == "moving"])
    if (frame["layer"] == "mode").any():
        entries.append(style.entry("unstable eigenvector", color=states.SEGMENT, lw=1.1))
    if coloured:
        layout.condition_bar(figure, axes, options, norm)
    else:
        entries.append(style.entry("trajectory", color=style.GREY, lw=0.6))
    layout.legend(figure, entries)
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    return (
        f"States of up to {options.trials} trials along the first two (above) and three (below) "
        f"principal components, with the fixed points under the probe “{options.probe}”. "
        "Segments run along both directions of each unstable eigenvector; their length is the "
        "part of the unit vector that lies within the components drawn. Scales are the same above "
        f"and below.{attractors.described(frame[frame['layer'] == 'moving'])} {EXAMPLES}"
    )
