"""See how alike the networks of one task are while they are trained."""

from pathlib import Path

import click
import pandas as pd

from rnnpipe.jobs.job import job
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.snapshots_file import load_snapshots
from rnnpipe.plan.paths import block_path
from rnnpipe.plan.reads import files_read
from rnnpipe.plan.stages import STAGES
from rnnpipe.population.convergence import (
    MOST_NETWORKS,
    MOST_TRIALS,
    Course,
    convergence_table,
    foretold_table,
)
from rnnpipe.population.courses import COLUMNS, courses_of
from rnnpipe.settings.job_settings import ConvergenceJob
from rnnpipe.streams import stream
from rnnpipe.tables.parquet import read_table, write_table
from rnnpipe.tables.schemas import COHORT, NETWORK, SCHEMAS
from rnnpipe.tasks import Trials


@job(STAGES["convergence"], reads=files_read)
def main(settings: ConvergenceJob, networks: Path, convergence: Path, foretold: Path) -> None:
    """Compare solved networks with each other and with their ends at every kept step."""
    facts = read_table(networks, [*NETWORK, "solved"]).drop_duplicates(NETWORK)
    chosen = facts[facts["solved"].astype(bool)].sort_values(NETWORK)
    chosen = chosen.groupby(COHORT, observed=True).head(MOST_NETWORKS)
    courses = read(settings, chosen)
    task, level = settings.cohorts[0].task, settings.task.readout_level
    click.echo(f"comparing {len(courses)} networks", err=True)
    for path, table, rows in (
        (convergence, "convergence", convergence_table(courses, settings.kept, level)),
        (foretold, "foretold", foretold_table(courses, level)),
    ):
        write_table(path, table, rows.assign(task=task)[SCHEMAS[table].names], settings)


def read(settings: ConvergenceJob, chosen: pd.DataFrame) -> list[Course]:
    """Run the chosen networks (model, constraint, seed) at all steps on the same test trials."""
    harvest, task, probes = settings.harvest, settings.task, list(settings.task.probes())
    rng = stream(harvest.seed, "harvest trials", settings.cohorts[0].task)
    every = task.part("test").sample(harvest.trials, rng)
    trials = Trials(**{name: part[:MOST_TRIALS] for name, part in vars(every).items()})
    courses, blocks = [], list(settings.blocks())
    line = ProgressLine("running blocks", len(blocks))
    for number, (cohort, block) in enumerate(blocks):
        own = (chosen["model"] == cohort.model) & (chosen["constraint"] == cohort.constraint)
        seeds = set(chosen.loc[own, "seed"])
        path = block_path(settings.experiment, "snapshots", cohort, block)
        snapshots = load_snapshots(Path(path))
        if seeds & set(snapshots.seeds):
            tables = {
                name: read_table(
                    Path(block_path(settings.experiment, name, cohort, block)), columns
                )
                for name, columns in COLUMNS.items()
            }
            courses += courses_of(
                cohort, snapshots, seeds, tables, probes, trials, settings.similarity
            )
        line.update(number + 1, f"{len(courses)} networks")
    return courses


if __name__ == "__main__":
    main()
