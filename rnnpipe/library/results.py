"""`rnnpipe.open`: a folder of results as an object; files are read when they are asked for."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from rnnpipe.faults import suggestion
from rnnpipe.jobs.plain_text import count
from rnnpipe.library.trained import TrainedNetwork
from rnnpipe.plan.stages import POPULATION
from rnnpipe.population.least_ranks import LEAST
from rnnpipe.results.folder import settings_of
from rnnpipe.results.network_files import NetworkFiles, find_blocks
from rnnpipe.settings.job_settings import PopulationJob
from rnnpipe.settings.members import block_holds
from rnnpipe.settings.sections.tasks import without_training
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.parquet import read_table
from rnnpipe.tables.schemas import KEY, SCHEMAS
from rnnpipe.tasks import Task

# Names in a message.
MOST_NAMED = 20
# What the table of networks says of a network, whatever the probe.
_NAMES = SCHEMAS["networks"].names
_FACTS = [*_NAMES[: _NAMES.index("probe")], *LEAST.values()]
_FIRST = (*KEY, "solved", "score")


class Results:
    """A folder of results: an experiment and its networks.

    `rnnpipe.open` makes it. Files are read when they are asked for. Going through it gives every
    network.

    Attributes
    ----------
    folder
        Where the results lie.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._blocks = find_blocks(folder)
        if not self._blocks:
            what = "holds no trained networks" if folder.is_dir() else "there is no such folder"
            raise ArtifactError(
                f"{folder}: {what}; a folder results/<experiment> is needed, which a run of the "
                "experiment fills"
            )

    def __repr__(self) -> str:
        names = {
            "tasks": [block.cohort.task for block in self._blocks],
            "models": [block.cohort.model for block in self._blocks],
            "constraints": [block.cohort.constraint for block in self._blocks],
        }
        lines = [f"{what}: {_listed(list(dict.fromkeys(own)))}" for what, own in names.items()]
        solved = self.networks["solved"]
        known = f"{int(solved.sum())} solved" if solved.notna().all() else "not yet gathered"
        head = f"Results({str(self.folder)!r}): {count(len(self), 'network')}, {known}"
        return "\n".join([head, *(f"  {line}" for line in lines)])

    def __len__(self) -> int:
        return len(self.networks)

    def __iter__(self) -> Iterator[TrainedNetwork]:
        for row in self.networks[KEY].to_dict(orient="records"):
            yield self.network(**row)

    @property
    def name(self) -> str:
        """Name of the experiment: that of the folder."""
        return self.folder.resolve().name

    @cached_property
    def networks(self) -> pd.DataFrame:
        """One row per network: task, model, constraint, seed, solved, score, how it was trained.

        Once the stage ``population`` has run there are the factors too (cell, activation, units,
        ...), and the least ranks where ranks are asked for. Until then `solved` is missing.
        """
        rows = [
            read_table(block.path("training")).assign(**vars(block.cohort))
            for block in self._blocks
        ]
        trained = pd.concat(rows, ignore_index=True)
        told = self.skeletons.drop_duplicates(KEY).reindex(columns=_FACTS)
        new = [name for name in told if name in KEY or name not in trained]
        table = trained.merge(told[new].astype({"solved": "boolean"}), on=KEY, how="left")
        return table[[*_FIRST, *(name for name in _FACTS if name not in _FIRST)]]

    @cached_property
    def skeletons(self) -> pd.DataFrame:
        """One row per network and probe: attractors by kind, census of points, certificate.

        The tables ``population/networks`` of all tasks; without rows until that stage has run.
        """
        paths = [path for path in map(self._population, self._tasks()) if path.exists()]
        tables = [read_table(path) for path in paths]
        empty = pd.DataFrame(columns=SCHEMAS["networks"].names).astype({"seed": int})
        return pd.concat(tables, ignore_index=True) if tables else empty

    @cached_property
    def tasks(self) -> Mapping[str, Task]:
        """What networks were trained to do, by name, with the probes of the analysis.

        Raises
        ------
        ArtifactError
            If settings cannot be read, or the file of a task of one's own is not in the working
            directory or has changed.
        """
        return {name: self._task(name) for name in self._tasks()}

    def network(
        self,
        task: str | None = None,
        model: str | None = None,
        constraint: str | None = None,
        seed: int | None = None,
    ) -> TrainedNetwork:
        """Choose one network; a name may be left out where there is one only.

        Raises
        ------
        ValueError
            If there is no such network, or more than one; names those that there are.
        """
        rows = self.networks
        for key, wanted in zip(KEY, (task, model, constraint, seed), strict=True):
            rows = _chosen(rows, key, wanted)
        facts = rows.iloc[0]
        return TrainedNetwork(self._files(facts), facts)

    def _files(self, facts: pd.Series) -> NetworkFiles:
        """The files of the network of one row of the table."""
        seed = int(facts["seed"])
        names = [facts[key] for key in KEY[:-1]]
        (block,) = (
            block
            for block in self._blocks
            if [*vars(block.cohort).values()] == names and block_holds(block.seeds, seed)
        )
        return NetworkFiles(self.folder, block.cohort, block.seeds, seed)

    def _tasks(self) -> list[str]:
        return list(dict.fromkeys(block.cohort.task for block in self._blocks))

    def _population(self, task: str) -> Path:
        return self.folder / POPULATION["networks"].path.format(task=task)

    def _task(self, name: str) -> Task:
        """A task with the threshold that judged its networks and the probes that were held."""
        own = [block for block in self._blocks if block.cohort.task == name]
        stages = [("fixed_points", "searches"), ("train", "weights")]
        made = next(b.settings(stage) for stage, file in stages for b in own if b.has(file))
        path = self._population(name)
        judged = settings_of(PopulationJob, path).task if path.exists() else made.task
        given = {"given_probes": made.task.given_probes}
        return without_training(judged.model_copy(update=given))


def open(folder: str | Path) -> Results:
    """Open a folder of results.

    Parameters
    ----------
    folder
        ``results/<experiment>``. Where tasks or cells are classes in files of one's own, the
        working directory is to be the folder that holds ``results``, as for the run.

    Returns
    -------
    Results
        Its `networks` is a table, `network` chooses one of them.

    Raises
    ------
    ArtifactError
        If the folder holds no trained networks. Later, if a file that is asked for is missing or
        damaged; the message names it and the stage that makes it.
    """
    return Results(Path(folder))


def _chosen(rows: pd.DataFrame, key: str, wanted: Any) -> pd.DataFrame:
    """Rows of one name, or of the only one; `ValueError` where there is no such, or are several."""
    known = rows[key].drop_duplicates().tolist()
    if wanted is None:
        if len(known) > 1:
            raise ValueError(f"{key}: name one of {_listed(known)}")
        return rows
    if wanted not in known:
        near = suggestion(str(wanted), [str(name) for name in known])
        raise ValueError(f"{key} {wanted!r}: there is no such {key}; name {_listed(known)}{near}")
    return rows[rows[key] == wanted]


def _listed(names: list[Any]) -> str:
    shown = ", ".join(map(str, names[:MOST_NAMED]))
    return shown + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
