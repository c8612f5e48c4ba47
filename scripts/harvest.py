"""Run the trained networks of one block on held-out trials."""

from pathlib import Path

import click
import numpy as np

from rnnpipe.jobs.job import job, reads, writes
from rnnpipe.networks.harvest import (
    components_for,
    participation_ratio,
    principal_components,
    trajectories,
    trajectory_chunk,
)
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.settings.job_settings import HarvestJob
from rnnpipe.streams import stream
from rnnpipe.tables.parquet import Chunks, write_table


@job(
    HarvestJob,
    reads("weights", "the trained networks"),
    writes("trajectories", "state, input, output, target and condition at every time"),
    writes("components", "the principal components of every network"),
    writes("dimensionality", "one row per network: participation ratio, components for 85 %"),
)
def main(settings: HarvestJob, weights: Path, **outputs: Path) -> None:
    """Harvest noise-free trajectories on the same trials for every network, and components."""
    task = settings.task
    networks, seeds = load_networks(weights, {"inputs": task.inputs, "outputs": task.outputs})
    harvest = settings.harvest
    trials = task.part("test").sample(harvest.trials, stream(harvest.seed, "harvest trials"))
    tables = {name: Chunks(name) for name in ("trajectories", "components", "dimensionality")}
    for seed, states, readouts in zip(seeds, *trajectories(networks, trials), strict=True):
        if not np.isfinite(states).all():
            click.echo(f"seed {seed}: states are not finite; later stages leave it out", err=True)
            continue
        first = slice(harvest.kept)
        rows = trajectory_chunk(states[first], readouts[first], trials)
        tables["trajectories"].add(seed=seed, **rows)
        found = principal_components(states)
        tables["components"].add(
            seed=seed,
            component=np.arange(len(found.variance)),
            variance=found.variance,
            direction=found.directions,
            mean=np.tile(found.mean, (len(found.variance), 1)),
        )
        tables["dimensionality"].add(
            seed=seed,
            participation_ratio=participation_ratio(found.variance),
            components_85=components_for(found.variance),
        )
    for name, chunks in tables.items():
        write_table(outputs[name], name, chunks.columns(), settings)


if __name__ == "__main__":
    main()
