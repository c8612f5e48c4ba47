"""Compare the networks of one task, all pairs at once, by every distance."""

from pathlib import Path

import click
import pandas as pd

from rnnpipe.jobs.job import job
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.plan.paths import block_path
from rnnpipe.plan.reads import files_read
from rnnpipe.plan.stages import STAGES
from rnnpipe.population.distances import distance_matrices, unrelated_distances
from rnnpipe.population.features import COLUMNS, Features, features
from rnnpipe.settings import Cohort
from rnnpipe.settings.job_settings import DistancesJob
from rnnpipe.streams import stream
from rnnpipe.tables.parquet import read_table, write_table
from rnnpipe.tables.schemas import SCHEMAS


@job(STAGES["distances"], reads=files_read)
def main(settings: DistancesJob, distances: Path, unrelated: Path) -> None:
    """Compute the distances between all networks of one task that have trajectories."""
    networks, names, generators = [], [], []
    blocks = list(settings.blocks())
    line = ProgressLine("reading blocks", len(blocks))
    for number, (cohort, block) in enumerate(blocks):
        for network in read(settings, cohort, block):
            networks.append(network)
            names.append({**vars(cohort), "seed": network.seed})
            generators.append(stream(network.seed, "unrelated", *vars(cohort).values()))
        line.update(number + 1, f"{len(networks)} networks")
    rows = pd.DataFrame(columns=SCHEMAS["distances"].names)
    chance = pd.DataFrame(columns=SCHEMAS["unrelated"].names)
    if networks:
        click.echo(f"comparing {len(networks)} networks", err=True)
        level = settings.task.readout_level
        matrices = distance_matrices(networks, settings.similarity.metrics, level)
        rows = pd.concat(
            pd.DataFrame(names).assign(metric=metric, distances=list(matrix))
            for metric, matrix in matrices.items()
        )
        matrix = unrelated_distances(networks, level, generators)
        chance = pd.DataFrame(names).assign(distances=list(matrix))
    write_table(distances, "distances", rows[SCHEMAS["distances"].names], settings)
    write_table(unrelated, "unrelated", chance[SCHEMAS["unrelated"].names], settings)


def read(settings: DistancesJob, cohort: Cohort, block: str) -> list[Features]:
    """Read the features of the networks of one block."""
    task = settings.task
    paths = {
        name: block_path(settings.experiment, name, cohort, block) for name in (*COLUMNS, "weights")
    }
    networks, seeds = load_networks(
        Path(paths["weights"]), {"inputs": task.inputs, "outputs": task.outputs}
    )
    tables = {name: read_table(Path(paths[name]), columns) for name, columns in COLUMNS.items()}
    probes = list(task.probes())
    return list(features(networks, seeds, tables, probes, task.outputs, settings.similarity))


if __name__ == "__main__":
    main()
