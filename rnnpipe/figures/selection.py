"""Which networks a figure shows, in which order, and what became of each."""

from __future__ import annotations

import pandas as pd

from rnnpipe.figures.factors import ACTIVATIONS, CELLS, ordered
from rnnpipe.figures.options import FigureOptions
from rnnpipe.tables.schemas import COHORT, NETWORK


def status(networks: pd.DataFrame) -> pd.Series:
    """``"solved"``, ``"not solved"`` or ``"diverged"`` for each row of the population table."""
    outcome = pd.Series("not solved", index=networks.index, dtype=object)
    outcome[networks["solved"].fillna(False).astype(bool)] = "solved"
    outcome[networks["stop_reason"] == "diverged"] = "diverged"
    return outcome


def examples(networks: pd.DataFrame, per_cohort: int) -> pd.DataFrame:
    """Choose the example networks: the first solved seeds of each cohort, then its others.

    Parameters
    ----------
    networks
        Population table: model, constraint, seed, solved, stop_reason; one row per network,
        or one per network and probe.
    per_cohort
        Networks chosen from each cohort; fewer where the cohort is smaller.

    Returns
    -------
    DataFrame with columns model, constraint, seed and status; cohorts in their order of
    appearance.

    Raises
    ------
    ValueError
        If ``per_cohort`` is below 1.
    """
    if per_cohort < 1:
        raise ValueError(f"per_cohort is {per_cohort}; at least 1 network must be shown")
    table = networks[NETWORK].assign(status=status(networks)).drop_duplicates(NETWORK)
    table["cohort"] = table.groupby(COHORT, sort=False, observed=True).ngroup()
    table["late"] = table["status"] != "solved"
    table = table.sort_values(["cohort", "late", "seed"], kind="stable")
    chosen = table.groupby("cohort", sort=False).head(per_cohort)
    return chosen[[*NETWORK, "status"]].reset_index(drop=True)


def of_probe(networks: pd.DataFrame, probe: str) -> pd.DataFrame:
    """One row per network: the given probe's, or the first if that probe is missing."""
    others = networks["probe"] != probe if "probe" in networks else False
    rows = networks.assign(other=others).sort_values("other", kind="stable")
    return rows.drop_duplicates(NETWORK).sort_index().drop(columns="other")


def per_network(networks: pd.DataFrame) -> pd.DataFrame:
    """One row per network of the population table, with its status."""
    once = networks.drop_duplicates(NETWORK).reset_index(drop=True)
    return once.assign(status=status(once))


def sorted_networks(networks: pd.DataFrame) -> pd.DataFrame:
    """Networks in the order of their cell, activation, model, constraint and seed."""
    cells, shapes = (
        {name: i for i, name in enumerate(ordered(networks[column], known))}
        for column, known in (("cell", CELLS), ("activation", ACTIVATIONS))
    )
    keys = networks.assign(
        _cell=networks["cell"].map(cells), _activation=networks["activation"].map(shapes)
    )
    keys = keys.sort_values(["_cell", "_activation", *NETWORK], kind="stable")
    return keys.drop(columns=["_cell", "_activation"]).reset_index(drop=True)


def representatives(networks: pd.DataFrame, options: FigureOptions, by: list[str]) -> pd.DataFrame:
    """One example network per combination of the columns ``by``, of the first constraint.

    Of a combination that has no network of the experiment's first constraint, the next counts.
    Solved networks come before others. All are among the examples of their cohorts, of which
    the large tables are read.
    """
    once = per_network(networks)
    chosen = sorted_networks(examples(once, options.examples)[NETWORK].merge(once, on=NETWORK))
    order = ordered(once["constraint"], options.constraints)
    chosen = chosen.assign(
        place=chosen["constraint"].map({name: i for i, name in enumerate(order)}),
        late=chosen["status"] != "solved",
    )
    chosen = chosen.sort_values(["place", "late"], kind="stable").drop_duplicates(by)
    return sorted_networks(chosen.drop(columns=["place", "late"]))


def foremost(chosen: pd.DataFrame) -> pd.DataFrame:
    """The first solved of some networks, else the first; no row where there are none."""
    late = (chosen["status"] != "solved").to_numpy()
    return chosen.iloc[late.argsort(kind="stable")[:1]]


def cohorts(networks: pd.DataFrame) -> pd.DataFrame:
    """Model and constraint of each cohort, in order of appearance."""
    return networks[COHORT].drop_duplicates().reset_index(drop=True)


def rows_of(table: pd.DataFrame, networks: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table that belong to the given networks (a table of NETWORK columns)."""
    return table.merge(networks[NETWORK], on=NETWORK, how="inner")


def network_rows(table: pd.DataFrame, key: tuple[object, ...]) -> pd.DataFrame:
    """Rows of a table that belong to one network (model, constraint, seed)."""
    return table[(table[NETWORK] == list(key)).all(axis=1)]
