"""Import the trained networks of one block."""

from pathlib import Path

import numpy as np
import torch

from rnnpipe.jobs.job import job
from rnnpipe.networks.construction import assemble, make_cell, sampled_connections
from rnnpipe.networks.network_file import Wanted, read_network
from rnnpipe.networks.snapshots import Snapshots
from rnnpipe.networks.snapshots_file import save_snapshots
from rnnpipe.networks.weights_file import save_networks
from rnnpipe.plan.reads import files_read
from rnnpipe.plan.stages import STAGES
from rnnpipe.settings.job_settings import ImportJob
from rnnpipe.tables.parquet import write_table
from rnnpipe.tables.schemas import SCHEMAS
from rnnpipe.training.evaluation import summary


@job(STAGES["import_networks"], reads=files_read)
def main(
    settings: ImportJob, weights: Path, history: Path, training: Path, snapshots: Path
) -> None:
    """Import networks that were trained elsewhere: one task and model, some seeds."""
    task, seeds, source = settings.task, settings.seeds, settings.source
    files = [Path(file) for file in source.files]
    wanted = Wanted(
        settings.model,
        task.inputs,
        task.outputs,
        recurrent=source.recurrent,
        readout=source.readout,
        shared=source.shared,
        arrays=source.arrays,
    )
    parts = [read_network(file, seed, wanted) for file, seed in zip(files, seeds, strict=True)]
    connections = sampled_connections(task, settings.constraint, settings.replicates)
    networks = assemble(make_cell(settings.model), connections, parts, torch.float64)
    nothing, none = np.full(len(seeds), np.nan), np.zeros(len(seeds), dtype=int)
    facts = {
        **summary(networks, networks, task, settings.replicates),
        "spectral_radius_start": nothing,
        "stop_reason": np.full(len(seeds), "imported", dtype=object),
        "steps": none,
        "best_step": none,
        "validation_loss": nothing,
    }
    empty = {name: np.empty(0) for name in SCHEMAS["history"].names}
    write_table(history, "history", empty, settings)
    write_table(training, "training", facts, settings)
    save_snapshots(snapshots, Snapshots.none(networks, seeds), settings)
    save_networks(weights, networks, seeds, settings)


if __name__ == "__main__":
    main()
