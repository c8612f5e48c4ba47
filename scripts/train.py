"""Train the networks of one block."""

from pathlib import Path
from typing import Any

import click
import torch

from rnnpipe.artifacts import write_table
from rnnpipe.constraints import connectivity
from rnnpipe.job import job, writes
from rnnpipe.population import new_population
from rnnpipe.progress import ProgressLine
from rnnpipe.seeds import stream
from rnnpipe.tasks import make_task
from rnnpipe.training import Progress, fit
from rnnpipe.weights_file import save_population


@job(
    writes("weights", "the trained networks"),
    writes("history", "loss, learning rate and gradient norm at every step"),
    writes("training", "one row per network: score, why it ended, spectral radius, violations"),
    click.option(
        "--device",
        type=click.Choice(["cpu", "cuda", "auto"]),
        default="cpu",
        help="Where to train; auto takes cuda where there is one.",
    ),
    needs=("task", "model", "constraint", "training", "seeds"),
)
def main(settings: dict[str, Any], weights: Path, history: Path, training: Path, device: str):
    """Train the networks of one block: one task, model and constraint, some seeds."""
    task, seeds, model = make_task(settings["task"]), settings["seeds"], settings["model"]
    connections = [
        connectivity(
            settings["constraint"], task.inputs, task.outputs, stream(seed, "connectivity")
        )
        for seed in seeds
    ]
    untrained = new_population(model, connections, [stream(s, "initial weights") for s in seeds])
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    line = ProgressLine(f"training {len(seeds)} networks", settings["training"]["steps"])
    latest = {"validation": float("nan")}

    def report(progress: Progress) -> None:
        if progress.validation_loss == progress.validation_loss:
            latest["validation"] = progress.validation_loss
        line.update(
            progress.step,
            f"loss {progress.loss:.3g}, validation {latest['validation']:.3g}, "
            f"{progress.training} training",
        )

    result = fit(untrained.to(device), task, seeds, settings["training"], report)
    write_table(history, "history", result.history, settings)
    write_table(training, "training", result.summary, settings)
    save_population(weights, result.population.to("cpu"), seeds, settings)


if __name__ == "__main__":
    main()
