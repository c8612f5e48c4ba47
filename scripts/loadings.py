"""Fit Gaussian populations to the loadings of the networks of one block, and draw from them."""

from itertools import product
from pathlib import Path

import click
import numpy as np

from rnnpipe.jobs.job import job
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.mixtures import fit_mixtures
from rnnpipe.networks.redrawn import redrawn_scores
from rnnpipe.networks.unit_loadings import unit_loadings
from rnnpipe.plan.stages import STAGES
from rnnpipe.results.block_loop import Block, written
from rnnpipe.settings.job_settings import LoadingsJob
from rnnpipe.streams import stream
from rnnpipe.tables.parquet import read_table


@job(STAGES["loadings"])
def main(settings: LoadingsJob, weights: Path, training: Path, **files: Path) -> None:
    """Tell how the loadings of every network are distributed, and whether that is all."""
    block, asked = Block(weights, settings.task), settings.loadings
    networks, task = block.networks, block.task.part("test")
    trials = task.sample(asked.trials, stream(asked.seed, "loadings trials", settings.task_name))
    trained = read_table(training, ["seed", "stop_reason"], block.seeds)
    diverged = set(trained.loc[trained["stop_reason"] == "diverged", "seed"])
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
                count, units = len(mixture.shares), times * networks.units
                rngs = [stream(seed, f"draw {i} of {count}") for i in range(asked.draws)]
                scores = redrawn_scores(
                    networks, network, own.vectors, mixture, units, rngs, task, trials
                )
                tables["resampled"].add(
                    seed=seed,
                    populations=count,
                    times=times,
                    draw=np.arange(asked.draws),
                    units=units,
                    score=scores,
                )
            said = f"{len(best.shares)} population{'s' * (len(best.shares) > 1)}"
            line.update(network + 1, f"seed {seed}: {said}")


if __name__ == "__main__":
    main()
