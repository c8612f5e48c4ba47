"""Claims about networks of every task: they learn, share their topology, and generalise.

F6: what is universal and what is individual, as differences of explained variance.
Maheswaranathan et al. 2019, sections 3.1 to 3.3: cells differ in the geometry
of their states and share the topology of their fixed points. Tolmachev & Engel
2025 find fixed points that depend on the activation.
"""

import numpy as np

from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import (
    MOST_IN_WORDS,
    Finding,
    difference,
    share,
)
from rnnpipe.population.statistics.groups import (
    Groups,
    explained,
    pair_means,
    percentile_interval,
    resample,
)
from rnnpipe.population.statistics.limits import CONFIDENCE
from rnnpipe.population.statistics.tables import factor_labels, shared_matrices, solved_matrices
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
    """Judge differences of R² between two distances, factor by factor, on resampled networks."""
    found = solved_matrices(evidence.tables["distances"], evidence.tables["networks"])
    if not {GEOMETRY, TOPOLOGY} <= found.keys():
        return []
    networks, geometry, topology = shared_matrices(found[GEOMETRY], found[TOPOLOGY])
    labels = factor_labels(networks)
    findings = _judge_likeness(evidence, topology, networks["activation"].to_numpy())
    for claim, factor, sign, sentence in CLAIMS:
        if factor not in labels:
            continue
        groups = Groups.of(labels[factor])
        counts = resample(groups, evidence.rng(claim), evidence.resampling.resamples)
        every = np.ones((1, len(networks)))
        drawn, whole = (
            sign * (_r2(geometry, n, groups) - _r2(topology, n, groups)) for n in (counts, every)
        )
        name = f"R² of the {factor}: {GEOMETRY} less {TOPOLOGY}"
        if sign < 0:
            name = f"R² of the {factor}: {TOPOLOGY} less {GEOMETRY}"
        findings.append(
            difference(
                claim,
                sentence,
                name,
                float(whole[0]),
                percentile_interval(drawn, CONFIDENCE),
                len(networks),
                int(groups.sizes.min()),
            )
        )
    return sorted(findings, key=lambda finding: finding.claim)


def _judge_likeness(
    evidence: Evidence, topology: np.ndarray, activation: np.ndarray
) -> list[Finding]:
    """Judge whether tanh networks share their topology more than relu networks do.

    A factor may decide how much networks differ from each other, and not where
    they lie; R² then shows little of it.
    """
    sides = [np.flatnonzero(activation == name) for name in ("tanh", "relu")]
    if not all(map(len, sides)):
        return []
    chosen = np.concatenate(sides)
    groups = Groups.of(np.repeat(["0 tanh", "1 relu"], list(map(len, sides))))
    inner = topology[np.ix_(chosen, chosen)]
    counts = resample(groups, evidence.rng("F6d"), evidence.resampling.resamples)
    drawn, whole = (
        means[:, 1, 1] - means[:, 0, 0]
        for means in (pair_means(inner, n, groups) for n in (counts, np.ones((1, len(chosen)))))
    )
    return [
        difference(
            "F6d",
            "The topologies of tanh networks are more alike than those of relu networks.",
            f"mean {TOPOLOGY} distance: among relu less among tanh",
            float(whole[0]),
            percentile_interval(drawn, CONFIDENCE),
            len(chosen),
            int(groups.sizes.min()),
        )
    ]


def _r2(distances: np.ndarray, counts: np.ndarray, groups: Groups) -> np.ndarray:
    """R² of every resample (resample,)."""
    return explained(pair_means(distances**2, counts, groups), groups)


def judge_generalisation(evidence: Evidence) -> list[Finding]:
    """Judge whether solved networks still do the task on the longest trials.

    A network without a score on these trials, or with one that is NaN, does not.
    """
    rows = evidence.of_solved("behaviour")
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
