"""Train the networks of one block."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import torch
from pydantic import TypeAdapter

from rnnpipe.jobs.checkpoint import CheckpointFile
from rnnpipe.jobs.device import chosen_device
from rnnpipe.jobs.job import OUTPUT, device_option, job, writes
from rnnpipe.jobs.processes import TRY_AGAIN, Interrupted, interruption
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.jobs.training_message import LOG_SHARE, Losses
from rnnpipe.networks.construction import untrained_networks
from rnnpipe.networks.weights_file import save_networks
from rnnpipe.plan.stages import stage_code
from rnnpipe.settings import ModelSettings, TrainingSettings
from rnnpipe.settings.sections.constraints import ResolvedConstraint
from rnnpipe.tables.parquet import write_table
from rnnpipe.tasks import make_task
from rnnpipe.training.fit import Progress, fit


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
    model = TypeAdapter(ModelSettings).validate_python(settings["model"])
    constraint = ResolvedConstraint.model_validate(settings["constraint"])
    networks = untrained_networks(task, model, constraint, seeds)
    how = TrainingSettings.model_validate(settings["training"])
    with interruption() as asked:
        kept = CheckpointFile(checkpoint, identity, checkpoint_every, asked)
        report = progress(len(seeds), how.steps, kept)
        try:
            result = fit(networks.to(device), task, seeds, how, report, kept)
        except Interrupted as error:
            click.echo(error, err=True)
            sys.exit(TRY_AGAIN)
    write_table(history, "history", result.history, settings)
    write_table(training, "training", result.summary, settings)
    save_networks(weights, result.networks.to("cpu"), seeds, settings)
    kept.remove()


def progress(networks: int, steps: int, kept: CheckpointFile) -> Callable[[Progress], None]:
    """What shows how far training is, and where it went on from."""
    line = ProgressLine(f"training {networks} networks", steps, log_share=LOG_SHARE)
    latest = {"validation": float("nan")}

    def report(now: Progress) -> None:
        if kept.resumed_at > line.first:
            line.first = kept.resumed_at
            click.echo(f"going on from the checkpoint of step {line.first}", err=True)
        if now.validation_loss == now.validation_loss:
            latest["validation"] = now.validation_loss
        line.update(now.step, Losses(now.loss, latest["validation"], now.training).text())

    return report


if __name__ == "__main__":
    main()
