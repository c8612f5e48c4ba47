"""The table ``networks``: what training and analysis found of each network of a task."""

from collections.abc import Mapping

import pandas as pd

from rnnpipe.dynamics.classes import ATTRACTOR, MARGINAL_CLASS
from rnnpipe.population.spurious_points import spurious
from rnnpipe.population.state_machine import state_machine_facts
from rnnpipe.tables.schemas import COHORT, KEY, MOST_UNSTABLE, SCHEMAS, UNSTABLE
from rnnpipe.tasks import Task

# Kinds of continuous attractors, and the columns that count them.
CONTINUA = {"ring": "rings", "arc": "arcs", "line": "lines", "surface": "surfaces"}


def networks_table(
    task: Task,
    tables: Mapping[str, pd.DataFrame],
    state_machine: pd.DataFrame,
    factors: pd.DataFrame,
) -> pd.DataFrame:
    """Make the table ``networks``: one row per network and probe, on its training and skeleton.

    Parameters
    ----------
    task
        Decides whether a network has solved it.
    tables
        `training`, `dimensionality`, `searches`, `fixed_points`, `continua`,
        `stability` and `edges` with the columns of `KEY`.
    state_machine
        From `state_machine_table`.
    factors
        One row per cohort: task, model, constraint, and what its networks are by design.

    Returns
    -------
    DataFrame
        A network that is unsolved, diverged or without fixed points has its rows like
        any other. One whose training diverged has not solved the task, whatever its kept
        weights score: nothing was searched in it.
    """
    key = [*KEY, "probe"]
    networks = tables["training"].merge(factors, on=["task", *COHORT], how="left")
    networks = networks.merge(tables["dimensionality"], on=KEY, how="left")
    networks = networks.merge(tables["searches"], on=KEY, how="left")
    networks["solved"] = [bool(task.is_solved(score)) for score in networks["score"]]
    networks["solved"] &= networks["stop_reason"] != "diverged"
    for facts in (
        point_counts(tables["fixed_points"], tables["stability"], key),
        continuum_counts(tables["continua"], key),
        edge_facts(tables["edges"], key),
        state_machine_facts(state_machine, key, task),
    ):
        networks = networks.merge(facts, on=key, how="left")
    counts = [*UNSTABLE, "marginal", "spurious", *CONTINUA.values(), "edges", "machine_states"]
    networks[counts] = networks[counts].fillna(0).astype(int)
    if task.machine_states:
        # A network that never comes to rest makes no right transition.
        networks["machine_right"] = networks["machine_right"].astype(float).fillna(0.0)
    networks["components_85"] = networks["components_85"].astype("Int64")
    return networks[SCHEMAS["networks"].names]


def point_counts(points: pd.DataFrame, stability: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Count fixed points by their class: stable and k-saddles, marginal ones, spurious ones.

    Each is counted once: spurious points are not counted among the others, and marginal ones
    are neither stable nor saddles, whatever the number of their unstable modes.
    """
    point = [*key, "point"]
    fixed = points.loc[points["kind"] == "fixed", [*point, "beyond_visited"]]
    fixed = fixed.assign(spurious=spurious(fixed, stability, point))
    fixed = fixed.merge(stability[[*point, "unstable", "class"]], on=point)
    rows, counted = fixed[[*key, "spurious"]].copy(), ~fixed["spurious"]
    marginal = fixed["class"] == MARGINAL_CLASS
    unstable = fixed["unstable"].clip(upper=MOST_UNSTABLE)
    for k, name in enumerate(UNSTABLE):
        rows[name] = (unstable == k) & counted & ~marginal
    rows["marginal"] = marginal & counted
    return rows.groupby(key, observed=True, as_index=False).sum()


def continuum_counts(continua: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Count the continuous attractors of each kind; curves that repel or leak are none."""
    own = continua[continua["nature"] == ATTRACTOR]
    rows = own[key].assign(**{name: own["kind"] == kind for kind, name in CONTINUA.items()})
    return rows.groupby(key, observed=True, as_index=False).sum()


def edge_facts(edges: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Count transitions between points, and give the share of noise that reaches no attractor."""
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
