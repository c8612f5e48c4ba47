"""Colours, type and line widths of every figure, and deterministic saving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any, BinaryIO, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Colormap, LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from rnnpipe.dynamics.classes import CHAOTIC, CYCLE, FIXED, LIMIT_CYCLE, SLOW, TORUS

INK = "#222222"
GREY = "#8A8A8A"
PALE = "#D9D9D9"
FONT_SIZE = 7.0

# Okabe & Ito (2008), without black and without the yellow that fades on white paper.
CATEGORIES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#6B6B6B")
MARKERS = ("o", "s", "^", "D")

STATUS = {"solved": "#0072B2", "not solved": "#E69F00", "diverged": "#D55E00"}

# Line style of what is compared with: limits, references, equality.
DASHED = (0, (4, 2))

# Kinds of attractors, none of them the colour of a fixed point that is no attractor; and runs that
# end in none.
KIND_COLOURS = {
    FIXED: "#0072B2",
    CYCLE: "#E377C2",
    LIMIT_CYCLE: "#7B2D8E",
    TORUS: "#17A2B8",
    CHAOTIC: "#7A4B21",
    SLOW: "#8A8A8A",
}
KIND_MARKERS = {FIXED: "o", CYCLE: "s", LIMIT_CYCLE: "h", TORUS: "X", CHAOTIC: "P", SLOW: "v"}

_UNSTABLE = ("#0072B2", "#009E73", "#E69F00", "#D55E00")

_CYCLE = ("#F0B93A", "#58AE78", "#16838F", "#1F3A7D", "#7B3A8C", "#D14B6F", "#F0B93A")

SEQUENTIAL = mpl.colormaps["viridis"]
DIVERGING = mpl.colormaps["RdBu_r"]

_RC = {
    "font.family": "DejaVu Sans",
    "font.size": FONT_SIZE,
    "axes.titlesize": FONT_SIZE,
    "axes.labelsize": FONT_SIZE,
    "xtick.labelsize": FONT_SIZE,
    "ytick.labelsize": FONT_SIZE,
    "legend.fontsize": FONT_SIZE,
    "figure.titlesize": FONT_SIZE,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlepad": 4.0,
    "axes.labelpad": 2.0,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "lines.linewidth": 0.9,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
    "legend.columnspacing": 1.4,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "none",
    "svg.hashsalt": "rnnpipe",
    "mathtext.default": "regular",
}


def context() -> AbstractContextManager[None]:
    """Settings under which figures are drawn and saved; nothing global is changed."""
    return mpl.rc_context(_RC)


def unstable_colour(unstable: int) -> str:
    """Colour of a fixed point with the given number of unstable modes."""
    if unstable < len(_UNSTABLE):
        return _UNSTABLE[unstable]
    position = max(0.5 - 0.08 * (unstable - len(_UNSTABLE)), 0.0)
    return to_hex(mpl.colormaps["magma"](position))


def unstable_colours(unstable: Iterable[float]) -> list[str]:
    """Colours of several fixed points."""
    return [unstable_colour(int(count)) for count in unstable]


def unstable_label(unstable: int) -> str:
    """Name of a number of unstable modes, for legends."""
    if unstable == 0:
        return "stable"
    return f"{unstable} unstable mode{'s' if unstable > 1 else ''}"


def entry(label: str, marker: str = "", **look: Any) -> Line2D:
    """Legend entry: a line, or if there is a marker, the marker alone."""
    common = {"ls": "", "ms": 4} if marker else {}
    return Line2D([], [], label=label, marker=marker, **common | look)


def marks(
    ax: Axes, x: ArrayLike, y: ArrayLike, colour: str, filled: ArrayLike, **look: Any
) -> None:
    """Draw markers of one colour, hollow where not filled."""
    faces = np.where(filled, colour, "white")
    ax.scatter(x, y, c=faces, edgecolors=colour, **{"linewidths": 0.7, "zorder": 3} | look)


def unstable_handles(unstable: Iterable[float]) -> list[Line2D]:
    """Legend entries for the numbers of unstable modes that occur."""
    return [
        entry(unstable_label(k), "o", color=unstable_colour(k))
        for k in sorted({int(count) for count in unstable})
    ]


def cyclic() -> Colormap:
    """Cyclic map, dark in the middle and light at the ends, greenish one way and red the other.

    Lightness and hue both tell the two sides apart, for colour-blind readers too.
    """
    return LinearSegmentedColormap.from_list("heading", _CYCLE)


def condition_map(kind: str) -> Colormap | None:
    """Colour map for a kind of condition; None where conditions are not coloured."""
    return {"circular": cyclic(), "linear": SEQUENTIAL}.get(kind)


def save(
    figure: Figure,
    target: BinaryIO,
    kind: Literal["svg", "png"],
    dpi: float = 200,
    texts: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Write a figure to a binary file object; the same figure gives the same bytes.

    Parameters
    ----------
    texts
        Texts that a PNG keeps beside its pixels, by their names.

    Raises
    ------
    ValueError
        If ``kind`` is neither ``"svg"`` nor ``"png"``.
    """
    metadata = {
        "svg": {"Date": None, "Creator": None},
        "png": {"Software": None, **texts},
    }
    if kind not in metadata:
        raise ValueError(f"figures are saved as svg or png, not as {kind!r}")
    FigureCanvasAgg(figure)
    with context():
        figure.savefig(target, format=kind, dpi=dpi, metadata=metadata[kind])
