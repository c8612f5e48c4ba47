"""The files that a job finds by itself, from its settings, by what they are to it.

A job's script and the plan both list them with the same function, in the same order.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rnnpipe.figures.catalogue import KINDS
from rnnpipe.plan.paths import block_path, population_path, scene_folder
from rnnpipe.plan.plan import OF_PAGES
from rnnpipe.plan.stages import POPULATION, gathered
from rnnpipe.population.findings.claims import population_tables, tables_for
from rnnpipe.settings.job_settings import (
    ConvergenceJob,
    DistancesJob,
    FigureJob,
    FindingsJob,
    ImportJob,
    OfBlock,
    PagesJob,
    PopulationJob,
    SceneJob,
    StatisticsJob,
    TrainJob,
)
from rnnpipe.settings.members import Members

Files = dict[str, list[Path]]


def files_read(settings: Any) -> Files:
    """Return the files that a job reads beside those that it is given."""
    find = _FOUND.get(type(settings))
    return find(settings) if find else {}


def _own(settings: OfBlock) -> Files:
    own = settings.constraint
    masks = {"masks": _paths(filter(None, (own.mask, own.input_mask, own.output_mask)))}
    if isinstance(settings, ImportJob):
        return {**masks, "network_files": _paths(settings.source.paths())}
    return masks


def _gathered(stage: str) -> Callable[[Members], Files]:
    return lambda settings: _blocks(settings, gathered(stage, settings.asked))


def _blocks(members: Members, tables: tuple[str, ...]) -> Files:
    blocks = list(members.blocks())
    return {
        table: _paths(block_path(members.experiment, table, *block) for block in blocks)
        for table in tables
    }


def _population(experiment: str, table: str, *tasks: str) -> list[Path]:
    return _paths(population_path(experiment, table, task) for task in tasks)


def _figure(settings: FigureJob) -> Files:
    tables, task = KINDS[settings.kind].tables, settings.cohorts[0].task
    return {
        table: _population(settings.experiment, table, task)
        if table in POPULATION
        else _blocks(settings, (table,))[table]
        for table in tables
    }


def _findings(settings: FindingsJob) -> Files:
    asked = {section for members in settings.tasks.values() for section in members.asked}
    found: Files = {
        table: _population(settings.experiment, table, *settings.tasks)
        for table in population_tables(asked)
    }
    for members in settings.tasks.values():
        for table, paths in _blocks(
            members, tuple(tables_for(members.task.kind, members.asked))
        ).items():
            found.setdefault(table, []).extend(paths)
    return found


def _scene(settings: SceneJob) -> Files:
    networks = _population(settings.experiment, "networks", settings.cohorts[0].task)
    return {"networks": networks, **_gathered("scene")(settings)}


def _pages(settings: PagesJob) -> Files:
    scenes = (scene_folder(settings.experiment, own.cohort, own.part) for own in settings.parts)
    return {
        **{table: _population(settings.experiment, table, *settings.tasks) for table in OF_PAGES},
        "scenes": _paths(scenes),
    }


def _paths(names: Any) -> list[Path]:
    return [Path(name) for name in names]


_FOUND: Mapping[type, Callable[[Any], Files]] = {
    TrainJob: _own,
    ImportJob: _own,
    PopulationJob: _gathered("population"),
    DistancesJob: _gathered("distances"),
    StatisticsJob: _gathered("statistics"),
    ConvergenceJob: _gathered("convergence"),
    FindingsJob: _findings,
    FigureJob: _figure,
    SceneJob: _scene,
    PagesJob: _pages,
}
