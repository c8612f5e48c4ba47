"""Follow the fixed points of the networks of one block along swept inputs."""

from pathlib import Path
from typing import Any

import numpy as np

from rnnpipe.dynamics.branches import Branches, find_branches
from rnnpipe.jobs.job import job, reads, writes
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.streams import stream
from rnnpipe.tables.parquet import Chunks, matrix, read_table, write_table
from rnnpipe.tasks import make_task


@job(
    reads("weights", "the trained networks"),
    reads("trajectories", "the states to start from"),
    writes("branches", "the branches, row by row: value, state, readout, stability"),
    writes("bifurcations", "folds and changes of stability: kind, value, state, readout"),
    needs=("task", "branches"),
)
def main(settings: dict[str, Any], weights: Path, trajectories: Path, **files: Path) -> None:
    """Find the branches of fixed points of every network of a block along every sweep."""
    task = make_task(settings["task"])
    networks, seeds = load_networks(weights, {"inputs": task.inputs, "outputs": task.outputs})
    harvested = read_table(trajectories, ["seed", "state"], seeds)
    tables = {name: Chunks(name) for name in ("branches", "bifurcations")}
    sweeps = task.sweeps()
    line = ProgressLine("following branches", len(seeds) * len(sweeps))
    for network, seed in enumerate(seeds):
        own = harvested[harvested["seed"] == seed]
        states = matrix(own, "state", trajectories, width=networks.state_size)
        for number, (name, sweep) in enumerate(sweeps.items()):
            if not len(states):
                continue
            found = find_branches(
                networks.driven(network),
                states,
                sweep.origin,
                sweep.channel,
                sweep.values,
                rng=stream(seed, f"branches {name}"),
                **settings["branches"],
            )
            key = {"seed": seed, "sweep": name}
            readouts = networks.outputs(network, found.states)
            tables["branches"].add(**key, **row_columns(found), readout=readouts)
            readouts = networks.outputs(network, found.event_states)
            tables["bifurcations"].add(**key, **event_columns(found), readout=readouts)
            done = network * len(sweeps) + number + 1
            line.update(done, f"seed {seed}, {name}: {len(found.ends)} branches")
    for name, chunks in tables.items():
        write_table(files[name], name, chunks.columns(), settings)


def row_columns(found: Branches) -> dict[str, np.ndarray]:
    """Columns of one row per point of a branch."""
    first = np.searchsorted(found.branch, found.branch)
    return {
        "branch": found.branch,
        "step": np.arange(len(found.branch)) - first,
        "position": found.position,
        "value": found.value,
        "sampled": found.sampled,
        "state": found.states,
        "unstable": found.unstable,
        "stable": found.unstable == 0,
        "spectral_radius": found.spectral_radius,
    }


def event_columns(found: Branches) -> dict[str, np.ndarray]:
    """Columns of one row per bifurcation."""
    return {
        "branch": found.event_branch,
        "kind": found.event_kind,
        "position": found.event_position,
        "value": found.event_value,
        "state": found.event_states,
    }


if __name__ == "__main__":
    main()
