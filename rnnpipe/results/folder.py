"""A network of a folder of results, when that folder is all that is known."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from rnnpipe.figures.selection import status
from rnnpipe.plan.roster import EXAMPLES
from rnnpipe.results.members import cohort_of
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.parquet import read_provenance, read_table
from rnnpipe.tables.schemas import NETWORK


class Unknown(ValueError):
    """What was asked for is not among the results; says what is."""


def open_network(
    folder: Path,
    task: str | None = None,
    model: str | None = None,
    constraint: str | None = None,
    seed: int | None = None,
) -> tuple[dict[str, Any], pd.DataFrame, pd.Series]:
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
        Members of its cohort, task and probes, as `Plan.scene_settings` gives them without what
        is drawn; rows of the population table; model, constraint, seed and status of the network.

    Raises
    ------
    Unknown
        If there is no such network.
    ArtifactError
        If a file is damaged.
    """
    path = _tables(folder, task)
    table, settings = read_table(path), read_provenance(path)["settings"]
    rows = table[NETWORK].assign(status=status(table)).drop_duplicates(NETWORK)
    for name, wanted in (("model", model), ("constraint", constraint), ("seed", seed)):
        if wanted is not None:
            known = rows[name].unique()
            rows = rows[rows[name] == wanted]
            if rows.empty:
                raise Unknown(f"{name} {wanted!r} is none of {_listed(known)}")
    solved = rows[rows["status"] == "solved"]
    network = (solved if len(solved) else rows).iloc[0]
    return _of_cohort(settings, folder, network), table, network


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


def _of_cohort(settings: dict[str, Any], folder: Path, network: pd.Series) -> dict[str, Any]:
    """Members, of one cohort alone, with task and probes as its graphs were made with."""
    own = [
        entry
        for entry in settings["cohorts"]
        if (entry["model"], entry["constraint"]) == (network["model"], network["constraint"])
    ]
    cohort = cohort_of(own[0])
    keys = f"task={cohort.task}/model={cohort.model}/constraint={cohort.constraint}"
    edges = sorted(Path(folder, "edges", keys).glob("seeds=*/edges.parquet"))
    if not edges:
        raise ArtifactError(f"{folder}/edges/{keys}: holds no edges; were they deleted?")
    made = read_provenance(edges[0])["settings"]
    probes = {name: made["task"][name] for name in ("probes",) if name in made["task"]}
    return {
        **{key: settings[key] for key in ("blocks", "missing") if key in settings},
        # It may have been renamed.
        "experiment": folder.name,
        "cohorts": own,
        "task": {**settings["task"], **probes},
        "graph": {key: made["graph"][key] for key in ("size", "steps")},
        "part": EXAMPLES,
    }


def _listed(names: Iterable[object]) -> str:
    shown = [str(name) for name in names]
    return ", ".join(shown[:20]) + (f", and {len(shown) - 20} more" if len(shown) > 20 else "")
