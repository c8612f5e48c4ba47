"""Fit Gaussian populations to the loadings of the networks of one block, and draw from them."""

from itertools import product
from pathlib import Path

import click
import numpy as np

from rnnpipe.jobs.job import job
from rnnpipe.jobs.plain_text import count
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.mixtures import fit_mixtures
from rnnpipe.networks.redrawn import redrawn_scores
from rnnpipe.networks.unit_loadings import unit_loadings
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import Block, written
from rnnpipe.settings.job_settings import LoadingsJob
from rnnpipe.streams import stream


@job(STAGES["loadings"])
def main(settings: LoadingsJob, weights: Path, training: Path, **files: Path) -> None:
    """Tell how the loadings of every network are distributed, and whether that is all."""
    block, asked = Block(weights, settings.task), settings.loadings
    networks, task = block.networks, block.task.part("test")
    trials = task.sample(asked.trials, stream(asked.seed, "loadings trials", settings.task_name))
    diverged = block.diverged(training)
    counts = range(1, min(asked.populations, networks.units) + 1)
    line = ProgressLine("drawing from populations", len(block.seeds))
    with written(files, settings) as tables:
        for network, seed in enumerate(block.seeds):
            if seed in diverged:
                click.echo(f"seed {seed}: training diverged; it is left out", err=True)
                continue
            own = unit_loadings(networks, network)
            mixtures = fit_mixtures(own.values, counts, seed=0)
            best = min(mixtures, key=lambda mixture: mixture.bic)
            tables["loadings"].add(seed=seed, population=best.members, **own.unit_columns())
            tables["overlaps"].add(seed=seed, **own.pair_columns())
            for mixture in mixtures:
                key = {"seed": seed, "populations": len(mixture.shares)}
                facts = {"best": mixture is best, "vectors": " ".join(own.vectors)}
                tables["mixtures"].add(**key, **facts, **mixture.columns())
            for mixture, times in product(mixtures, asked.times):
                populations, units = len(mixture.shares), times * networks.units
                rngs = [stream(seed, f"draw {i} of {populations}") for i in range(asked.draws)]
                scores = redrawn_scores(
                    networks, network, own.vectors, mixture, units, rngs, task, trials
                )
                tables["resampled"].add(
                    seed=seed,
                    populations=populations,
                    times=times,
                    draw=np.arange(asked.draws),
                    units=units,
                    score=scores,
                )
            said = count(len(best.shares), "population")
            line.update(network + 1, f"seed {seed}: {said}")


if __name__ == "__main__":
    main()
