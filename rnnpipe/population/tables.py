"""Tables with a row per network of a task, made from the tables of its blocks."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from rnnpipe.population.spurious_points import spurious
from rnnpipe.population.state_machine import check_state_machine
from rnnpipe.tables.schemas import COHORT, KEY, MOST_UNSTABLE, SCHEMAS
from rnnpipe.tasks import Task


def state_machine_table(task: Task, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every network's transitions under input pulses beside those that the task demands.

    Parameters
    ----------
    task
        Says where a pulse should lead.
    tables
        `fixed_points`, `stability` and `edges` with the columns of `KEY`.

    Returns
    -------
    DataFrame
        The columns of the table ``state_machine``; empty for a task without a
        finite-state machine.
    """
    columns = SCHEMAS["state_machine"].names
    if not task.machine_states:
        return pd.DataFrame(columns=columns)
    key = [*KEY, "probe"]
    points = tables["fixed_points"].merge(
        tables["stability"][[*key, "point", "spectral_radius"]], on=[*key, "point"]
    )
    stable = points[(points["kind"] != "slow") & (points["spectral_radius"] < 1)]
    edges = tables["edges"]
    edges = edges[edges["kind"] == "input"]
    by_network = dict(list(edges.groupby(key, observed=True)))
    frames = []
    for name, own in stable.groupby(key, observed=True):
        if name not in by_network:
            continue
        # The graph pushes marginal points too, of which a continuum may have hundreds.
        moves = by_network[name]
        moves = moves[moves["from"].isin(own["point"])]
        checked = check_state_machine(
            own["point"].to_numpy(),
            np.stack(own["readout"]),
            moves["from"].to_numpy(),
            moves["to"].to_numpy(),
            moves["input"].to_numpy(),
            moves["probability"].to_numpy(),
            task.after_pulse,
        )
        frames.append(pd.DataFrame(checked.table).assign(**dict(zip(key, name, strict=True))))
    return (
        pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
    )


def join_state_machines(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Join the tables of several groups of networks into one, in the order of one group."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return parts[0]
    return pd.concat(filled).sort_values([*KEY, "probe"], kind="stable", ignore_index=True)


def networks_table(
    task: Task,
    tables: Mapping[str, pd.DataFrame],
    state_machine: pd.DataFrame,
    factors: pd.DataFrame,
) -> pd.DataFrame:
    """One row per network and probe: how it trained, what its skeleton is.

    Parameters
    ----------
    task
        Decides what is solved.
    tables
        `training`, `dimensionality`, `searches`, `fixed_points`, `continua`,
        `stability` and `edges` with the columns of `KEY`.
    state_machine
        From `state_machine_table`.
    factors
        A row per cohort: task, model, constraint, and what its networks are by design.

    Returns
    -------
    DataFrame
        The columns of the ``networks`` table. A network that is unsolved,
        diverged or without fixed points has its row like any other.
    """
    key = [*KEY, "probe"]
    networks = tables["training"].merge(factors, on=["task", *COHORT], how="left")
    networks = networks.merge(tables["dimensionality"], on=KEY, how="left")
    networks = networks.merge(tables["searches"], on=KEY, how="left")
    networks["solved"] = [bool(task.is_solved(score)) for score in networks["score"]]
    for facts in (
        point_counts(tables["fixed_points"], tables["stability"], key),
        continuum_counts(tables["continua"], key),
        edge_facts(tables["edges"], key),
        state_machine_facts(state_machine, key, task),
    ):
        networks = networks.merge(facts, on=key, how="left")
    counts = [f"unstable_{k}" for k in range(MOST_UNSTABLE + 1)]
    counts += ["marginal", "spurious", "rings", "lines", "edges", "machine_states"]
    networks[counts] = networks[counts].fillna(0).astype(int)
    networks["components_85"] = networks["components_85"].astype("Int64")
    return networks[SCHEMAS["networks"].names]


def point_counts(points: pd.DataFrame, stability: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Fixed points by number of unstable modes, how many are marginal or spurious.

    Spurious points are counted as spurious alone.
    """
    point = [*key, "point"]
    fixed = points.loc[points["kind"] == "fixed", [*point, "beyond_visited"]]
    away = spurious(fixed, stability, point)
    fixed = fixed.assign(spurious=away).merge(stability[[*point, "unstable", "class"]], on=point)
    rows = fixed[[*key, "spurious"]].copy()
    for k in range(MOST_UNSTABLE + 1):
        rows[f"unstable_{k}"] = (fixed["unstable"].clip(upper=MOST_UNSTABLE) == k) & ~rows[
            "spurious"
        ]
    rows["marginal"] = (fixed["class"] == "marginal") & ~rows["spurious"]
    return rows.groupby(key, observed=True, as_index=False).sum()


def continuum_counts(continua: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Rings and lines of slow states."""
    rows = continua[key].assign(rings=continua["kind"] == "ring", lines=continua["kind"] == "line")
    return rows.groupby(key, observed=True, as_index=False).sum()


def edge_facts(edges: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Transitions between different points, and the share of noise that reaches no attractor."""
    joined = edges[(edges["from"] != edges["to"]) & (edges["to"] >= 0) & (edges["kind"] != "input")]
    pairs = joined[[*key, "from", "to"]].drop_duplicates()
    count = pairs.groupby(key, observed=True).size().rename("edges")
    noise = edges[edges["kind"] == "noise"]
    lost = noise["trials"].where(noise["to"] < 0, 0)
    by_network = [noise[name] for name in key]
    share = (
        lost.groupby(by_network, observed=True).sum()
        / noise["trials"].groupby(by_network, observed=True).sum()
    )
    return pd.concat([count, share.rename("unassigned")], axis=1).reset_index()


def state_machine_facts(state_machine: pd.DataFrame, key: list[str], task: Task) -> pd.DataFrame:
    """Number of stable points and cycles, and the share of right transitions.

    The share is of all transitions that the true machine or the network has,
    whichever are more: a memory that is missing counts as wrong.
    """
    groups = state_machine.groupby(key, observed=True)
    right, rows = groups["right"].sum(), groups.size()
    demanded = task.machine_states * len(task.pulses())
    return pd.DataFrame(
        {
            "machine_states": groups["source"].nunique(),
            "machine_right": right.astype(float) / rows.clip(lower=max(demanded, 1)),
        }
    ).reset_index()
