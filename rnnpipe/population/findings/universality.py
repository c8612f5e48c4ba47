"""F6: what is universal and what is individual, as differences of explained variance.

Maheswaranathan et al. 2019, sections 3.1 to 3.3: cells differ in the geometry
of their states and share the topology of their fixed points. Tolmachev & Engel
2025 find fixed points that depend on the activation.
"""

import numpy as np

from rnnpipe.population.findings.evidence import NETWORK, Evidence
from rnnpipe.population.findings.finding import FEWEST, Finding, difference_above_zero
from rnnpipe.population.similarity.bootstrap import pair_means, resample
from rnnpipe.population.similarity.groups import Groups, explained
from rnnpipe.population.statistics import factor_labels, solved_matrices

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
    findings = alike(evidence, topology, networks["activation"].to_numpy()[i])
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
    return sorted(findings, key=lambda finding: finding.claim)


def alike(evidence: Evidence, topology: np.ndarray, activation: np.ndarray) -> list[Finding]:
    """Whether networks of a saturating activation share their topology, and relu's do not.

    A factor may decide how much networks differ from each other, and not where
    they lie; then R² says little of it.
    """
    sides = [np.flatnonzero(activation == name) for name in ("tanh", "relu")]
    if min(map(len, sides)) < FEWEST:
        return []
    chosen = np.concatenate(sides)
    groups = Groups.of(np.repeat(["0 tanh", "1 relu"], list(map(len, sides))))
    inner = topology[np.ix_(chosen, chosen)]
    counts = resample(groups, evidence.rng("F6d"), evidence.resamples)
    drawn, whole = (
        means[:, 1, 1] - means[:, 0, 0]
        for means in (pair_means(inner, n, groups) for n in (counts, np.ones((1, len(chosen)))))
    )
    return [
        difference_above_zero(
            "F6d",
            "The topologies of tanh networks are more alike than those of relu networks.",
            f"mean {TOPOLOGY} distance: among relu less among tanh",
            float(whole[0]),
            drawn,
            len(chosen),
        )
    ]


def _r2(distances: np.ndarray, counts: np.ndarray, groups: Groups) -> np.ndarray:
    """R² of every resample (resample,)."""
    return explained(pair_means(distances**2, counts, groups), groups)
