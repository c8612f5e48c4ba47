"""Train the networks of one block."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
import torch

from rnnpipe.jobs.checkpoint import CheckpointFile
from rnnpipe.jobs.device import chosen_device
from rnnpipe.jobs.job import device_option, job
from rnnpipe.jobs.option_ranges import FiniteRange
from rnnpipe.jobs.processes import TRY_AGAIN, Interrupted, interruption
from rnnpipe.jobs.progress import LOG_SHARE, Losses, ProgressLine
from rnnpipe.networks.construction import untrained_networks
from rnnpipe.networks.snapshots_file import save_snapshots
from rnnpipe.networks.weights_file import save_networks
from rnnpipe.parameters import canonical
from rnnpipe.plan.fingerprint import Kinds, job_code
from rnnpipe.plan.reads import files_read
from rnnpipe.plan.stages import STAGES
from rnnpipe.settings.job_settings import TrainJob
from rnnpipe.tables.fingerprint import counted
from rnnpipe.tables.parquet import write_table
from rnnpipe.training.fit import Progress, fit


@job(
    STAGES["train"],
    device_option,
    click.option(
        "--checkpoint",
        type=click.Path(dir_okay=False, path_type=Path),
        required=True,
        help="Keeps the state of training until training is done; training goes on from it.",
    ),
    click.option(
        "--checkpoint-every",
        type=FiniteRange(min=0),
        default=120,
        help="Seconds between two checkpoints.",
    ),
    reads=files_read,
)
def main(
    settings: TrainJob,
    weights: Path,
    history: Path,
    training: Path,
    snapshots: Path,
    device: str,
    checkpoint: Path,
    checkpoint_every: float,
) -> None:
    """Train the networks of one block: one task, model and constraint, some seeds."""
    task, replicates, device = settings.task, settings.replicates, chosen_device(device)
    kinds = Kinds(frozenset({task.kind}), frozenset({settings.model.cell}))
    identity = canonical(
        {
            "settings": settings,
            "device": device,
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
            "code": job_code("train", kinds),
        }
    )
    networks = untrained_networks(task, settings.model, settings.constraint, replicates)
    with interruption() as asked:
        kept = CheckpointFile(checkpoint, identity, checkpoint_every, asked)
        report = progress(len(replicates), settings.training.steps, kept)
        try:
            result = fit(
                networks.to(device),
                task,
                replicates,
                settings.training,
                report,
                kept,
                settings.kept,
            )
        except Interrupted as error:
            click.echo(error, err=True)
            sys.exit(TRY_AGAIN)
    counting = counted(settings)
    write_table(history, "history", result.history, counting)
    write_table(training, "training", result.summary, counting)
    save_snapshots(snapshots, result.snapshots.to("cpu"), settings)
    save_networks(weights, result.networks.to("cpu"), replicates.seeds, counting)
    kept.remove()


def progress(networks: int, steps: int, kept: CheckpointFile) -> Callable[[Progress], None]:
    """A function that shows how far training is, and from which step it went on."""
    line = ProgressLine(f"training {networks} networks", steps, log_share=LOG_SHARE)
    latest = {"validation": float("nan")}

    def report(now: Progress) -> None:
        if kept.resumed_at > line.first:
            line.first = kept.resumed_at
            click.echo(f"training goes on from the checkpoint of step {line.first}", err=True)
        if now.validation_loss == now.validation_loss:
            latest["validation"] = now.validation_loss
        line.update(now.step, Losses(now.loss, latest["validation"], now.training).text())

    return report


if __name__ == "__main__":
    main()
