"""Run the trained networks of one block on held-out trials."""

from pathlib import Path

import click
import numpy as np

from rnnpipe.jobs.job import job
from rnnpipe.networks.harvest import (
    components_for,
    participation_ratio,
    principal_components,
    trajectories,
    trajectory_chunk,
)
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import Block, written
from rnnpipe.settings.job_settings import HarvestJob
from rnnpipe.streams import stream


@job(STAGES["harvest"])
def main(settings: HarvestJob, weights: Path, training: Path, **files: Path) -> None:
    """Harvest noise-free trajectories on the same trials for every network, and components."""
    block, harvest = Block(weights, settings.task), settings.harvest
    rng = stream(harvest.seed, "harvest trials", settings.task_name)
    trials = block.task.part("test").sample(harvest.trials, rng)
    diverged = block.diverged(training)
    runs = zip(block.seeds, *trajectories(block.networks, trials), strict=True)
    with written(files, settings) as tables:
        for seed, states, outputs in runs:
            # Its kept weights are those of some step before it diverged, not of a trained network.
            if reason := _unfit(states, seed in diverged):
                click.echo(f"seed {seed}: {reason}; later stages leave it out", err=True)
                continue
            first = slice(harvest.kept)
            rows = trajectory_chunk(states[first], outputs[first], trials)
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


def _unfit(states: np.ndarray, diverged: bool) -> str:
    """Why a network is not analysed; empty if it is."""
    if diverged:
        return "training diverged"
    return "" if np.isfinite(states).all() else "states are not finite"


if __name__ == "__main__":
    main()
