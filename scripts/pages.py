"""Put the pages of an experiment together: all networks in a table, and those that are drawn."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from rnnpipe.jobs.job import job
from rnnpipe.pages.experiment_page import Network, Shown, experiment_page, thumbnail
from rnnpipe.plan.paths import INDEX, page_name, population_path, scene_folder, scene_name
from rnnpipe.plan.reads import files_read
from rnnpipe.plan.stages import STAGES
from rnnpipe.settings.job_settings import PagesJob
from rnnpipe.tables.artifacts import ArtifactError, link, read_bytes, whole_folder, write_bytes
from rnnpipe.tables.parquet import read_table
from rnnpipe.tables.provenance import by_hand, mark_folder


@job(STAGES["pages"], reads=files_read)
def main(settings: PagesJob, folder: Path) -> None:
    """A page of all networks, and beside it the pages and pictures of those that are drawn."""
    with whole_folder(folder) as partial:
        shown = dict(collected(settings, partial))
        text = experiment_page(
            settings.experiment,
            population(settings, "networks"),
            population(settings, "embedding"),
            shown,
            {n: (t.score_quantity.name, t.score_quantity.unit) for n, t in settings.tasks.items()},
            settings.missing_by_task(),
            by_hand(),
        )
        write_bytes(partial / INDEX, text.encode())
        mark_folder(partial, settings)


def population(settings: PagesJob, table: str) -> pd.DataFrame:
    """A population table of all tasks."""
    paths = (population_path(settings.experiment, table, task) for task in settings.tasks)
    return pd.concat([read_table(path) for path in paths], ignore_index=True)


def collected(settings: PagesJob, folder: Path) -> Iterator[tuple[Network, Shown]]:
    """Every network that has a page, whose files are brought into the folder."""
    for part in settings.parts:
        cohort = part.cohort
        source = Path(scene_folder(settings.experiment, cohort, part.part))
        seeds = (re.fullmatch(r"seed=(\d+)\.html", path.name) for path in source.glob("*.html"))
        for seed in sorted(int(match[1]) for match in seeds if match):
            network = (cohort.task, cohort.model, cohort.constraint, seed)
            yield network, brought(source, network, folder)


def brought(source: Path, network: Network, folder: Path) -> Shown:
    """The files of one network, linked into the folder."""
    seed, page = network[3], page_name(*network)
    link(source / scene_name(seed, "html"), folder / page)
    drawn = source / scene_name(seed, "png")
    if not drawn.exists():
        return Shown(page)
    picture = page_name(*network, suffix="png")
    link(drawn, folder / picture)
    try:
        return Shown(page, picture, thumbnail(read_bytes(drawn)))
    except OSError:
        raise ArtifactError(
            f"{drawn}: is no whole picture; delete its folder and run again"
        ) from None


if __name__ == "__main__":
    main()
