"""The files of one network in a folder of results, each read when it is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rnnpipe.networks.stack import NetworkStack
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.plan.stages import BLOCK_OUTPUTS, IMPORT, STAGE_OF, STAGES
from rnnpipe.results.folder import settings_of
from rnnpipe.settings import Cohort
from rnnpipe.settings.members import block_holds
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.parquet import checked_matrix, read_table
from rnnpipe.tables.provenance import carries_provenance, read_provenance
from rnnpipe.tables.schemas import SCHEMAS

# Where a folder of results names its blocks: every one is trained or imported.
_NAMES_BLOCKS = ("weights", "training")


@dataclass(frozen=True)
class BlockFiles:
    """The files of one block of networks.

    Attributes
    ----------
    folder
        ``results/<experiment>``.
    cohort
        Task, model and constraint.
    seeds
        Label of the block.
    """

    folder: Path
    cohort: Cohort
    seeds: str

    def path(self, name: str) -> Path:
        """Return the path of a table or file; `ArtifactError` if there is none."""
        path = self._file(name)
        if not path.exists():
            raise ArtifactError(
                f"{path}: there is no such file; the stage {STAGE_OF[name]} writes it: run the "
                "experiment (again), which makes what is missing"
            )
        return path

    def has(self, name: str) -> bool:
        """Return whether a table or file is there."""
        return self._file(name).exists()

    def _file(self, name: str) -> Path:
        output = BLOCK_OUTPUTS[name].path.format(**vars(self.cohort), seeds=self.seeds)
        return self.folder / output

    def require_own(self, name: str) -> None:
        """Refuse a table or file that was not made from the files of this block as they are.

        Raises
        ------
        ArtifactError
            If it was copied from another block, or a file that it was made from was made anew
            since; or if one of them is damaged.
        """
        path = self.path(name)
        if not carries_provenance(path):
            return
        said = read_provenance(path)
        if (cohort := said["settings"].get("cohort")) not in (None, vars(self.cohort)):
            names = ", ".join(cohort[name] for name in vars(self.cohort))
            raise ArtifactError(
                f"{path}: holds networks of {names}; it belongs to another block; delete it and "
                "run the experiment again"
            )
        for source, wanted in said.get("files", {}).items():
            if source not in BLOCK_OUTPUTS or not self.has(source):
                continue
            found = read_provenance(self.path(source))
            same = said.get("contents", {}).get(source) == found["content"]
            if not same and wanted != found.get("fingerprint"):
                raise ArtifactError(
                    f"{path}: was not made from {self.path(source).name} of its block: it belongs "
                    f"to other networks, or {source} was made anew since; run the experiment "
                    "again, which makes stale files anew"
                )

    def settings(self, stage: str) -> Any:
        """Read the settings with which a stage made its files, as `settings.job_settings` has them.

        Raises
        ------
        ArtifactError
            If its first file is missing, damaged or made by another version.
        """
        path = self.path(next(iter(STAGES[stage].outputs)))
        imported = stage == "train" and "source" in read_provenance(path)["settings"]
        return settings_of(STAGES[IMPORT if imported else stage].settings, path)


@dataclass(frozen=True)
class NetworkFiles(BlockFiles):
    """The files of one network, and its rows in each of them.

    Attributes
    ----------
    seed
        Its seed.
    """

    seed: int

    def __str__(self) -> str:
        task, model, constraint = vars(self.cohort).values()
        return f"seed {self.seed} of {task}, {model}, {constraint}"

    def table(self, name: str, probe: str | None = None) -> pd.DataFrame:
        """Read the rows of the network in a table, under one probe where one is named.

        Raises
        ------
        ArtifactError
            If the table is missing, damaged, of other networks, or lacks columns: an earlier
            version made it.
        """
        columns = SCHEMAS[name].names
        rows = read_table(self.path(name), columns, only={"seed": [self.seed]})
        self.require_own(name)
        if probe is not None:
            rows = rows[rows["probe"] == probe]
        return rows.reset_index(drop=True)

    def row(self, name: str, probe: str | None = None) -> dict[str, Any]:
        """Read the one row of the network in a table; `ArtifactError` if there is none, or more."""
        rows = self.table(name, probe)
        if len(rows) != 1:
            under = "" if probe is None else f" under {probe}"
            raise ArtifactError(
                f"{self.path(name)}: has {len(rows)} rows of seed {self.seed}{under}; one is "
                "needed; delete it and run the experiment again"
            )
        return rows.iloc[0].to_dict()

    def matrix(self, rows: pd.DataFrame, name: str, column: str = "state") -> np.ndarray:
        """Stack a column of lists of rows of a table, float64; `ArtifactError` if one is faulty."""
        return checked_matrix(rows[column], self.path(name))

    def stack(self) -> NetworkStack:
        """Load the network, as a stack of one in float64."""
        path = self.path("weights")
        networks, seeds = load_networks(path)
        self.require_own("weights")
        if self.seed not in seeds:
            raise ArtifactError(
                f"{path}: holds networks of seeds {', '.join(map(str, seeds))}; {self.seed} is "
                "not there; run the experiment again"
            )
        return networks.select([seeds.index(self.seed)]).double()


def find_blocks(folder: Path) -> list[BlockFiles]:
    """Find the blocks whose networks are trained, cohort by cohort, by their seeds."""
    found = {names for table in _NAMES_BLOCKS for names in _named(folder / table)}
    ordered = sorted(found, key=lambda names: (names[:-1], int(names[-1].partition("-")[0])))
    return [BlockFiles(folder, Cohort(*names[:-1]), names[-1]) for names in ordered]


def block_of(folder: Path, cohort: Cohort, seed: int) -> BlockFiles:
    """Return the block that holds a network whose cohort is there."""
    own = (block for block in find_blocks(folder) if block.cohort == cohort)
    return next(block for block in own if block_holds(block.seeds, seed))


def _named(folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield task, model, constraint and seeds of the blocks that a folder of a table has."""
    for path in folder.glob("task=*/model=*/constraint=*/seeds=*"):
        yield tuple(part.partition("=")[2] for part in path.parts[-4:])
