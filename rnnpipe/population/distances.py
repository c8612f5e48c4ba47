"""All distances between the networks of one task, one matrix per metric."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from rnnpipe.population.features import Features
from rnnpipe.population.similarity.distributions import gromov_distances, weight_distances
from rnnpipe.population.similarity.dsa import dsa_distances
from rnnpipe.population.similarity.function import function_distances
from rnnpipe.population.similarity.geometry import GEOMETRIC, geometric_distances
from rnnpipe.population.similarity.reduction import Reduced
from rnnpipe.population.similarity.rsa import rsa
from rnnpipe.population.similarity.skeleton import unrelated
from rnnpipe.population.similarity.spectra import spectral_distances
from rnnpipe.population.similarity.topology import topology_distances

Networks = Sequence[Features]
# Beyond their training some networks escape: an error of three spreads counts as any larger one.
LONG_REACH = 3.0


def distance_matrices(
    networks: Networks, metrics: Sequence[str], readout_level: float
) -> dict[str, np.ndarray]:
    """Compute the given metrics on all pairs of networks, (network, network) each.

    Parameters
    ----------
    networks
        Features of networks of one task, on the same trials.
    metrics
        Names among the keys of `METRICS` and `GEOMETRIC`.
    readout_level
        Width of a level of readout, by which nodes are matched.
    """
    distances = {}
    if set(metrics) & set(GEOMETRIC):
        basis = np.stack([network.basis for network in networks])
        distances = geometric_distances(Reduced(basis, np.stack([n.scale for n in networks])))
    for name, metric in METRICS.items():
        if name in metrics:
            distances[name] = metric(networks, readout_level)
    return {name: distances[name] for name in metrics}


def unrelated_distances(
    networks: Networks, readout_level: float, generators: Sequence[np.random.Generator]
) -> np.ndarray:
    """Compute the topology distances (network, network) of networks whose readouts are chance.

    Parameters
    ----------
    networks, readout_level
        As for `distance_matrices`; the readouts are drawn in the range of the targets.
    generators
        One per network.
    """
    low, high = (reduce(networks[0].targets, axis=0) for reduce in (np.nanmin, np.nanmax))
    skeletons = [
        unrelated(network.skeleton, low, high, rng)
        for network, rng in zip(networks, generators, strict=True)
    ]
    return topology_distances(skeletons, readout_level)


def _function(networks: Networks, level: float) -> np.ndarray:
    return function_distances(np.stack([n.outputs for n in networks]), networks[0].targets)


def _generalisation(networks: Networks, level: float) -> np.ndarray:
    outputs = np.stack([network.long_outputs for network in networks])
    return function_distances(outputs, networks[0].long_targets, LONG_REACH)


METRICS: Mapping[str, Callable[[Networks, float], np.ndarray]] = {
    "rsa": lambda networks, level: rsa(np.stack([n.dissimilarities for n in networks])),
    "topology": lambda networks, level: topology_distances([n.skeleton for n in networks], level),
    "gromov": lambda networks, level: gromov_distances(np.stack([n.costs for n in networks])),
    "spectra": lambda networks, level: spectral_distances(
        [n.skeleton for n in networks], [n.spectra for n in networks], level
    ),
    "function": _function,
    "generalisation": _generalisation,
    "weights": lambda networks, level: weight_distances(np.stack([n.weights for n in networks])),
    "dsa": lambda networks, level: dsa_distances([n.paths for n in networks]),
}
