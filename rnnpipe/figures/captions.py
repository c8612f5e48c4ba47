"""Captions: what a figure draws, of how many networks, and how these ended."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.figure import Figure

from rnnpipe.figures.layout import CHARACTER
from rnnpipe.figures.selection import status
from rnnpipe.figures.style import FONT_SIZE
from rnnpipe.tables.schemas import NETWORK

# Up to this many networks are named; more are only counted.
NAMED = 4

# For the captions of figures of example networks.
EXAMPLES = "Examples are the first solved seeds of each cohort, or its first where none is solved."

_LINE = 1.3
_MARGIN_INCHES = 0.06


def outcomes(networks: pd.DataFrame) -> str:
    """Count the networks in a sentence: solved, not solved, diverged.

    Networks that are not solved or diverged are named (cohort and seed) when they are few.

    Parameters
    ----------
    networks
        Population table: model, constraint, seed, solved, stop_reason; a network with several
        probes has several rows and counts once.
    """
    networks = networks.drop_duplicates(NETWORK)
    state = status(networks)
    solved = int((state == "solved").sum())
    total = len(networks)
    parts = [f"{solved} solved"]
    for name in ("not solved", "diverged"):
        chosen = networks[state == name]
        parts.append(f"{len(chosen)} {name}{_names(chosen)}")
    return f"{total} network{'' if total == 1 else 's'}: {', '.join(parts)}."


def _names(networks: pd.DataFrame) -> str:
    if not 0 < len(networks) <= NAMED:
        return ""
    rows = networks[["model", "constraint", "seed"]].itertuples(index=False)
    return " (" + "; ".join(f"{m} · {c} seed {s}" for m, c, s in rows) + ")"


def caption(what: str, networks: pd.DataFrame, missing: int = 0) -> str:
    """Join the sentences of a kind of figure, the count of networks, and the number missing."""
    text = f"{what} {outcomes(networks)}"
    if missing:
        total = len(networks.drop_duplicates(NETWORK)) + missing
        text += f" {missing} of {total} are missing: their jobs left no results."
    return text


def place(figure: Figure, text: str) -> None:
    """Write a caption below the panels; the figure grows by the height that it takes."""
    width = figure.get_figwidth() - 2 * _MARGIN_INCHES
    lines = textwrap.wrap(text, int(width * 72 / (FONT_SIZE * CHARACTER)))
    taken = len(lines) * FONT_SIZE * _LINE / 72 + 2.5 * _MARGIN_INCHES
    height = figure.get_figheight() + taken
    figure.set_figheight(height)
    share = taken / height
    figure.get_layout_engine().set(rect=(0, share, 1, 1 - share))
    figure.text(
        _MARGIN_INCHES / figure.get_figwidth(),
        _MARGIN_INCHES / height,
        "\n".join(lines),
        ha="left",
        va="bottom",
        linespacing=_LINE,
    )
