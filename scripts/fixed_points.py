"""Search for the fixed points of the networks of one block."""

from pathlib import Path

import numpy as np

from rnnpipe.dynamics.fixed_points import find_fixed_points
from rnnpipe.dynamics.fixed_points.merge import spread
from rnnpipe.dynamics.fixed_points.result import facts_of_no_search
from rnnpipe.jobs.device import chosen_device
from rnnpipe.jobs.job import device_option, job, reads, writes
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.settings.job_settings import FixedPointsJob
from rnnpipe.streams import stream
from rnnpipe.tables.parquet import Chunks, checked_matrix, read_table, write_table

ABSENT = "the network has no finite trajectories"


@job(
    FixedPointsJob,
    reads("weights", "the trained networks"),
    reads("trajectories", "the states to start from"),
    writes("fixed-points", "state, speed, kind, hits and readout of every point"),
    writes("orbits", "all states of every cycle"),
    writes("snapshots", "slow states met on the way down, by level of q"),
    writes("searches", "one row per network and probe: starts, rounds, certificate"),
    device_option,
)
def main(
    settings: FixedPointsJob, weights: Path, trajectories: Path, device: str, **files: Path
) -> None:
    """Find the fixed points of every network of a block under every probe input."""
    task = settings.task
    networks, seeds = load_networks(weights, {"inputs": task.inputs, "outputs": task.outputs})
    networks = networks.to(chosen_device(device))
    harvested = read_table(trajectories, ["seed", "state"], seeds)
    tables = {name: Chunks(name) for name in ("fixed_points", "orbits", "snapshots", "searches")}
    probes = task.probes()
    line = ProgressLine("searching fixed points", len(seeds) * len(probes))
    for network, seed in enumerate(seeds):
        own = harvested[harvested["seed"] == seed]
        states = checked_matrix(own["state"], trajectories, width=networks.state_size)
        for number, (probe, x) in enumerate(probes.items()):
            key = {"seed": seed, "probe": probe}
            if not len(states):
                tables["searches"].add(**key, **facts_of_no_search(ABSENT), spread=np.nan)
                continue
            search = find_fixed_points(
                networks.dynamics(network, x),
                states,
                rng=stream(seed, f"fixed points {probe}"),
                **settings.fixed_points.model_dump(),
            )
            tables["searches"].add(**key, **search.facts(), spread=spread(states))
            seen = networks.outputs(network, search.states)
            for point, orbit in search.orbits.items():
                outputs = networks.outputs(network, orbit)
                seen[point] = outputs.mean(0)
                phase = np.arange(len(orbit))
                tables["orbits"].add(**key, point=point, phase=phase, state=orbit, readout=outputs)
            numbers = np.arange(len(search.states))
            columns = search.point_columns()
            tables["fixed_points"].add(**key, point=numbers, **columns, readout=seen)
            for level, passed in search.snapshots.items():
                readout = networks.outputs(network, passed)
                tables["snapshots"].add(**key, level=level, state=passed, readout=readout)
            done = network * len(probes) + number + 1
            line.update(done, f"seed {seed}, {probe}: {search.found} points, {search.verdict}")
    for name, chunks in tables.items():
        write_table(files[name], name, chunks.columns(), settings)


if __name__ == "__main__":
    main()
