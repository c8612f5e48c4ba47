"""What networks differ in and are compared by: orders, names, colours and markers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from rnnpipe.figures import style
from rnnpipe.tables.schemas import COHORT

# The order in which cells and activations are drawn; others follow as they appear.
CELLS = ("vanilla", "gru", "lstm", "ugrnn", "ctrnn", "leaky")
ACTIVATIONS = ("tanh", "relu", "softplus", "sigmoid")
SHOWN = ["cell", "activation"]
# Lines of the constraints of a model, in their order.
LINES = ("-", style.DASHED, (0, (1, 1)), (0, (5, 1, 1, 1)))
# Distances by the names they have on the page: geometry, then dynamics, function and weights.
METRICS = {
    "svcca": "SVCCA",
    "procrustes": "Procrustes",
    "cka": "CKA",
    "rsa": "RSA",
    "topology": "topology",
    "gromov": "Gromov–W.",
    "spectra": "spectra",
    "dsa": "DSA",
    "function": "function",
    "generalisation": "generalisation",
    "weights": "weights",
}


def ordered(values: Iterable[object], known: tuple[str, ...] = ()) -> list[str]:
    """Distinct values that occur: the known ones in their order, then the others."""
    present = list(dict.fromkeys(str(value) for value in values if pd.notna(value)))
    return [v for v in known if v in present] + [v for v in present if v not in known]


def metrics_in_order(metrics: Iterable[object]) -> list[str]:
    """Distinct metrics that occur, in the order of ``METRICS``; unknown ones last."""
    return ordered(metrics, tuple(METRICS))


def metric_name(metric: str) -> str:
    """Name of a metric on the page."""
    return METRICS.get(metric, metric)


@dataclass(frozen=True)
class Looks:
    """Colour of each cell and marker of each activation."""

    colours: Mapping[str, str]
    markers: Mapping[str, str]

    def handles(self) -> list[Line2D]:
        """Legend entries: cells by colour, then activations by marker."""
        cells = [style.entry(cell, "o", color=colour) for cell, colour in self.colours.items()]
        shapes = [
            style.entry(activation, marker, color=style.GREY)
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


def model_colours(models: pd.DataFrame) -> dict[str, str]:
    """Colour of each model: its cell's where all have different cells, else one for each.

    Parameters
    ----------
    models
        Columns model and cell, with any number of rows per model.
    """
    once = models[["model", "cell"]].drop_duplicates("model")
    if not once["cell"].is_unique:
        return colours(once["model"])
    of_cells = colours(once["cell"], CELLS)
    return {model: of_cells[cell] for model, cell in once.itertuples(index=False)}


def cohort_looks(networks: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """Look of each cohort's lines in every figure: a colour by model, a line by constraint.

    Parameters
    ----------
    networks
        Columns model, constraint and cell, in the population's order.
    """
    cohorts, tones = networks[COHORT].drop_duplicates(), model_colours(networks)
    constraints = list(dict.fromkeys(cohorts["constraint"]))
    return {
        (model, constraint): {
            "color": tones[model],
            "ls": LINES[constraints.index(constraint) % len(LINES)],
        }
        for model, constraint in cohorts.itertuples(index=False)
    }


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
    """Draw a point per row: coloured by the column ``by``, its marker by activation."""
    for (value, activation), own in rows.groupby([by, "activation"], sort=False):
        ax.scatter(
            own[x],
            own[y],
            marker=looks.markers[activation],
            color=looks.colours[value],
            zorder=2,
            **look,
        )
