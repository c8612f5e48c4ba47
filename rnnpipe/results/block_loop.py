"""The loop of every analysis: the networks of a block, each under every probe or along every sweep.

A script loads a `Block`, reads the tables that belong to it, goes through its networks and adds
rows to the tables that it writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from rnnpipe.jobs.device import chosen_device
from rnnpipe.jobs.progress import ProgressLine
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.parameters import Settings
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.parquet import Chunks, checked_matrix, read_table, write_table
from rnnpipe.tables.schemas import PROBED
from rnnpipe.tasks import Task
from rnnpipe.tasks.probes import Sweep

T = TypeVar("T")


@dataclass
class Case:
    """One network of a block under one probe, or along one sweep.

    Attributes
    ----------
    network
        Its place in the block.
    seed
        Its seed.
    kind, name
        ``probe`` or ``sweep``, and the name of it.
    found
        What the progress line says of it.
    """

    network: int
    seed: int
    kind: str
    name: str
    found: str = ""

    def tell(self, progress: str) -> None:
        """Have the progress line say what was found."""
        self.found = progress

    @property
    def key(self) -> dict[str, int | str]:
        """The columns that identify its rows."""
        return {"seed": self.seed, self.kind: self.name}


class BlockTable:
    """One table of a block, given out case by case.

    Attributes
    ----------
    path
        The file that it was read from.
    rows
        All rows.
    width
        Number of state variables of the networks.
    """

    def __init__(self, path: Path, rows: pd.DataFrame, width: int) -> None:
        self.path, self.rows, self.width = path, rows, width

    def of(self, case: Case) -> pd.DataFrame:
        """Rows of one case; of a table without probes, all rows of its network."""
        own = self.rows["seed"] == case.seed
        if case.kind in self.rows:
            own &= self.rows[case.kind] == case.name
        return self.rows[own]

    def states(self, rows: pd.DataFrame) -> np.ndarray:
        """States (row, unit) of some of the rows; `ArtifactError` if they do not fit or are NaN."""
        return checked_matrix(rows["state"], self.path, width=self.width)

    def only(self, case: Case) -> pd.Series:
        """The one row of a case; `ArtifactError` if there is none, or more."""
        own = self.of(case)
        if len(own) != 1:
            raise ArtifactError(
                f"{self.path}: has {len(own)} rows of seed {case.seed}, {case.name}; one is needed"
            )
        return own.iloc[0]

    def of_points(self, case: Case, points: pd.DataFrame, rows: int = 1) -> pd.DataFrame:
        """Rows of some points of a case; `ArtifactError` unless there are `rows` per point."""
        own = self.of(case)
        found = own[own["point"].isin(points["point"])]
        if len(found) != rows * len(points):
            raise ArtifactError(
                f"{self.path}: has {len(found)} rows for the {len(points)} fixed points of seed "
                f"{case.seed}, {case.name}, and {rows * len(points)} are needed; it was made from "
                "other points"
            )
        return found

    def numbered(self, case: Case, column: str) -> pd.DataFrame:
        """Rows of a case that are numbered from 0 on; `ArtifactError` if a number is left out."""
        own = self.of(case)
        if own[column].tolist() != list(range(len(own))):
            raise ArtifactError(f"{self.path}: lacks rows of seed {case.seed}, {case.name}")
        return own

    def along(self, case: Case, attractors: pd.DataFrame) -> list[np.ndarray]:
        """States (phase, unit) of some attractors of a case, in order along each of them."""
        own = self.of(case).sort_values(["attractor", "phase"])
        found = dict(list(own.groupby("attractor")))
        if missing := set(attractors["attractor"]) - set(found):
            raise ArtifactError(
                f"{self.path}: lacks the states of attractors {sorted(missing)} of seed "
                f"{case.seed}, {case.name}"
            )
        return [self.states(found[number]) for number in attractors["attractor"]]


class Block:
    """The networks of one block and their task.

    Parameters
    ----------
    weights
        The file of the networks.
    task
        What they are trained to do.
    device
        Where they compute.
    """

    def __init__(self, weights: Path, task: Task, device: str = "cpu") -> None:
        self.task = task
        sizes = {"inputs": task.inputs, "outputs": task.outputs}
        networks, self.seeds = load_networks(weights, sizes)
        self.networks = networks.to(chosen_device(device))

    def read(self, path: Path, columns: Sequence[str]) -> BlockTable:
        """Read columns of a table with one row or more per network and probe.

        Raises
        ------
        ArtifactError
            If the file is not such a table, or holds rows of networks of other blocks.
        """
        rows = read_table(path, [*PROBED, *columns], self.seeds)
        return BlockTable(path, rows, self.networks.state_size)

    def read_trajectories(self, path: Path) -> BlockTable:
        """Read the visited states of every network; a network that diverged has none."""
        rows = read_table(path, ["seed", "state"], self.seeds)
        return BlockTable(path, rows, self.networks.state_size)

    def diverged(self, training: Path) -> set[int]:
        """Read the seeds of the networks whose training diverged, from the table ``training``."""
        rows = read_table(training, ["seed", "stop_reason"], self.seeds)
        return set(rows.loc[rows["stop_reason"] == "diverged", "seed"])

    def probes(self, progress: str) -> Iterator[tuple[Case, np.ndarray]]:
        """Every network under every probe, with its input (input,); reports progress so called."""
        return self._cases(progress, "probe", self.task.probes())

    def sweeps(self, progress: str) -> Iterator[tuple[Case, Sweep]]:
        """Every network along every sweep; reports progress so called."""
        return self._cases(progress, "sweep", self.task.sweeps())

    def _cases(self, label: str, kind: str, named: Mapping[str, T]) -> Iterator[tuple[Case, T]]:
        line = ProgressLine(label, len(self.seeds) * len(named))
        cases = product(enumerate(self.seeds), named.items())
        for done, ((network, seed), (name, value)) in enumerate(cases, start=1):
            case = Case(network, seed, kind, name)
            yield case, value
            found = f": {case.found}" if case.found else ""
            line.update(done, f"seed {seed}, {name}{found}")


@contextmanager
def written(files: Mapping[str, Path], settings: Settings) -> Iterator[Mapping[str, Chunks]]:
    """Tables by name to which rows are added; they are written at the end unless anything fails."""
    tables = {name: Chunks(name) for name in files}
    yield tables
    for name, chunks in tables.items():
        write_table(files[name], name, chunks.columns(), settings)
