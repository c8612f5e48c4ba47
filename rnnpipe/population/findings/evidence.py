"""What claims are judged by: the tables of one task, and how to draw resamples."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rnnpipe.population.spurious_points import spurious
from rnnpipe.streams import stream
from rnnpipe.tables.schemas import NETWORK, POINT
from rnnpipe.tasks import Task


@dataclass(frozen=True)
class Evidence:
    """The tables of one task.

    Attributes
    ----------
    task
        The task, as settings make it.
    tables
        Those of the population and of the blocks that `kinds` names.
    resamples, seed
        Of bootstrap intervals.
    """

    task: Task
    tables: Mapping[str, pd.DataFrame]
    resamples: int
    seed: int

    def networks(self, probe: str | None = None) -> pd.DataFrame:
        """Rows of the solved networks, one each, or those of one probe."""
        rows = self.tables["networks"]
        rows = rows[rows["solved"].astype(bool)]
        return rows.drop_duplicates(NETWORK) if probe is None else rows[rows["probe"] == probe]

    def of_solved(self, table: str) -> pd.DataFrame:
        """Rows of a table that belong to solved networks."""
        return self.tables[table].merge(self.networks()[NETWORK], on=NETWORK)

    def of_points(self, table: str) -> pd.DataFrame:
        """Rows of a table that belong to points of solved networks that are not spurious."""
        points = self.tables["fixed_points"]
        kept = points.loc[~spurious(points, self.tables["stability"], POINT), POINT]
        return self.of_solved(table).merge(kept, on=POINT)

    def rng(self, purpose: str) -> np.random.Generator:
        """Generator of the resamples for one purpose."""
        return stream(self.seed, f"findings {purpose}")


def by_network(rows: pd.DataFrame, column: str) -> np.ndarray:
    """Mean of a column over the rows of each network, (network,)."""
    return rows.groupby(NETWORK, observed=True)[column].mean().to_numpy(dtype=float)
