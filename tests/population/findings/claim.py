"""A claim about single networks, and the changes of their tables that make them wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import Finding
from tests.population.findings.ideal_networks import TASKS, Blocks, Change, gather, spoil

Rows = pd.DataFrame
Ideal = Callable[[int], Blocks]
Judge = Callable[[Evidence], list[Finding]]


@cache
def judged_ideal(ideal: Ideal, judge: Judge, networks: int) -> list[Finding]:
    """All findings of a function that judges, of ideal networks."""
    return judge(gather(TASKS[ideal], ideal(networks)))


@dataclass(frozen=True)
class Claim:
    """A claim about single networks.

    Attributes
    ----------
    number
        The claim's number.
    ideal, judge
        Ideal networks by their number, one of `TASKS`, and the function that judges them.
    faults
        Changes of a network's tables that each make it wrong, by what they are.
    """

    number: str
    ideal: Ideal
    judge: Judge
    faults: dict[str, Change]

    def finding(self, networks: int, wrong: int = 0, fault: str | None = None) -> Finding:
        """Judge a population in which the first `wrong` networks have a fault."""
        return self.changed(networks, wrong, None if fault is None else self.faults[fault])

    def changed(self, networks: int, wrong: int, change: Change | None) -> Finding:
        """Judge a population in which the tables of the first `wrong` networks are changed."""
        if change is None:
            found = judged_ideal(self.ideal, self.judge, networks)
        else:
            blocks = spoil(self.ideal(networks), range(wrong), change)
            found = self.judge(gather(TASKS[self.ideal], blocks))
        (own,) = (finding for finding in found if finding.claim == self.number)
        return own


def without(*tables: str, **which: object) -> Change:
    """Take rows away: all rows of some tables, or those where columns have one of the values."""

    def change(blocks: dict[str, Rows]) -> dict[str, Rows]:
        for name in tables:
            rows = blocks[name]
            gone = np.ones(len(rows), dtype=bool)
            for column, value in which.items():
                gone &= rows[column].isin(np.atleast_1d(value)).to_numpy()
            blocks[name] = rows[~gone]
        return blocks

    return change


def replaced(table: str, column: str, value: object, **where: object) -> Change:
    """Set a column, in the rows where other columns have the values given; or apply a function."""

    def change(blocks: dict[str, Rows]) -> dict[str, Rows]:
        rows = blocks[table].copy()
        at = np.ones(len(rows), dtype=bool)
        for name, wanted in where.items():
            at &= (rows[name] == wanted).to_numpy()
        new = rows.loc[at, column].map(value) if callable(value) else value
        rows.loc[at, column] = new
        return {**blocks, table: rows}

    return change


def both(*changes: Change) -> Change:
    """One change after the other."""

    def change(blocks: dict[str, Rows]) -> dict[str, Rows]:
        for one in changes:
            blocks = dict(one(blocks))
        return blocks

    return change


def twice(table: str, **columns: object) -> Change:
    """Repeat the rows of a table with some columns changed."""

    def change(blocks: dict[str, Rows]) -> dict[str, Rows]:
        rows = blocks[table]
        return {**blocks, table: pd.concat([rows, rows.assign(**columns)])}

    return change


def moved_later(steps: Callable[[int], int]) -> Change:
    """Move the response of every trial by so many steps, given the trial's interval."""

    def change(blocks: dict[str, Rows]) -> dict[str, Rows]:
        rows = blocks["trajectories"]
        trials = rows.groupby(["seed", "trial"], sort=False)
        later = [
            np.roll(np.stack(own["output"]), steps(int(own["condition"].iloc[0])), axis=0)
            for _, own in trials
        ]
        return {**blocks, "trajectories": rows.assign(output=list(np.concatenate(later)))}

    return change
