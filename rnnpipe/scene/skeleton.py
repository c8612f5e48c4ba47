"""The skeleton of one network as tables with places: points, modes, transitions, runs, continua."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import FIXED, MARGINAL_CLASS
from rnnpipe.dynamics.distances import distances_between
from rnnpipe.dynamics.unstable_manifold_runs import UnstableManifoldRun
from rnnpipe.figures.panels import attractors
from rnnpipe.figures.panels.points import FAR, kept
from rnnpipe.figures.panels.states import directions
from rnnpipe.figures.projection import PLACE, TIP, beyond, placed
from rnnpipe.scene.contents import END

KEY = ["probe", "point"]
# Columns of a point beside its place.
_POINT = [
    *KEY,
    "kind",
    "unstable",
    "class",
    "marginal",
    "hits",
    "q",
    "time_constant",
    "frequency",
    "readout",
]
# Columns of an attractor that is none of the points, beside its place.
_ATTRACTOR = [
    *KEY,
    "kind",
    "period",
    "amplitude",
    "exponents",
    "dimension",
    "visited_share",
    "box_share",
    "readout",
]
_MODE = [*KEY, "unstable", "re", "im", *PLACE, *TIP]
_EDGE = ["probe", "from", "to", "kind", "input", "probability", "trials", "median_steps"]
# How far runs may reach beyond points and trajectories, as a share of their width.
_ROOM = 0.02


def points_of(
    tables: Mapping[str, pd.DataFrame], components: pd.DataFrame, probes: Sequence[str]
) -> pd.DataFrame:
    """Fixed points and slow points of one network without the spurious ones."""
    known = tables["stability"][[*KEY, "unstable", "class", "time_constant", "frequency"]]
    found = kept(tables["fixed_points"], tables).merge(known, on=KEY, how="left")
    found = found[found["probe"].isin(list(probes))]
    found = found.assign(marginal=found["class"] == MARGINAL_CLASS)
    return placed(found[[*_POINT, "state"]], components)


def attractors_of(
    tables: Mapping[str, pd.DataFrame], components: pd.DataFrame, probes: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Attractors of one network beside its points, amid their states; and these, in order."""
    states = attractors.moving(tables, tables["networks"].head(1))
    states = states[states["probe"].isin(list(probes))]
    curves = placed(states[[*KEY, "kind", "phase", "state"]], components)
    middles = curves.groupby(KEY, sort=False)[PLACE].mean().reset_index()
    known = tables["attractors"].rename(columns={"node": "point"})
    return known[_ATTRACTOR].merge(middles, on=KEY).assign(unstable=0.0), curves


def near(points: pd.DataFrame, paths: pd.DataFrame) -> pd.DataFrame:
    """Points, or states, that lie not far off the trajectories.

    Networks without bounds have points that no trajectory comes near.
    """
    if paths.empty or points.empty:
        return points
    far = beyond(points[PLACE].to_numpy(float), paths[PLACE].to_numpy(float), FAR)
    return points[~far].reset_index(drop=True)


def modes_of(
    modes: pd.DataFrame, points: pd.DataFrame, components: pd.DataFrame, extent: float
) -> pd.DataFrame:
    """Unstable eigenvectors of fixed points, as half segments."""
    fixed = points.loc[points["kind"] == FIXED, [*KEY, "unstable", *PLACE]]
    return directions(modes, fixed, components, extent).reindex(columns=_MODE)


def edges_of(edges: pd.DataFrame, nodes: pd.DataFrame, curves: pd.DataFrame) -> pd.DataFrame:
    """Transitions between different points and attractors, by input only from stable ones.

    At an attractor with several states they end, or start, at the state nearest to the other end.
    """
    start = nodes[[*KEY, "unstable", *PLACE]].rename(columns={"point": "from"})
    end = nodes[[*KEY, *PLACE]].rename(
        columns={"point": "to", **dict(zip(PLACE, END, strict=True))}
    )
    rows = edges[_EDGE].merge(start, on=["probe", "from"]).merge(end, on=["probe", "to"])
    rows = rows[rows["from"] != rows["to"]]
    rows = rows[(rows["kind"] != "input") | (rows["unstable"] == 0)].reset_index(drop=True)
    states = {key: own[PLACE].to_numpy(float) for key, own in curves.groupby(KEY, sort=False)}
    for node, here, there in (("to", END, PLACE), ("from", PLACE, END)):
        for key, own in rows.groupby(["probe", node], sort=False):
            if key in states:
                others = own[there].to_numpy(float)
                nearest = distances_between(others, states[key]).argmin(axis=1)
                rows.loc[own.index, here] = states[key][nearest]
    return rows


def unstable_manifold_runs_of(
    runs: Mapping[str, Sequence[UnstableManifoldRun]], points: pd.DataFrame, paths: pd.DataFrame
) -> pd.DataFrame:
    """Runs off the points that are drawn, step by step, until they leave what is drawn."""
    frames = [
        pd.DataFrame(run.places, columns=PLACE).assign(
            probe=probe, point=run.source, run=number, step=np.arange(len(run.places))
        )
        for probe, own in runs.items()
        for number, run in enumerate(own)
    ]
    columns = [*KEY, "unstable", "run", "step", *PLACE]
    if not frames:
        return pd.DataFrame(columns=columns)
    rows = pd.concat(frames, ignore_index=True)
    rows = rows.merge(points[[*KEY, "unstable"]], on=KEY)[columns]
    places = pd.concat([points, paths])[PLACE].to_numpy(float)
    away = beyond(rows[PLACE].to_numpy(float), places, _ROOM)
    left = pd.Series(away, index=rows.index).groupby([rows["probe"], rows["run"]]).cummax()
    return rows[~left].reset_index(drop=True)


def continua_of(
    nodes: pd.DataFrame, continua: pd.DataFrame, components: pd.DataFrame, probes: Sequence[str]
) -> pd.DataFrame:
    """Nodes of slow curves, in their order; a surface has none, and is left out."""
    key = ["probe", "continuum"]
    nodes = nodes[nodes["probe"].isin(list(probes))]
    curves = continua.loc[continua["kind"] != "surface", [*key, "kind", "nature", "closed"]]
    rows = nodes.merge(curves, on=key).sort_values([*key, "node"])
    rows = rows[[*key, "node", "kind", "nature", "closed", "drift", "state"]]
    return placed(rows, components)
