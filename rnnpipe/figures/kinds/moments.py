"""Six moments of training: the skeleton of a network in three dimensions, in one frame."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnnpipe.dynamics.classes import FIXED
from rnnpipe.figures import layout, style
from rnnpipe.figures.captions import EXAMPLES
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.layout import MM, PAGE_MM
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels.cube import Box
from rnnpipe.figures.panels.telling import MOMENTS, telling_steps
from rnnpipe.figures.projection import PLACE, beyond, placed
from rnnpipe.figures.selection import examples, network_rows, rows_of
from rnnpipe.tables.schemas import NETWORK

NEEDS = Needs(
    tables=(
        "networks",
        "components",
        "development",
        "development_points",
        "development_attractors",
    ),
    only="development",
)

COLUMNS = ["moment", "step", "test_loss", "identity", "kind", "unstable", *PLACE]
# At most so many networks fit on a page.
ROWS = 6
_HEIGHT_MM = 44.0
# Points farther off the final ones than this share of their extent are left out.
_FAR = 1.0


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather moments and the skeletons at them, along the final network's components.

    Layers: ``moment``, one row per step that is shown; ``point`` with identity and unstable modes;
    ``moving``, attractors beside the points, with their kind.
    """
    chosen = examples(tables["networks"], options.examples).head(ROWS)
    own = {
        name: (rows := rows_of(tables[name], chosen))[rows["probe"] == options.probe]
        for name in ("development", "development_points", "development_attractors")
    }
    layers = []
    for key, components in rows_of(tables["components"], chosen).groupby(NETWORK, sort=False):
        kept, points, attractors = (network_rows(rows, key) for rows in own.values())
        if kept.empty:
            continue
        kept = kept.sort_values("step")
        shown = telling_steps(kept["step"], points)
        moments = kept[kept["step"].isin(shown)].assign(moment=range(len(shown)))
        layers.append(moments.assign(layer="moment"))
        places = moments[["step", "moment"]]
        points = placed(points.merge(places, on="step"), components)
        points = _near(points)
        moving = attractors[attractors["kind"] != FIXED].merge(places, on="step")
        layers.append(points.assign(layer="point"))
        layers.append(_near(placed(moving, components)).assign(layer="moving"))
    return layout.stack(COLUMNS, chosen, *layers)


def _near(points: pd.DataFrame) -> pd.DataFrame:
    """Leave out what lies far off the last skeleton: networks without bounds have such points."""
    final = points[points["step"] == points["step"].max()]
    if len(final) < 2:
        return points
    far = beyond(points[PLACE].to_numpy(float), final[PLACE].to_numpy(float), _FAR)
    return points[~far]


def panel(ax: Axes, rows: pd.DataFrame, box: Box) -> Axes:
    """The skeleton at one step: points by unstable modes, other attractors by kind, in a box."""
    for start, end in box.edges():
        ax.plot(*np.stack([start, end], axis=1), color=style.PALE, lw=0.5, zorder=1)
    for _, row in rows.assign(depth=box.depth(rows)).sort_values("depth").iterrows():
        moving, kind = row["layer"] == "moving", str(row["kind"])
        ax.plot(
            *box.seen(row[PLACE].to_numpy(float)[None])[0],
            style.KIND_MARKERS[kind] if moving else "o",
            color=style.KIND_COLOURS[kind]
            if moving
            else style.unstable_colour(int(row["unstable"])),
            ms=4.6 if moving else 3.8,
            mec="white",
            mew=0.3,
            zorder=3,
        )
    ax.set_axis_off()
    ax.set_aspect("equal", adjustable="box")
    return ax


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """A row per example network, a column per moment; one frame and one camera per row."""
    panels = layout.split(frame)
    figure = Figure(figsize=(PAGE_MM * MM, len(panels) * _HEIGHT_MM * MM), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.4 * MM, h_pad=0.6 * MM, hspace=0.0, wspace=0.0)
    blocks = np.atleast_1d(figure.subfigures(len(panels), 1))
    for block, (name, rows) in zip(blocks, panels, strict=True):
        title = layout.network_title(name).replace("\n", " · ")
        block.suptitle(title, x=0.006, ha="left", fontsize=style.FONT_SIZE)
        moments = rows[rows["layer"] == "moment"].sort_values("moment")
        drawn = rows[rows["layer"].isin(("point", "moving"))]
        if drawn.empty:
            layout.empty(block.subplots(), "no weights were kept")
            continue
        box = Box.around(drawn)
        axes = block.subplots(1, MOMENTS)
        for ax, (_, moment) in zip(axes, moments.iterrows(), strict=False):
            panel(ax, drawn[drawn["step"] == moment["step"]], box)
            ax.set_title(_title(moment, drawn), pad=1)
        _name_axes(axes[0], box)
        for ax in axes[len(moments) :]:
            ax.set_axis_off()
    layout.legend(figure, _handles(frame))
    return figure


def _name_axes(ax: Axes, box: Box) -> None:
    """Name the three axes at edges of the box, outside of it."""
    heart = box.seen(box.middle[None])[0]
    for axis, middle in enumerate(box.bearing()):
        x, y = heart + 1.2 * (box.seen(middle[None])[0] - heart)
        upright = {"rotation": 90} if axis == 2 else {}
        ax.text(x, y, f"PC {axis + 1}", ha="center", va="center", **upright)


def _title(moment: pd.Series, drawn: pd.DataFrame) -> str:
    own = drawn[(drawn["step"] == moment["step"]) & (drawn["layer"] == "point")]
    return f"step {int(moment['step']):,}\n{len(own)} point{'' if len(own) == 1 else 's'}"


def _handles(frame: pd.DataFrame) -> list:
    entries = style.unstable_handles(frame.loc[frame["layer"] == "point", "unstable"].dropna())
    kinds = set(frame.loc[frame["layer"] == "moving", "kind"])
    return entries + [
        style.entry(f"{kind} (its mean)", style.KIND_MARKERS[kind], color=colour)
        for kind, colour in style.KIND_COLOURS.items()
        if kind in kinds
    ]


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    left = len(frame.loc[frame["layer"] == "panel"]) == ROWS
    most = f" At most {ROWS} networks are drawn." if left else ""
    return (
        f"The skeletons at up to {MOMENTS} moments of training, under the probe "
        f"“{options.probe}”: the first and the last step at which weights were kept, and between "
        "them those at which most points have been born, have died or have changed their "
        "stability, and those just before. All panels of a network have one frame, the first three "
        f"principal components of the trained network.{most} {EXAMPLES}"
    )
