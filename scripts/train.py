"""Train the networks of one block."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import torch

from rnnpipe.artifacts import write_table
from rnnpipe.checkpoint import CheckpointFile
from rnnpipe.constraints import connectivity
from rnnpipe.device import chosen_device
from rnnpipe.interruption import TRY_AGAIN, Interrupted, interruption
from rnnpipe.job import OUTPUT, device_option, job, writes
from rnnpipe.population import Population, new_population
from rnnpipe.progress import ProgressLine
from rnnpipe.seeds import stream
from rnnpipe.stages import stage_code
from rnnpipe.tasks import Task, make_task
from rnnpipe.training import Progress, fit
from rnnpipe.weights_file import save_population


@job(
    writes("weights", "the trained networks"),
    writes("history", "loss, learning rate and gradient norm at every step"),
    writes("training", "one row per network: score, why it ended, spectral radius, violations"),
    device_option,
    click.option(
        "--checkpoint",
        type=OUTPUT,
        required=True,
        help="Keeps the state of training until it is done; what is there is gone on from.",
    ),
    click.option(
        "--checkpoint-every",
        type=click.FloatRange(min=0),
        default=120,
        help="Seconds between two checkpoints.",
    ),
    needs=("task", "model", "constraint", "training", "seeds"),
)
def main(
    settings: dict[str, Any],
    weights: Path,
    history: Path,
    training: Path,
    device: str,
    checkpoint: Path,
    checkpoint_every: float,
) -> None:
    """Train the networks of one block: one task, model and constraint, some seeds."""
    task, seeds, device = make_task(settings["task"]), settings["seeds"], chosen_device(device)
    identity = json.dumps(
        [settings, device, torch.get_num_threads(), torch.__version__, stage_code("train")]
    )
    with interruption() as asked:
        kept = CheckpointFile(checkpoint, identity, checkpoint_every, asked)
        try:
            result = fit(
                untrained(settings, task).to(device),
                task,
                seeds,
                settings["training"],
                progress(len(seeds), settings["training"]["steps"]),
                kept,
            )
        except Interrupted as error:
            click.echo(error, err=True)
            sys.exit(TRY_AGAIN)
    write_table(history, "history", result.history, settings)
    write_table(training, "training", result.summary, settings)
    save_population(weights, result.population.to("cpu"), seeds, settings)
    kept.remove()


def untrained(settings: dict[str, Any], task: Task) -> Population:
    """The networks of the block before training."""
    seeds = settings["seeds"]
    connections = [
        connectivity(
            settings["constraint"], task.inputs, task.outputs, stream(seed, "connectivity")
        )
        for seed in seeds
    ]
    rngs = [stream(seed, "initial weights") for seed in seeds]
    return new_population(settings["model"], connections, rngs)


def progress(networks: int, steps: int) -> Callable[[Progress], None]:
    """What shows how far training is."""
    line = ProgressLine(f"training {networks} networks", steps)
    latest = {"validation": float("nan")}

    def report(now: Progress) -> None:
        if now.validation_loss == now.validation_loss:
            latest["validation"] = now.validation_loss
        line.update(
            now.step,
            f"loss {now.loss:.3g}, validation {latest['validation']:.3g}, {now.training} training",
        )

    return report


if __name__ == "__main__":
    main()
