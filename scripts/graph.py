"""Follow transitions between the fixed points of the networks of one block."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rnnpipe.dynamics.transitions import to_digraph, transitions
from rnnpipe.jobs.job import job, reads, writes
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.settings.job_settings import GraphJob
from rnnpipe.streams import stream
from rnnpipe.tables.artifacts import ArtifactError, write_pickle
from rnnpipe.tables.parquet import Chunks, checked_matrix, eigenpairs, read_table, write_table
from rnnpipe.tasks import Task

KEY = ["seed", "probe"]


@job(
    GraphJob,
    reads("weights", "the trained networks"),
    reads("fixed-points", "the points"),
    reads("orbits", "all states of every cycle"),
    reads("searches", "the spread of each network's states"),
    reads("stability", "the points' classes"),
    reads("modes", "eigenvalues and unstable eigenvectors"),
    writes("edges", "transitions by noise, along unstable eigenvectors and by input pulses"),
    writes("graphs", "a pickle of {seed: {probe: networkx.DiGraph}}"),
)
def main(settings: GraphJob, weights: Path, edges: Path, graphs: Path, **tables: Path) -> None:
    """Push every network of a block off its fixed points and see where it settles."""
    task = settings.task
    networks, seeds = load_networks(weights, {"inputs": task.inputs, "outputs": task.outputs})
    points = read_table(tables["fixed_points"], [*KEY, "point", "state", "kind", "readout"], seeds)
    points = points[points["kind"] != "slow"]
    orbits = read_table(tables["orbits"], [*KEY, "point", "phase", "state"], seeds)
    modes = read_table(tables["modes"], [*KEY, "point", "mode", "re", "im", "right_re", "right_im"])
    stability = read_table(tables["stability"], [*KEY, "point", "unstable", "class"])
    searches = read_table(tables["searches"], [*KEY, "spread"])
    columns = Chunks("edges")
    pickled: dict[int, dict[str, Any]] = {seed: {} for seed in seeds}
    line = ProgressLine("following transitions", len(seeds))
    for network, seed in enumerate(seeds):
        for probe, x in task.probes().items():
            own, own_modes, own_stability, search = (
                table[(table["seed"] == seed) & (table["probe"] == probe)]
                for table in (points, modes, stability, searches)
            )
            if own.empty:
                continue
            states = checked_matrix(own["state"], tables["fixed_points"], width=networks.state_size)
            own_modes = of_points(own_modes, own, networks.state_size, tables["modes"])
            if len(search) != 1:
                raise ArtifactError(
                    f"{tables['searches']}: has {len(search)} rows of seed {seed}, {probe}; "
                    "one is needed"
                )
            own_stability = of_points(own_stability, own, 1, tables["stability"])
            eigenvalues, right = eigenpairs(own_modes, networks.state_size)
            shape = (len(states), networks.state_size)
            found = transitions(
                networks.dynamics(network, x),
                states,
                eigenvalues.reshape(shape),
                right.reshape(*shape, -1),
                spread=float(search["spread"].item()),
                rng=stream(seed, f"graph {probe}"),
                cycles=cycles_of(orbits, own, tables["orbits"]),
                pulses=pulses(networks, network, task),
                **settings.graph.model_dump(),
            )
            columns.add(seed=seed, probe=probe, **found.columns())
            nodes = own.merge(own_stability, on=[*KEY, "point"])
            attributes = {name: nodes[name].tolist() for name in ("class", "unstable", "readout")}
            pickled[seed][probe] = to_digraph(found, attributes)
        line.update(network + 1, f"seed {seed}")
    write_table(edges, "edges", columns.columns(), settings)
    write_pickle(graphs, pickled)


def of_points(table: pd.DataFrame, points: pd.DataFrame, rows: int, path: Path) -> pd.DataFrame:
    """The rows of a network's table that belong to its points, `rows` for each point."""
    found = table[table["point"].isin(points["point"])]
    if len(found) != rows * len(points):
        seed, probe = points[KEY].iloc[0]
        raise ArtifactError(
            f"{path}: has {len(found)} rows for the {len(points)} fixed points of seed {seed}, "
            f"{probe}, and {rows * len(points)} are needed; it was made from other points"
        )
    return found


def cycles_of(orbits: pd.DataFrame, points: pd.DataFrame, path: Path) -> dict[int, np.ndarray]:
    """States (period, unit) of a network's cycles, by the place of their point among `points`."""
    cycles = points.loc[points["kind"] == "cycle", [*KEY, "point"]]
    own = cycles.merge(orbits, on=[*KEY, "point"]).sort_values(["point", "phase"])
    places = {number: place for place, number in enumerate(points["point"])}
    if missing := set(cycles["point"]) - set(own["point"]):
        raise ArtifactError(f"{path}: lacks the states of cycles {sorted(missing)}")
    return {
        places[number]: checked_matrix(rows["state"], path) for number, rows in own.groupby("point")
    }


def pulses(networks: NetworkStack, network: int, task: Task) -> dict[str, Any]:
    """One update under each of the task's input pulses, by name."""
    return {name: networks.dynamics(network, x).step for name, x in task.pulses().items()}


if __name__ == "__main__":
    main()
