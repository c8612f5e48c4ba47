"""The evidence on which claims are judged: the tables of one task."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rnnpipe.population.findings.finding import (
    MOST,
    MOST_IN_WORDS,
    Finding,
    share,
    unmeasured,
)
from rnnpipe.population.spurious_points import spurious
from rnnpipe.tables.schemas import NETWORK, POINT
from rnnpipe.tasks import Task


@dataclass(frozen=True)
class Evidence:
    """The tables of one task.

    Attributes
    ----------
    task
        The task of the networks.
    tables
        The population's tables, and the tables of blocks that `claims.tables_for` names.
    """

    task: Task
    tables: Mapping[str, pd.DataFrame]

    def networks(self, probe: str | None = None) -> pd.DataFrame:
        """Select the solved networks' rows under one probe, or one row per solved network."""
        rows = self.tables["networks"]
        rows = rows[rows["solved"].astype(bool)]
        return rows.drop_duplicates(NETWORK) if probe is None else rows[rows["probe"] == probe]

    def of_solved(self, table: str) -> pd.DataFrame:
        """Select the rows of a table that belong to solved networks."""
        return self.tables[table].merge(self.networks()[NETWORK], on=NETWORK)

    def of_points(self, table: str) -> pd.DataFrame:
        """Select the rows of a table that belong to fixed points of solved networks.

        Cycles, slow points and spurious points are left out.
        """
        points = self.tables["fixed_points"]
        kept = (points["kind"] == "fixed") & ~spurious(points, self.tables["stability"], POINT)
        return self.of_solved(table).merge(points.loc[kept, POINT], on=POINT)

    def judge_share(
        self,
        claim: str,
        sentence: str,
        criterion: str,
        right: pd.Series | None,
    ) -> Finding:
        """Judge by `finding.share` whether most solved networks are right.

        Parameters
        ----------
        claim, criterion
            As for `finding.share`.
        sentence
            What solved networks do, from the verb on.
        right
            bool, indexed by the columns of `NETWORK`; a solved network that is not in it is
            wrong, and networks that are not solved do not count. ``None`` if the experiment
            looks at none in the way that the claim needs: nothing can be told.
        """
        sentence = f"{MOST_IN_WORDS} solved networks {sentence}"
        if right is None:
            return unmeasured(claim, sentence, criterion, MOST)
        solved = pd.MultiIndex.from_frame(self.networks()[NETWORK])
        every = right.reindex(solved, fill_value=False).to_numpy(dtype=bool)
        return share(claim, sentence, criterion, every)


def rest_probe(task: Task) -> str | None:
    """Return the first probe without input, whatever its name; ``None`` if there is none."""
    return next((name for name, x in task.probes().items() if not np.any(x)), None)


def all_right(rows: pd.DataFrame, column: str, looked: pd.DataFrame) -> pd.Series | None:
    """Return, by network looked at, whether a bool column is true in all its rows, if it has any.

    ``None`` if networks were looked at (a row or more of `looked` each) and there are no rows.
    """
    networks = pd.MultiIndex.from_frame(looked[NETWORK].drop_duplicates())
    if rows.empty and len(networks):
        return None
    return rows.groupby(NETWORK, observed=True)[column].all().reindex(networks, fill_value=True)


def mean_reaches(rows: pd.DataFrame, column: str, least: float) -> pd.Series:
    """Return, by network, whether the mean of a column over its rows is `least` or more."""
    return rows.groupby(NETWORK, observed=True)[column].mean() >= least


def median_in_words(values: pd.Series) -> str:
    """Write the median over networks, to stand behind a criterion; nothing if none is known."""
    return f"; {values.median():.3g} in the median" if values.notna().any() else ""
