"""Import the trained networks of one block."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from pydantic import TypeAdapter

from rnnpipe.jobs.job import job, writes
from rnnpipe.networks.construction import assemble, make_cell, sampled_connections
from rnnpipe.networks.network_file import Wanted, read_network
from rnnpipe.networks.weights_file import save_networks
from rnnpipe.settings import ModelSettings
from rnnpipe.settings.sections.constraints import ResolvedConstraint
from rnnpipe.tables.parquet import write_table
from rnnpipe.tables.schemas import SCHEMAS
from rnnpipe.tasks import make_task
from rnnpipe.training.evaluation import summary


@job(
    writes("weights", "the networks, in float64"),
    writes("history", "a table without rows: nothing was trained"),
    writes("training", "one row per network: score, spectral radius"),
    needs=("task", "model", "constraint", "source", "seeds"),
)
def main(settings: dict[str, Any], weights: Path, history: Path, training: Path) -> None:
    """Import networks that were trained elsewhere: one task and model, some seeds."""
    task, seeds = make_task(settings["task"]), settings["seeds"]
    model = TypeAdapter(ModelSettings).validate_python(settings["model"])
    source = dict(settings["source"])
    files = [Path(file) for file in source.pop("files")]
    wanted = Wanted(model, task.inputs, task.outputs, **source)
    parts = [read_network(file, seed, wanted) for file, seed in zip(files, seeds, strict=True)]
    constraint = ResolvedConstraint.model_validate(settings["constraint"])
    connections = sampled_connections(task, constraint, seeds)
    networks = assemble(make_cell(model), connections, parts, torch.float64)
    nothing, none = np.full(len(seeds), np.nan), np.zeros(len(seeds), dtype=int)
    facts = {
        **summary(networks, networks, task, seeds),
        "spectral_radius_start": nothing,
        "stop_reason": np.full(len(seeds), "imported", dtype=object),
        "steps": none,
        "best_step": none,
        "validation_loss": nothing,
    }
    empty = {name: np.empty(0) for name in SCHEMAS["history"].names}
    write_table(history, "history", empty, settings)
    write_table(training, "training", facts, settings)
    save_networks(weights, networks, seeds, settings)


if __name__ == "__main__":
    main()
