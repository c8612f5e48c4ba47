"""Opening a network from a folder of results, without the experiment file."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from rnnpipe.faults import SettingsError
from rnnpipe.figures.selection import status
from rnnpipe.plan.plan import EXAMPLES
from rnnpipe.plan.stages import STAGE_OF, STAGES
from rnnpipe.settings.asked import Asked
from rnnpipe.settings.job_settings import GraphJob, PopulationJob, SceneJob
from rnnpipe.settings.reading.job import Job, read_settings
from rnnpipe.settings.sections.analysis import SceneSettings
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.parquet import read_table
from rnnpipe.tables.provenance import read_provenance
from rnnpipe.tables.schemas import NETWORK


class Unknown(ValueError):
    """The requested network does not exist; the message lists those that do."""


def open_network(
    folder: Path,
    task: str | None = None,
    model: str | None = None,
    constraint: str | None = None,
    seed: int | None = None,
) -> tuple[SceneJob, pd.DataFrame, pd.Series]:
    """Find one network: the first that fits what is given, if possible one that solved its task.

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
    table, settings = read_table(path), settings_of(PopulationJob, path)
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
    """Return the path of the table of networks of a task, by default of the first task."""
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
    """Return the settings of a scene of one cohort, with the task and probes of its graphs."""
    wanted = (network["model"], network["constraint"])
    (own,) = (entry for entry in settings.cohorts if (entry.model, entry.constraint) == wanted)
    keys = f"task={own.task}/model={own.model}/constraint={own.constraint}"
    edges = sorted(Path(folder, "edges", keys).glob("seeds=*/edges.parquet"))
    if not edges:
        raise ArtifactError(f"{folder}/edges/{keys}: holds no edges; were they deleted?")
    made = settings_of(GraphJob, edges[0])
    return SceneJob(
        # It may have been renamed.
        experiment=folder.name,
        missing=settings.missing,
        cohorts=(own,),
        asked=_asked(folder, keys),
        labels=settings.labels,
        task=settings.task.model_copy(update={"given_probes": made.task.given_probes}),
        graph=made.graph,
        scenes=SceneSettings(),
        part=EXAMPLES,
    )


def _asked(folder: Path, keys: str) -> tuple[Asked, ...]:
    """Return what was asked of a cohort, of which a scene shows something: its tables are there."""
    found = {
        only
        for table in STAGES["scene"].gathers
        if (only := STAGES[STAGE_OF[table]].only) and any(Path(folder, table, keys).glob("seeds=*"))
    }
    return tuple(sorted(found))


def settings_of(model: type[Job], path: Path) -> Job:
    """Read the settings with which a table was made."""
    try:
        return read_settings(model, read_provenance(path)["settings"])
    except SettingsError as error:
        raise ArtifactError(
            f"{path}: cannot be used with this version of rnnpipe or with the files of its task "
            f"({'; '.join(map(str, error.faults))}); run the workflow again"
        ) from None


def _listed(names: Iterable[object]) -> str:
    shown = [str(name) for name in names]
    return ", ".join(shown[:20]) + (f", and {len(shown) - 20} more" if len(shown) > 20 else "")
