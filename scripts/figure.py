"""Draw one figure of one task."""

import io
from functools import partial
from pathlib import Path

import pandas as pd

from rnnpipe.figures import style
from rnnpipe.figures.catalogue import KINDS
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.render import needed, render
from rnnpipe.figures.selection import examples
from rnnpipe.jobs.job import job
from rnnpipe.plan.paths import population_path
from rnnpipe.plan.reads import files_read
from rnnpipe.plan.stages import POPULATION, STAGES
from rnnpipe.results.blocks import read_blocks, read_with_examples
from rnnpipe.settings.job_settings import FigureJob
from rnnpipe.tables.artifacts import ArtifactError, write_bytes
from rnnpipe.tables.parquet import read_table
from rnnpipe.tables.provenance import KEY, provenance
from rnnpipe.tables.schemas import COHORT, NETWORK


@job(STAGES["figure"], reads=files_read)
def main(settings: FigureJob, svg: Path, png: Path, table: Path, caption: Path) -> None:
    """Draw one figure from the tables under results/."""
    kind, shown, options = settings.kind, settings.figures, options_of(settings)
    path = population_path(settings.experiment, "networks", options.task)
    networks = own_networks(settings, read_table(path))
    if networks.empty:
        raise ArtifactError(f"{path}: holds no networks")
    chosen = examples(networks, options.examples)
    tables = {name: load(settings, name, networks, chosen) for name in KINDS[kind].tables}
    drawn, made = render(kind, tables, options), {KEY: provenance(settings)}
    for path, suffix in ((svg, "svg"), (png, "png")):
        buffer = io.BytesIO()
        style.save(drawn.figure, buffer, suffix, shown.dpi, made)
        write_bytes(path, buffer.getvalue())
    write_bytes(table, drawn.table.to_csv(index=False).encode())
    write_bytes(caption, f"{drawn.caption}\n".encode())


def own_networks(settings: FigureJob, networks: pd.DataFrame) -> pd.DataFrame:
    """Rows of the cohorts that the figure is about: of some kinds not all of the task's."""
    own = pd.DataFrame([vars(entry.cohort) for entry in settings.cohorts])
    return networks.merge(own[COHORT], on=COHORT)


def options_of(settings: FigureJob) -> FigureOptions:
    """Names and units of the task, and how many networks and trials are drawn."""
    return FigureOptions.of(
        settings.task,
        settings.cohorts[0].task,
        examples=settings.figures.examples,
        trials=settings.figures.trials,
        missing=settings.missing_networks(),
        constraints=tuple(dict.fromkeys(cohort.constraint for cohort in settings.cohorts)),
    )


def load(
    settings: FigureJob, name: str, networks: pd.DataFrame, chosen: pd.DataFrame
) -> pd.DataFrame:
    """Read the part of a table that a figure needs."""
    if name == "networks":
        return networks
    kind = KINDS[settings.kind]
    if name in POPULATION:
        path = population_path(settings.experiment, name, settings.cohorts[0].task)
        return read_table(path, only={"metric": kind.metrics} if name == "distances" else None)
    if name == "weights":
        from rnnpipe.results.weights import read_weights  # torch, which no other table needs

        return read_weights(settings, chosen)
    columns = kind.everyone.get(name)
    if columns is None:
        return read_blocks(settings, name, kind.columns.get(name), networks=chosen)
    keep = partial(needed, settings.kind, name, count=len(networks.drop_duplicates(NETWORK)))
    return read_with_examples(settings, name, columns, chosen, keep)


if __name__ == "__main__":
    main()
