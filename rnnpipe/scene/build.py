"""From the tables of one network to its scene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from rnnpipe.dynamics.unstable_manifold_runs import UnstableManifoldRun
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import trials
from rnnpipe.figures.panels.plane import gather
from rnnpipe.figures.projection import PLACE, placed
from rnnpipe.figures.selection import rows_of, status
from rnnpipe.scene import skeleton
from rnnpipe.scene.colouring import coloured
from rnnpipe.scene.contents import TURNED, Scene
from rnnpipe.scene.development import development_of
from rnnpipe.scene.facts import facts
from rnnpipe.tables.schemas import NETWORK


def build_scene(
    tables: Mapping[str, pd.DataFrame],
    options: FigureOptions,
    network: pd.Series,
    probes: Sequence[str],
    channels: Sequence[str],
    unstable_manifold_runs: Mapping[str, Sequence[UnstableManifoldRun]] | None = None,
    colour: str = "condition",
    turned: bool = False,
) -> Scene:
    """Place one network's trajectories and skeleton along its three leading components.

    Parameters
    ----------
    tables
        ``networks``, ``trajectories``, ``components``, ``fixed_points``, ``attractors``,
        ``curves``, ``stability``, ``modes``, ``edges``, ``continua`` and ``continuum_points`` of
        one task; of a network of low rank ``plane`` and those beside it, too; those on development
        where weights were kept in training.
    options
        Names and units of the task; `trials` says how many trajectories are drawn.
    network
        Model, constraint and seed of the network.
    probes
        Probes under which points were searched.
    channels
        Names of the inputs.
    unstable_manifold_runs
        Runs off the points, by probe; none by default.
    colour
        What trajectories are coloured by, one of `colouring.COLOURS`.
    turned
        Whether the table of components has been turned, by `frame.upright`.

    Raises
    ------
    ValueError
        If there is no such network, or it has no trajectories.
    """
    own = of_network(tables, network)
    components = own["components"]
    if own["networks"].empty or components.empty:
        raise ValueError("no trajectories: it is no network of the experiment, or it diverged")
    outcome = str(status(own["networks"]).iloc[0])
    own["trajectories"] = steps = _drawn(own["trajectories"], options.trials)
    values, colouring = coloured(steps, colour, options, channels)
    paths = placed(steps[["trial", "time", "state"]], components).assign(value=values)
    found = skeleton.points_of(own, components, probes)
    points = skeleton.near(found, paths)
    attractors, curves = skeleton.attractors_of(own, components, probes)
    known = facts(own["networks"], outcome, options)
    if far := len(found) - len(points):
        known["not drawn"] = f"{far} points far off the trajectories"
    return Scene(
        task=options.task,
        model=str(network["model"]),
        constraint=str(network["constraint"]),
        seed=int(network["seed"]),
        status=outcome,
        facts=known,
        axes=_axes(components, turned),
        probes=tuple(probes),
        probe_values={p: v for p, v in options.probe_values.items() if p in probes},
        colouring=colouring,
        paths=paths,
        points=points,
        attractors=attractors,
        curves=curves,
        unstable_manifold_runs=skeleton.unstable_manifold_runs_of(
            unstable_manifold_runs or {}, points, paths
        ),
        continua=skeleton.continua_of(own["continuum_points"], own["continua"], components, probes),
        trial=_trial(own),
        plane=_plane(own, probes),
        development=development_of(own, components, probes, paths),
        edges=skeleton.edges_of(own["edges"], pd.concat([points, attractors]), curves),
        **_of_points(own, points, paths),
    )


def _drawn(steps: pd.DataFrame, trials: int) -> pd.DataFrame:
    """Steps of the first trials, in order."""
    first = steps["trial"].rank(method="dense") <= trials
    return steps[first].sort_values(["trial", "time"])


def _plane(own: Mapping[str, pd.DataFrame], probes: Sequence[str]) -> pd.DataFrame | None:
    """What lies in the plane of κ; None of a network that is not of low rank."""
    if "plane" not in own:
        return None
    return gather(own, own["networks"].drop_duplicates(NETWORK), probes)


def _of_points(
    own: Mapping[str, pd.DataFrame], points: pd.DataFrame, paths: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Modes and spectrum of the points that are drawn."""
    components, key = own["components"], skeleton.KEY
    extent = float(np.ptp(pd.concat([paths, points])[PLACE].to_numpy(float), axis=0).max())
    return {
        "modes": skeleton.modes_of(own["modes"], points, components, extent),
        "spectrum": own["modes"].merge(points[key])[[*key, "re", "im"]],
    }


def of_network(tables: Mapping[str, pd.DataFrame], network: pd.Series) -> dict[str, pd.DataFrame]:
    """Select the rows of one network from every table."""
    one = pd.DataFrame([{name: network[name] for name in NETWORK}])
    return {name: rows_of(table, one) for name, table in tables.items()}


def _axes(components: pd.DataFrame, turned: bool) -> tuple[str, str, str]:
    """Names of the axes with their share of the variance; dashes where components are missing."""
    name = TURNED if turned else "PC"
    variance = components.sort_values("component")["variance"].to_numpy(float)
    shares = 100 * variance[:3] / max(variance.sum(), np.finfo(float).tiny)
    names = [f"{name} {number + 1} ({share:.0f} %)" for number, share in enumerate(shares)]
    return (*names, *["–"] * (3 - len(names)))


def _trial(own: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The trial whose inputs change most often, against time."""
    rows = trials.prepare(own, own["networks"].drop_duplicates(NETWORK))
    rows = rows[rows["layer"] != "panel"]
    return rows[["trial", "layer", "time", "channel", "value"]].reset_index(drop=True)
