"""Claims about networks of every task: they learn, share their topology, and generalise.

F6: what is universal and what is individual, as differences of explained variance.
Maheswaranathan et al. 2019, sections 3.1 to 3.3: cells differ in the geometry
of their states and share the topology of their fixed points. Tolmachev & Engel
2025 find fixed points that depend on the activation.
"""

import numpy as np

from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import MOST_IN_WORDS, Finding, difference, share
from rnnpipe.population.statistics.explained import explained_difference
from rnnpipe.population.statistics.factors import questions
from rnnpipe.population.statistics.groups import scatter_difference
from rnnpipe.population.statistics.jackknife import smallest
from rnnpipe.population.statistics.tables import shared_matrices, solved_matrices
from rnnpipe.tables.schemas import NETWORK

# The distance of states and the distance of fixed points that the claim compares.
GEOMETRY, TOPOLOGY = "svcca", "topology"
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
    findings = _judge_likeness(topology, networks["activation"].to_numpy())
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
                sentence,
                f"ω² of the {factor}: {more} less {less}",
                explained.omega2,
                (explained.omega2_low, explained.omega2_high),
                len(networks),
                smallest(question.labels),
                adjusted_for=", ".join(question.adjusted_for),
            )
        )
    return sorted(findings, key=lambda finding: finding.claim)


def _judge_likeness(topology: np.ndarray, activation: np.ndarray) -> list[Finding]:
    """Judge whether tanh networks share their topology more than relu networks do.

    A factor may decide how much networks differ from each other, and not where
    they lie; ω² then shows little of it.
    """
    chosen = np.flatnonzero(np.isin(activation, ["tanh", "relu"]))
    relu = activation[chosen] == "relu"
    if not relu.any() or relu.all():
        return []
    value, low, high = scatter_difference(topology[np.ix_(chosen, chosen)], relu)
    return [
        difference(
            "F6d",
            "The topologies of tanh networks are more alike than those of relu networks.",
            f"mean {TOPOLOGY} distance: among relu less among tanh",
            value,
            (low, high),
            len(chosen),
            smallest(relu),
        )
    ]


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
            f"{MOST_IN_WORDS} solved networks do the task on trials {times:g} times as long as in "
            "training.",
            "the score there reaches the task's threshold",
            right,
        )
    ]
