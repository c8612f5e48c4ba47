"""Claims about networks of every task: they learn, share their topology, and generalise.

F6: what is universal and what is individual, as differences of explained variance.
Maheswaranathan et al. 2019, sections 3.1 to 3.3: cells differ in the geometry
of their states and share the topology of their fixed points. Tolmachev & Engel
2025 find fixed points that depend on the activation.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import MOST_IN_WORDS, Finding, difference, share
from rnnpipe.population.statistics.explained import explained_difference
from rnnpipe.population.statistics.factors import questions
from rnnpipe.population.statistics.groups import scatter_difference
from rnnpipe.population.statistics.jackknife import smallest
from rnnpipe.population.statistics.tables import shared_matrices, solved_matrices
from rnnpipe.tables.schemas import FACTORS, NETWORK

# The distance of states and the distance of fixed points that the claim compares.
GEOMETRY, TOPOLOGY = "svcca", "topology"
# The activations whose networks F6d compares.
SIDES = ("tanh", "relu")
CLAIMS = (
    ("F6a", "cell", 1, "The cell explains more of the states' geometry than of the topology."),
    (
        "F6b",
        "activation",
        -1,
        "The activation explains more of the topology than of the states' geometry.",
    ),
    (
        "F6c",
        "constraint",
        1,
        "The constraint explains more of the states' geometry than of the topology.",
    ),
)


def judge_training(evidence: Evidence) -> list[Finding]:
    """Judge whether the networks learnt the task at all."""
    rows = evidence.tables["networks"].drop_duplicates(NETWORK)
    return [
        share(
            "T",
            f"{MOST_IN_WORDS} networks learn the task.",
            "the score reaches the task's threshold",
            rows["solved"].astype(bool).to_numpy(),
        )
    ]


def judge_universality(evidence: Evidence) -> list[Finding]:
    """Judge differences of ω² between two distances, factor by factor, given the others."""
    found = solved_matrices(evidence.tables["distances"], evidence.tables["networks"])
    if not {GEOMETRY, TOPOLOGY} <= found.keys():
        return []
    networks, geometry, topology = shared_matrices(found[GEOMETRY], found[TOPOLOGY])
    asked = questions(networks)
    findings = _judge_likeness(networks, topology)
    for claim, factor, sign, sentence in CLAIMS:
        if factor not in asked:
            continue
        question = asked[factor]
        sides = (GEOMETRY, geometry), (TOPOLOGY, topology)
        (more, first), (less, second) = sides if sign > 0 else sides[::-1]
        explained = explained_difference(first, second, question.labels, question.design)
        findings.append(
            difference(
                claim,
                sentence + _not_told_from(question.confounded_with),
                f"ω² of the {factor}: {more} less {less}",
                explained.omega2,
                (explained.omega2_low, explained.omega2_high),
                len(networks),
                smallest(question.labels),
                adjusted_for="" if question.confounded_with else _listed(question.adjusted_for),
            )
        )
    return sorted(findings, key=lambda finding: finding.claim)


def _not_told_from(confounded: Sequence[str]) -> str:
    """Name the factors that a factor cannot be told from, so that nothing is claimed of it."""
    if not confounded:
        return ""
    return f" (Nothing is claimed: here it cannot be told from {_listed(confounded)}.)"


def _listed(factors: Sequence[str]) -> str:
    return ", ".join(factors).replace("_", " ")


def _judge_likeness(networks: pd.DataFrame, topology: np.ndarray) -> list[Finding]:
    """Judge whether tanh networks share their topology more than relu networks do.

    A factor may decide how much networks differ from each other, and not where
    they lie; ω² then shows little of it. Networks count that differ in their activation
    alone from others that count: a cell that is there with one activation only does not.
    """
    activation = networks["activation"].to_numpy()
    sides = np.isin(activation, SIDES)
    if len(set(activation[sides])) < len(SIDES):
        return []
    others = [name for name in FACTORS if name != "activation"]
    design = networks[others].astype(object).apply(tuple, axis=1)
    chosen = np.flatnonzero(sides & _with_both(design.to_numpy(), activation))
    relu = activation[chosen] == "relu"
    places = pd.factorize(design.iloc[chosen].map(str))[0]
    value, low, high = scatter_difference(topology[np.ix_(chosen, chosen)], relu, places)
    varying = [name for name in others if networks[name].astype(object).nunique(dropna=False) > 1]
    return [
        difference(
            "F6d",
            "The topologies of tanh networks are more alike than those of relu networks."
            + ("" if len(chosen) else _not_told_from(varying)),
            f"mean {TOPOLOGY} distance: among relu less among tanh",
            value,
            (low, high),
            len(chosen),
            smallest(2 * places + relu),
            adjusted_for=_listed(varying) if len(chosen) else "",
        )
    ]


def _with_both(design: np.ndarray, activation: np.ndarray) -> np.ndarray:
    """Whether a network's place in the design (network,) is taken with either activation."""
    places = pd.factorize(pd.Series(map(str, design)))[0]
    with_it = [np.isin(places, places[activation == side]) for side in SIDES]
    return np.logical_and.reduce(with_it)


def judge_generalisation(evidence: Evidence) -> list[Finding]:
    """Judge whether solved networks still do the task on the longest trials.

    A network without a score on these trials, or with one that is NaN, does not.
    """
    rows = evidence.tables["behaviour"]
    rows = rows[rows["setting"] == "longer"]
    if rows.empty:
        return []
    times = rows["level"].max()
    rows = rows[rows["level"] == times].set_index(NETWORK)
    right = rows["score"].map(evidence.task.is_solved).astype(bool)
    return [
        evidence.judge_share(
            "B",
            f"do the task on trials {times:g} times as long as in training.",
            "the score there reaches the task's threshold",
            right,
        )
    ]
