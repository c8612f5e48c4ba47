"""The loadings of a network, vector by vector: units and their populations, and correlations."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rnnpipe.figures import style

# Names on the page of the kinds of vectors.
SYMBOLS = {"m": "m", "n": "n", "input": "I", "output": "w", "bias": "b", "initial_state": "r"}
# A vector's largest entry lies so far from the middle of a cell of width 1.
REACH = 0.42
# Outlines of populations: how many standard deviations out.
OUTLINE = 2.0
UNIT, PAIR, POPULATION = "unit", "pair", "population"
COLUMNS = ["vector", "other", "unit", "population", "value", "other_value", "share", "covariance"]


def unit_rows(loadings: pd.DataFrame) -> pd.DataFrame:
    """Values of one network's units, a row per unit and vector that varies."""
    columns = {}
    for kind in SYMBOLS:
        entries = loadings[kind]
        if isinstance(entries.iloc[0], float):
            columns[kind] = entries.to_numpy(float)
            continue
        for i, values in enumerate(np.stack(entries.to_numpy()).T):
            columns[f"{kind}{i}"] = values
    varied = {name: values for name, values in columns.items() if np.ptp(values) > 0}
    key = loadings[["unit", "population"]].reset_index(drop=True)
    parts = [key.assign(vector=name, value=values) for name, values in varied.items()]
    return pd.concat(parts, ignore_index=True).assign(layer=UNIT)


def pair_rows(overlaps: pd.DataFrame) -> pd.DataFrame:
    """Correlations of one network's vectors, a row per pair of different ones that vary."""
    rows = overlaps[(overlaps["first"] != overlaps["second"]) & overlaps["correlation"].notna()]
    renamed = {"first": "vector", "second": "other", "correlation": "value"}
    return rows.rename(columns=renamed)[[*renamed.values()]].assign(layer=PAIR)


def population_rows(mixture: pd.Series) -> pd.DataFrame:
    """Means and covariances of one network's populations, a row per population and pair."""
    names, shares = mixture["vectors"].split(), np.asarray(mixture["shares"])
    means = np.reshape(mixture["means"], (len(shares), len(names)))
    covariances = np.reshape(mixture["covariances"], (len(shares), len(names), len(names)))
    population, first, second = np.indices(covariances.shape).reshape(3, -1)
    return pd.DataFrame(
        {
            "population": population,
            "vector": np.array(names)[first],
            "other": np.array(names)[second],
            "value": means[population, first],
            "other_value": means[population, second],
            "share": shares[population],
            "covariance": covariances[population, first, second],
            "layer": POPULATION,
        }
    )


def symbol(vector: str) -> str:
    """Name of a vector on the page: a letter, with its number."""
    kind = vector.rstrip("0123456789")
    number = vector[len(kind) :]
    return f"${SYMBOLS[kind]}_{{{number}}}$" if number else f"${SYMBOLS[kind]}$"


def panel(ax: Axes, rows: pd.DataFrame) -> Axes:
    """Units in the plane of each two vectors below the diagonal, their correlation above it."""
    units = rows[rows["layer"] == UNIT].pivot(
        index=["unit", "population"], columns="vector", values="value"
    )
    names = list(dict.fromkeys(rows.loc[rows["layer"] == UNIT, "vector"]))
    place = {name: i for i, name in enumerate(names)}
    scale = {name: REACH / np.abs(units[name]).max() for name in names}
    population = units.index.get_level_values("population").to_numpy(int)
    below = [(row, column) for row in names for column in names if place[column] < place[row]]
    size = 12.0 / len(names)
    for row, column in below:
        x = place[column] + scale[column] * units[column].to_numpy()
        y = place[row] - scale[row] * units[row].to_numpy()
        colours = np.array(style.CATEGORIES)[population % len(style.CATEGORIES)]
        ax.scatter(x, y, c=colours, s=size, lw=0, alpha=0.6, rasterized=True)
        outlines = rows[
            (rows["layer"] == POPULATION) & (rows["vector"] == column) & (rows["other"] == row)
        ]
        for own in outlines.itertuples():
            x, y = _outline(rows, own, scale[column], scale[row])
            colour = style.CATEGORIES[int(own.population) % len(style.CATEGORIES)]
            inside = (np.abs(x) <= 0.5) & (np.abs(y) <= 0.5)
            x, y = np.where(inside, x, np.nan), np.where(inside, y, np.nan)
            ax.plot(place[column] + x, place[row] - y, color=colour, lw=0.7)
    _correlations(ax, rows[rows["layer"] == PAIR], place)
    for name, i in place.items():
        ax.text(i, i, symbol(name), ha="center", va="center")
    for edge in np.arange(len(names) + 1) - 0.5:
        ax.axhline(edge, color=style.PALE, lw=0.4, zorder=0)
        ax.axvline(edge, color=style.PALE, lw=0.4, zorder=0)
    ax.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(names) - 0.5, -0.5), aspect="equal")
    ax.set_axis_off()
    return ax


def _outline(
    rows: pd.DataFrame, pair: tuple, x_scale: float, y_scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """Outline of a population in the plane of two vectors, drawn to scale, about the origin."""
    own = rows[(rows["layer"] == POPULATION) & (rows["population"] == pair.population)]
    variance = own[own["vector"] == own["other"]].set_index("vector")["covariance"]
    covariance = np.array(
        [
            [variance[pair.vector], pair.covariance],
            [pair.covariance, variance[pair.other]],
        ]
    )
    sizes, directions = np.linalg.eigh(covariance)
    angle = np.linspace(0, 2 * np.pi, 61)
    circle = OUTLINE * np.stack([np.cos(angle), np.sin(angle)])
    x, y = directions @ (np.sqrt(np.maximum(sizes, 0.0))[:, None] * circle)
    return x_scale * (pair.value + x), y_scale * (pair.other_value + y)


def _correlations(ax: Axes, pairs: pd.DataFrame, place: dict[str, int]) -> None:
    """Correlations above the diagonal, as colours."""
    values = np.full((len(place), len(place)), np.nan)
    for pair in pairs.itertuples():
        if pair.vector in place and pair.other in place:
            low, high = sorted((place[pair.vector], place[pair.other]))
            values[low, high] = pair.value
    ax.imshow(values, cmap=style.DIVERGING, vmin=-1, vmax=1, zorder=0.5)
