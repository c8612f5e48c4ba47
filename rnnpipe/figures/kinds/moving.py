"""Networks whose runs end in motion: the curve in components, the readout over two turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnnpipe.dynamics.classes import CHAOTIC, CYCLE, FIXED, SLOW, TORUS
from rnnpipe.figures import layout, style
from rnnpipe.figures.catalogue import Needs
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import attractors
from rnnpipe.figures.selection import examples, network_rows, per_network
from rnnpipe.jobs.plain_text import count
from rnnpipe.tables.parquet import matrix
from rnnpipe.tables.schemas import COHORT, NETWORK

NEEDS = Needs(
    tables=("networks", "attractors", "curves"),
    everyone={
        "attractors": ("seed", "probe", "attractor", "node", "kind", "period"),
        "curves": (
            "seed",
            "probe",
            "attractor",
            "node",
            "phase",
            "time",
            "state",
            "readout",
        ),
    },
)

# At most so many networks are drawn, so many attractors of each, and so many of its readouts.
PANELS, EACH, READOUTS = 8, 3, 3
# Updates drawn of the readout of motion that has no turn.
UNTURNED = 100
PLACES = ["pc1", "pc2"]
VALUES = [f"readout{channel + 1}" for channel in range(READOUTS)]
COLUMNS = ["probe", *attractors.COLUMNS, *PLACES, *VALUES, "networks"]
# Of the attractors of one network.
_COLOURS = ("#7B2D8E", "#17A2B8", "#E69F00")
_KEYS = ["probe", "point"]
_STYLES = ("-", style.DASHED, (0, (1, 1)))


def needed(table: str, rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """Of the states of a block, those of its first networks that move, some attractors of each."""
    if table != "curves" or rows.empty:
        return rows
    key = ["seed", "probe", "attractor"]
    once = rows[key].drop_duplicates()
    once = once[once["seed"].isin(once["seed"].drop_duplicates().head(PANELS))]
    return rows.merge(_spread(once, ["seed"]), on=key)


def _spread(found: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Of the attractors of each network a few, the first, the last, and evenly between."""
    place = found.groupby(list(by)).cumcount().to_numpy()
    size = found.groupby(list(by))["attractor"].transform("size").to_numpy()
    kept = np.round(np.arange(EACH) * (size[:, None] - 1) / (EACH - 1))
    return found[(size <= EACH) | (kept == place[:, None]).any(axis=1)]


def prepare(tables: Mapping[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """Gather a panel per network that moves, and the states of its attractors that are no points.

    Their places lie along the first two principal components of these states, times are in steps
    since the first state. Of each cohort the first networks are drawn, solved ones first; the
    column ``networks`` of a panel says how many networks move.
    """
    key = [*NETWORK, "probe", "attractor"]
    found, states = tables["attractors"], tables["curves"]
    moves = found.loc[found["kind"] != FIXED, NETWORK].drop_duplicates()
    known = states[key].drop_duplicates().merge(found.loc[found["kind"] != FIXED, key], on=key)
    networks = per_network(tables["networks"])
    chosen = _chosen(networks.merge(known[NETWORK].drop_duplicates(), on=NETWORK))
    once = _spread(known, NETWORK)
    own = states.merge(once, on=key)
    moving = attractors.moving({**tables, "curves": own}, chosen)
    layers = [_placed(network_rows(moving, tuple(one))) for one in chosen[NETWORK].values]
    frame = layout.stack(COLUMNS, chosen, *[rows.assign(layer="state") for rows in layers])
    return frame.assign(networks=np.where(frame["layer"] == "panel", len(moves), np.nan))


def _chosen(moves: pd.DataFrame) -> pd.DataFrame:
    """Choose the networks that are drawn: of each cohort in turn the next, solved ones first."""
    each = examples(moves, PANELS)
    turn = each.groupby(COHORT, sort=False, observed=True).cumcount()
    drawn = turn.sort_values(kind="stable").index[:PANELS]
    return each.loc[drawn.sort_values()].reset_index(drop=True)


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Places of one network's states along their own principal components, and their readouts."""
    states = matrix(rows["state"])
    centred = states - states.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]
    largest = directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)]
    places = centred @ (directions * np.sign(largest)[:, None]).T
    places = np.pad(places, ((0, 0), (0, 2 - places.shape[1])))
    values = matrix(rows["readout"])[:, :READOUTS]
    return rows.drop(columns=["state", "readout"]).assign(
        **dict(zip(PLACES, places.T, strict=True)),
        **dict(zip(VALUES, values.T, strict=False)),
    )


