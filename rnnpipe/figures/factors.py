"""What networks differ in: one row per network, a colour per cell, a marker per activation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from rnnpipe.figures import style
from rnnpipe.figures.selection import NETWORK, examples, status

# The order in which cells and activations are drawn; others follow as they appear.
CELLS = ("vanilla", "gru", "lstm", "ugrnn", "ctrnn", "leaky")
ACTIVATIONS = ("tanh", "relu", "softplus", "sigmoid")
SHOWN = ["cell", "activation"]


def ordered(values: Iterable[object], known: tuple[str, ...] = ()) -> list[str]:
    """Distinct values that occur: the known ones in their order, then the others."""
    present = list(dict.fromkeys(str(value) for value in values if pd.notna(value)))
    return [v for v in known if v in present] + [v for v in present if v not in known]


@dataclass(frozen=True)
class Looks:
    """Colour of each cell and marker of each activation."""

    colours: Mapping[str, str]
    markers: Mapping[str, str]

    def handles(self) -> list[Line2D]:
        """Legend entries: cells by colour, then activations by marker."""
        common = {"ls": "", "ms": 4}
        cells = [
            Line2D([], [], marker="o", color=colour, label=cell, **common)
            for cell, colour in self.colours.items()
        ]
        shapes = [
            Line2D([], [], marker=marker, color=style.GREY, label=activation, **common)
            for activation, marker in self.markers.items()
        ]
        return cells + (shapes if len(shapes) > 1 else [])


def colours(values: Iterable[object], known: tuple[str, ...] = ()) -> dict[str, str]:
    """A colour for each value; a known value has the same one in every figure."""
    names = ordered(values, known)
    places = {v: known.index(v) if v in known else len(known) + i for i, v in enumerate(names)}
    if max(places.values(), default=0) >= len(style.CATEGORIES):
        places = {v: i for i, v in enumerate(names)}
    return {v: style.CATEGORIES[i % len(style.CATEGORIES)] for v, i in places.items()}


def looks(frame: pd.DataFrame) -> Looks:
    """Colours and markers of the cells and activations of a table with these columns."""
    shapes = ordered(frame["activation"], ACTIVATIONS)
    markers = {
        name: style.MARKERS[
            (ACTIVATIONS.index(name) if name in ACTIVATIONS else i) % len(style.MARKERS)
        ]
        for i, name in enumerate(shapes)
    }
    return Looks(colours(frame["cell"], CELLS), markers)


def scatter(
    ax: Axes, rows: pd.DataFrame, x: str, y: str, looks: Looks, by: str = "cell", **look: Any
) -> None:
    """A point a row, coloured by ``by``, its marker that of the activation."""
    for (value, activation), own in rows.groupby([by, "activation"], sort=False):
        ax.scatter(
            own[x],
            own[y],
            marker=looks.markers[activation],
            color=looks.colours[value],
            zorder=2,
            **look,
        )


def per_network(networks: pd.DataFrame) -> pd.DataFrame:
    """One row per network of the population table, with its status."""
    once = networks.drop_duplicates(NETWORK).reset_index(drop=True)
    return once.assign(status=status(once))


def sorted_networks(networks: pd.DataFrame) -> pd.DataFrame:
    """Networks in the order of their cell, activation, model, constraint and seed."""
    cells, shapes = (
        {name: i for i, name in enumerate(ordered(networks[column], known))}
        for column, known in (("cell", CELLS), ("activation", ACTIVATIONS))
    )
    keys = networks.assign(
        _cell=networks["cell"].map(cells), _activation=networks["activation"].map(shapes)
    )
    keys = keys.sort_values(["_cell", "_activation", *NETWORK], kind="stable")
    return keys.drop(columns=["_cell", "_activation"]).reset_index(drop=True)


def representatives(networks: pd.DataFrame, per_cohort: int, by: list[str]) -> pd.DataFrame:
    """One example network for each value of ``by`` (columns): the first solved, else the first.

    They are among the examples of their cohorts, whose large tables are at hand.
    """
    once = per_network(networks)
    chosen = examples(once, per_cohort)[NETWORK].merge(once, on=NETWORK)
    chosen = sorted_networks(chosen).assign(late=lambda rows: rows["status"] != "solved")
    chosen = chosen.sort_values("late", kind="stable").drop_duplicates(by)
    return sorted_networks(chosen.drop(columns="late"))


def name_of(row: pd.Series) -> str:
    """Name of an example network by cell and activation; whether it was not solved."""
    solved = row.get("status", "solved") == "solved"
    return f"{row['cell']}, {row['activation']}" + ("" if solved else f"\n({row['status']})")
