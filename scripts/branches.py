"""Follow the fixed points of the networks of one block along swept inputs."""

from pathlib import Path

from rnnpipe.dynamics.branches import find_branches
from rnnpipe.jobs.job import job, reads, writes
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.settings.job_settings import BranchesJob
from rnnpipe.streams import stream
from rnnpipe.tables.parquet import Chunks, checked_matrix, read_table, write_table


@job(
    BranchesJob,
    reads("weights", "the trained networks"),
    reads("trajectories", "the states to start from"),
    writes("branches", "the branches, row by row: value, state, readout, stability"),
    writes("bifurcations", "folds and changes of stability: kind, value, state, readout"),
)
def main(settings: BranchesJob, weights: Path, trajectories: Path, **files: Path) -> None:
    """Find the branches of fixed points of every network of a block along every sweep."""
    task = settings.task
    networks, seeds = load_networks(weights, {"inputs": task.inputs, "outputs": task.outputs})
    harvested = read_table(trajectories, ["seed", "state"], seeds)
    tables = {name: Chunks(name) for name in ("branches", "bifurcations")}
    sweeps = task.sweeps()
    line = ProgressLine("following branches", len(seeds) * len(sweeps))
    for network, seed in enumerate(seeds):
        own = harvested[harvested["seed"] == seed]
        states = checked_matrix(own["state"], trajectories, width=networks.state_size)
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
                **settings.branches.model_dump(),
            )
            key = {"seed": seed, "sweep": name}
            readouts = networks.outputs(network, found.states)
            tables["branches"].add(**key, **found.row_columns(), readout=readouts)
            readouts = networks.outputs(network, found.event_states)
            tables["bifurcations"].add(**key, **found.event_columns(), readout=readouts)
            done = network * len(sweeps) + number + 1
            line.update(done, f"seed {seed}, {name}: {len(found.ends)} branches")
    for name, chunks in tables.items():
        write_table(files[name], name, chunks.columns(), settings)


if __name__ == "__main__":
    main()
