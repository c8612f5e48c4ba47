"""A network of a folder of results, when that folder is all that is known."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pandas as pd
from pydantic import ValidationError

from rnnpipe.figures.selection import status
from rnnpipe.plan.plan import EXAMPLES
from rnnpipe.settings.job_settings import GraphJob, PopulationJob, SceneJob
from rnnpipe.settings.sections.analysis import SceneSettings
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.parquet import read_provenance, read_table
from rnnpipe.tables.schemas import NETWORK

Job = TypeVar("Job", PopulationJob, GraphJob)


class Unknown(ValueError):
    """The requested network does not exist; the message lists those that do."""


def open_network(
    folder: Path,
    task: str | None = None,
    model: str | None = None,
    constraint: str | None = None,
    seed: int | None = None,
) -> tuple[SceneJob, pd.DataFrame, pd.Series]:
    """Find one network: the first that fits what is given, a solved one if there is one.

    Parameters
    ----------
    folder
        ``results/<experiment>``.
    task, model, constraint, seed
        Which network; any by default.

    Returns
    -------
    tuple
        Settings of a scene of its cohort; rows of the population table; model, constraint, seed
        and status of the network.

    Raises
    ------
    Unknown
        If there is no such network.
    ArtifactError
        If a file is damaged.
    """
    path = _tables(folder, task)
    table, settings = read_table(path), _settings_of(PopulationJob, path)
    rows = table[NETWORK].assign(status=status(table)).drop_duplicates(NETWORK)
    for name, wanted in (("model", model), ("constraint", constraint), ("seed", seed)):
        if wanted is not None:
            known = rows[name].unique()
            rows = rows[rows[name] == wanted]
            if rows.empty:
                raise Unknown(f"{name} {wanted!r} is none of {_listed(known)}")
    solved = rows[rows["status"] == "solved"]
    network = (solved if len(solved) else rows).iloc[0]
    return _scene_of(settings, folder, network), table, network


def _tables(folder: Path, task: str | None) -> Path:
    """The population table of a task, by default of the first."""
    paths = sorted(Path(folder, "population", "networks").glob("*.parquet"))
    if not paths:
        raise Unknown(f"{folder} holds no population/networks: is it results/<experiment>?")
    if task is None:
        return paths[0]
    own = [path for path in paths if path.stem == task]
    if not own:
        raise Unknown(f"task {task!r} is none of {_listed(path.stem for path in paths)}")
    return own[0]


def _scene_of(settings: PopulationJob, folder: Path, network: pd.Series) -> SceneJob:
    """Settings of a scene of one cohort, with task and probes as its graphs were made with."""
    wanted = (network["model"], network["constraint"])
    (own,) = (entry for entry in settings.cohorts if (entry.model, entry.constraint) == wanted)
    keys = f"task={own.task}/model={own.model}/constraint={own.constraint}"
    edges = sorted(Path(folder, "edges", keys).glob("seeds=*/edges.parquet"))
    if not edges:
        raise ArtifactError(f"{folder}/edges/{keys}: holds no edges; were they deleted?")
    made = _settings_of(GraphJob, edges[0])
    return SceneJob(
        # It may have been renamed.
        experiment=folder.name,
        missing=settings.missing,
        cohorts=(own,),
        labels=settings.labels,
        task=settings.task.model_copy(update={"probes": made.task.probes}),
        graph=made.graph,
        scenes=SceneSettings(),
        part=EXAMPLES,
    )


def _settings_of(model: type[Job], path: Path) -> Job:
    """The settings with which a table was made."""
    try:
        return model.model_validate(read_provenance(path)["settings"])
    except ValidationError:
        raise ArtifactError(
            f"{path}: was made by another version of rnnpipe; run the workflow again"
        ) from None


def _listed(names: Iterable[object]) -> str:
    shown = [str(name) for name in names]
    return ", ".join(shown[:20]) + (f", and {len(shown) - 20} more" if len(shown) > 20 else "")
