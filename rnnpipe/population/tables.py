"""The table ``networks``: what training and analysis found of each network of a task."""

from collections.abc import Mapping

import pandas as pd

from rnnpipe.dynamics.classes import ATTRACTOR, FIXED, MARGINAL_CLASS
from rnnpipe.dynamics.summary import summary
from rnnpipe.population.least_ranks import LEAST, least_ranks
from rnnpipe.population.spurious_points import spurious
from rnnpipe.population.state_machine import state_machine_facts
from rnnpipe.tables.schemas import ATTRACTORS, COHORT, KEY, MOST_UNSTABLE, SCHEMAS, UNSTABLE
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
        `training`, `dimensionality`, `searches`, `fixed_points`, `attractors`, `ends`,
        `continua`, `stability` and `edges` with the columns of `KEY`; `ranks` where asked for.
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
    points = counted_points(tables["fixed_points"], tables["stability"], key)
    attractors = counted_attractors(tables["attractors"], points, key)
    networks["summary"] = summaries(networks, attractors, points, key)
    for facts in (
        point_counts(points, key),
        attractor_counts(attractors, key),
        run_shares(tables["ends"], key),
        continuum_counts(tables["continua"], key),
        edge_facts(tables["edges"], key),
        state_machine_facts(state_machine, key, task),
    ):
        networks = networks.merge(facts, on=key, how="left")
    networks = networks.merge(least_ranks(tables.get("ranks"), KEY), on=KEY, how="left")
    networks = networks.astype(dict.fromkeys(LEAST.values(), float))
    counts = [*UNSTABLE, "marginal", "spurious", "attractors", *ATTRACTORS.values()]
    counts += [*CONTINUA.values(), "edges", "machine_states"]
    networks[counts] = networks[counts].fillna(0).astype(int)
    if task.machine_states:
        # A network that never comes to rest makes no right transition.
        networks["machine_right"] = networks["machine_right"].astype(float).fillna(0.0)
    networks["components_85"] = networks["components_85"].astype("Int64")
    return networks[SCHEMAS["networks"].names]


def counted_points(points: pd.DataFrame, stability: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Select fixed points, each with its class and whether it is spurious."""
    point = [*key, "point"]
    fixed = points.loc[points["kind"] == "fixed", [*point, "beyond_visited"]]
    fixed = fixed.assign(spurious=spurious(fixed, stability, point))
    return fixed.merge(stability[[*point, "unstable", "class"]], on=point)


def point_counts(points: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Count fixed points by their class: stable and k-saddles, marginal ones, spurious ones.

    Each of `counted_points` is counted once: spurious points are not counted among the
    others, and marginal ones are neither stable nor saddles, whatever the number of their
    unstable modes.
    """
    rows, counted = points[[*key, "spurious"]].copy(), ~points["spurious"]
    marginal = points["class"] == MARGINAL_CLASS
    unstable = points["unstable"].clip(upper=MOST_UNSTABLE)
    for k, name in enumerate(UNSTABLE):
        rows[name] = (unstable == k) & counted & ~marginal
    rows["marginal"] = marginal & counted
    return rows.groupby(key, observed=True, as_index=False).sum()


def counted_attractors(
    attractors: pd.DataFrame, points: pd.DataFrame, key: list[str]
) -> pd.DataFrame:
    """Select the attractors that are no spurious points, which hold a state without attracting."""
    held = points.loc[points["spurious"], [*key, "point"]].rename(columns={"point": "node"})
    marked = attractors.merge(held.assign(held=True), on=[*key, "node"], how="left")
    return attractors[marked["held"].isna().to_numpy() | (attractors["kind"] != FIXED)]


def attractor_counts(attractors: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Count attractors of all kinds together, and of each."""
    of_kind = {name: attractors["kind"] == kind for kind, name in ATTRACTORS.items()}
    rows = attractors[key].assign(attractors=1, **of_kind)
    return rows.groupby(key, observed=True, as_index=False).sum()


def run_shares(ends: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Give the shares of runs from visited states that do not end at rest, and in no attractor."""
    lost = ends["visited_unassigned"] + ends["visited_diverged"]
    share = lost / ends["visited_runs"].where(ends["visited_runs"] > 0)
    return ends[[*key, "moving_share"]].assign(unassigned_share=share)


def summaries(
    networks: pd.DataFrame, attractors: pd.DataFrame, points: pd.DataFrame, key: list[str]
) -> list[str | None]:
    """Describe every row of `networks` in one line; ``None`` where nothing was searched.

    Parameters
    ----------
    networks
        Columns of `key`, and ``certificate``.
    attractors, points
        Of `counted_attractors` and `counted_points`.
    """
    counted = points[~points["spurious"]]
    kinds, periods, classes = (
        rows.groupby(key, observed=True)[column].agg(list).to_dict()
        for rows, column in ((attractors, "kind"), (attractors, "period"), (counted, "class"))
    )
    return [
        summary(*(own.get(tuple(name), []) for own in (kinds, periods, classes)), certificate)
        if isinstance(certificate, str)
        else None
        for *name, certificate in networks[[*key, "certificate"]].itertuples(index=False)
    ]


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
