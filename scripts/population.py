"""Gather the networks of one task into the population's tables."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from rnnpipe.jobs.job import job
from rnnpipe.plan.paths import block_path
from rnnpipe.plan.reads import files_read
from rnnpipe.plan.stages import STAGES, gathered
from rnnpipe.population.state_machine import join_state_machines, state_machine_table
from rnnpipe.population.tables import networks_table
from rnnpipe.results.blocks import read_block
from rnnpipe.settings.job_settings import PopulationJob
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.parquet import write_table
from rnnpipe.tables.schemas import PROBED, SCHEMAS

# Columns that are read of the tables of blocks; None: all.
COLUMNS = {
    "training": None,
    "dimensionality": None,
    "searches": None,
    "fixed_points": [*PROBED, "point", "kind", "beyond_visited", "readout"],
    "attractors": [*PROBED, "node", "kind", "period", "readout"],
    "ends": [*PROBED, "visited_runs", "visited_unassigned", "visited_diverged", "moving_share"],
    "continua": [*PROBED, "kind", "nature"],
    "stability": [*PROBED, "point", "unstable", "class"],
    "edges": [*PROBED, "from", "to", "kind", "input", "probability", "trials"],
    "ranks": ["seed", "cut", "rank", "least"],
}


@job(STAGES["population"], reads=files_read)
def main(settings: PopulationJob, networks: Path, missing: Path, state_machine: Path) -> None:
    """Gather all blocks of one task under results/ into tables with a row per network."""
    factors = pd.DataFrame(
        [
            {**vars(entry.cohort), **own.model_dump()}
            for entry, own in zip(settings.cohorts, settings.factors, strict=True)
        ]
    )
    rows, transitions = [], []
    for cohort, block in settings.blocks():
        tables = {
            name: read_block(settings, name, cohort, block, COLUMNS[name])
            for name in gathered("population", settings.asked)
        }
        require_trained(block_path(settings.experiment, "training", cohort, block), tables)
        transitions.append(state_machine_table(settings.task, tables))
        rows.append(networks_table(settings.task, tables, transitions[-1], factors))
    lost = [block.model_dump() for block in settings.missing]
    lost = pd.DataFrame(lost, columns=SCHEMAS["missing"].names)
    write_table(missing, "missing", lost, settings)
    write_table(state_machine, "state_machine", join_state_machines(transitions), settings)
    write_table(networks, "networks", pd.concat(rows, ignore_index=True), settings)


def require_trained(path: str, tables: Mapping[str, pd.DataFrame]) -> None:
    """Refuse a table of trained networks that lacks some: one that diverged has its row, too."""
    trained = set(tables["training"]["seed"])
    seeds = {int(seed) for table in tables.values() for seed in table["seed"]}
    if not trained or seeds - trained:
        lacking = f" of seed(s) {', '.join(map(str, sorted(seeds - trained)))}" if seeds else ""
        raise ArtifactError(f"{path}: holds no row{lacking}; delete it and run the workflow again")


if __name__ == "__main__":
    main()
