"""Test what explains the distances between the networks of one task."""

from pathlib import Path

from rnnpipe.jobs.job import job
from rnnpipe.plan.reads import files_read
from rnnpipe.plan.stages import STAGES
from rnnpipe.population.statistics.effects import effects_table
from rnnpipe.population.statistics.tables import (
    embedding_table,
    mantel_table,
    solved_matrices,
    statistics_table,
)
from rnnpipe.results.blocks import read_blocks
from rnnpipe.settings.job_settings import StatisticsJob
from rnnpipe.tables.parquet import read_table, write_table


@job(STAGES["statistics"], reads=files_read)
def main(
    settings: StatisticsJob,
    distances: Path,
    networks: Path,
    embedding: Path,
    statistics: Path,
    mantel: Path,
    effects: Path,
) -> None:
    """Map distances, test every factor and pair of metrics, and measure effects of constraints."""
    chosen, cohorts = settings.similarity, settings.cohorts
    task, facts = cohorts[0].task, read_table(networks)
    found = solved_matrices(read_table(distances), facts)
    write_table(embedding, "embedding", embedding_table(task, found, chosen.seed), settings)
    write_table(statistics, "statistics", statistics_table(task, found, chosen), settings)
    write_table(mantel, "mantel", mantel_table(task, found, chosen), settings)
    behaviour = read_blocks(settings, "behaviour")
    # The others are compared with the first constraint of the experiment file.
    rows = effects_table(task, facts, behaviour, cohorts[0].constraint, chosen)
    write_table(effects, "effects", rows, settings)


if __name__ == "__main__":
    main()