def curves_panel(ax: Axes, rows: pd.DataFrame, colours: Mapping[object, str]) -> Axes:
    """The attractors of one network in components, with the direction of closed ones."""
    extent = float(np.ptp(rows[PLACES].to_numpy(float), axis=0).max())
    attractors.draw(ax, rows, PLACES, extent, colours=colours, keys=_KEYS)
    ax.set_aspect("equal", adjustable="datalim")
    ax.set_box_aspect(1)
    ax.margins(0.08)
    ax.set(xlabel="PC 1 (activity)", ylabel="PC 2 (activity)")
    return ax


def readout_panel(ax: Axes, rows: pd.DataFrame, colours: Mapping[object, str]) -> Axes:
    """Readouts of one network's attractors over two turns, or of the first steps of a cloud."""
    for key, own in rows.groupby(_KEYS, sort=False):
        kind = str(own["kind"].iloc[0])
        if kind == SLOW:
            continue
        times, values = two_turns(own)
        short = kind == CYCLE and float(own["period"].iloc[0]) <= attractors.FEW
        marker = {"marker": "s", "ms": 2.2} if short else {}
        for channel, ls in zip(values.T, _STYLES, strict=False):
            ax.plot(times, channel, color=colours[key], lw=0.9, ls=ls, **marker)
    ax.set(xlabel="time (steps)", ylabel="readout")
    ax.set_xlim(left=0)
    return ax


def two_turns(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Times (step,) and readouts (step, channel) of one attractor over two turns.

    Motion that has no period is given for `UNTURNED` steps.
    """
    times, values = rows["time"].to_numpy(float), rows[VALUES].dropna(axis=1).to_numpy(float)
    period = float(rows["period"].iloc[0])
    if not np.isfinite(period):
        early = times - times[0] <= UNTURNED
        return times[early] - times[0], values[early]
    again = np.concatenate([times, times + period, times[:1] + 2 * period])
    return again - times[0], np.concatenate([values, values, values[:1]])


def _legend(ax: Axes, rows: pd.DataFrame, colours: Mapping[object, str]) -> None:
    """Name each attractor of a network: its kind, its turn and its probe."""
    ax.set_axis_off()
    entries = []
    for key, own in rows.groupby(_KEYS, sort=False):
        kind, period = str(own["kind"].iloc[0]), float(own["period"].iloc[0])
        name = attractors.LABELS.get(kind, kind)
        name += f", {period:.3g} steps" if np.isfinite(period) else ""
        entries.append(style.entry(f"{name}\n{key[0]}", color=colours[key], lw=1.2))
    ax.legend(handles=entries, loc="center", borderpad=0, borderaxespad=0)


def draw(frame: pd.DataFrame, options: FigureOptions) -> Figure:
    """Components above, readouts below, one column per network that moves."""
    panels = layout.split(frame)
    most = max([rows[_KEYS].drop_duplicates().shape[0] for _, rows in panels], default=0)
    if not panels:
        figure, axes = layout.grid(1, (14,))
        layout.empty(axes[0, 0], "no run ends in motion")
        return figure
    figure, axes = layout.grid(len(panels), (50, 40, 9 * most + 3), square=True)
    for (top, bottom, names), rows in layout.filled_panels(axes, panels, ""):
        keys = list(dict.fromkeys(rows[_KEYS].itertuples(index=False, name=None)))
        colours = dict(zip(keys, _COLOURS, strict=False))
        curves_panel(top, rows, colours)
        readout_panel(bottom, rows, colours)
        _legend(names, rows, colours)
    layout.outer_labels(axes)
    return figure


def describe(frame: pd.DataFrame, options: FigureOptions) -> str:
    """First sentences of the caption."""
    panels, rows = frame[frame["layer"] == "panel"], frame[frame["layer"] == "state"]
    if panels.empty:
        return (
            "Networks whose runs end in motion: none. Every run that ends in an attractor ends at "
            "rest."
        )
    moves = int(panels["networks"].iloc[0])
    channels = int(rows[VALUES].notna().any().sum())
    text = (
        f"{count(moves, 'network')} with attractors that are no points. Above, their states along "
        "the first two principal components of the states drawn; below, the "
        f"{'readout' if channels == 1 else f'first {channels} readouts (solid, dashed, dotted)'} "
        f"along them over two turns{_clouds(rows)}."
        f"{attractors.described(rows, [*NETWORK, *_KEYS])}"
    )
    if moves > len(panels):
        text += f" {moves - len(panels)} networks that move as well are not drawn."
    if (rows.drop_duplicates([*NETWORK, *_KEYS]).groupby(NETWORK).size() == EACH).any():
        text += f" Of a network at most {EACH} attractors are drawn."
    return text


def _clouds(rows: pd.DataFrame) -> str:
    clouds = rows["kind"].isin([TORUS, CHAOTIC]).any()
    return f", or of the first {UNTURNED} steps of a cloud" if clouds else ""
