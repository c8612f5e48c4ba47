"""F6: what is universal and what is individual, as differences of explained variance.

Maheswaranathan et al. 2019, sections 3.1 to 3.3: cells differ in the geometry
of their states and share the topology of their fixed points. Tolmachev & Engel
2025 find fixed points that depend on the activation.
"""

import numpy as np

from rnnpipe.findings.evidence import NETWORK, Evidence
from rnnpipe.findings.finding import Finding, difference_above_zero, share
from rnnpipe.population_statistics import factor_labels, solved_matrices
from rnnpipe.similarity.bootstrap import pair_means, resample
from rnnpipe.similarity.groups import Groups, explained

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


def universality(evidence: Evidence) -> list[Finding]:
    """Differences of R² between two distances, factor by factor, on resampled networks."""
    found = solved_matrices(evidence.tables["distances"], evidence.tables["networks"])
    if not {GEOMETRY, TOPOLOGY} <= found.keys():
        return []
    (networks, geometry), (others, topology) = found[GEOMETRY], found[TOPOLOGY]
    both = (
        networks[NETWORK]
        .reset_index(names="i")
        .merge(others[NETWORK].reset_index(names="j"), on=NETWORK)
    )
    i, j = both["i"].to_numpy(), both["j"].to_numpy()
    geometry, topology = geometry[np.ix_(i, i)], topology[np.ix_(j, j)]
    labels = factor_labels(networks.iloc[i])
    findings = []
    for claim, factor, sign, sentence in CLAIMS:
        if factor not in labels:
            continue
        groups = Groups.of(labels[factor])
        counts = resample(groups, evidence.rng(claim), evidence.resamples)
        every = np.ones((1, len(i)))
        drawn, whole = (
            sign * (_r2(geometry, n, groups) - _r2(topology, n, groups)) for n in (counts, every)
        )
        name = f"R² of the {factor}: {GEOMETRY} less {TOPOLOGY}"
        if sign < 0:
            name = f"R² of the {factor}: {TOPOLOGY} less {GEOMETRY}"
        findings.append(
            difference_above_zero(claim, sentence, name, float(whole[0]), drawn, len(i))
        )
    return findings


def _r2(distances: np.ndarray, counts: np.ndarray, groups: Groups) -> np.ndarray:
    """R² of every resample (resample,)."""
    return explained(pair_means(distances**2, counts, groups), groups)


def training(evidence: Evidence) -> list[Finding]:
    """Whether the networks learnt the task at all."""
    rows = evidence.tables["networks"].drop_duplicates(NETWORK)
    return [
        share(
            "T",
            "Networks learn the task.",
            "share of networks",
            rows["solved"].astype(bool).to_numpy(),
            0.9,
        )
    ]


def beyond(evidence: Evidence) -> list[Finding]:
    """Whether solved networks still do the task on the longest trials."""
    rows = evidence.of_solved("behaviour")
    rows = rows[rows["setting"] == "longer"]
    if rows.empty:
        return []
    times = rows["level"].max()
    scores = rows.loc[rows["level"] == times, "score"]
    return [
        share(
            "B",
            f"Solved networks do the task on trials {times:g} times as long as in training.",
            "share of networks",
            np.array([evidence.task.is_solved(score) for score in scores], dtype=bool),
            0.9,
        )
    ]
