"""Populations with a planted truth, as the tables that the pipeline's functions read.

A network is a place in a Gaussian cloud of five dimensions. An effect moves the networks
that do not have a factor's first level.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from rnnpipe.population.statistics.effects import MEASURES
from rnnpipe.tables.schemas import NETWORK
from tests.population.simulations.designs import Design

DIMENSIONS = 5
# Measures that vary, and how a standard normal number becomes one of them.
SHAPES = {
    "score": lambda z: z,
    "test_loss": np.exp,
    "silent_units": lambda z: np.floor(3 * np.exp(z / 3)),
}


@dataclass(frozen=True)
class Truth:
    """What is planted.

    Attributes
    ----------
    effects
        Metric -> factor -> how far its networks lie from those of the first level, in
        standard deviations along one axis; the same factor moves the score as far.
    wide
        Factor without whose first level networks scatter three times as wide, if any.
    """

    effects: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    wide: str | None = None


def moved(networks: pd.DataFrame, factor: str) -> np.ndarray:
    """Whether each network has another level of a factor than the first network (network,)."""
    codes = pd.factorize(networks[factor].astype(object), use_na_sentinel=False)[0]
    return codes > 0


def centres(networks: pd.DataFrame, effects: Mapping[str, float]) -> np.ndarray:
    """Where the cloud of each network is centred (network, dimension); an axis per factor."""
    places = np.zeros((len(networks), DIMENSIONS))
    for axis, (factor, far) in enumerate(effects.items()):
        places[:, axis] = far * moved(networks, factor)
    return places


def euclidean(places: np.ndarray) -> np.ndarray:
    """Distances (network, network) of places (network, dimension)."""
    return cdist(places, places)


def angular(places: np.ndarray) -> np.ndarray:
    """Distances of lines through a point beside the cloud, 1 - |cos|: not Euclidean, as SVCCA."""
    lines = np.column_stack([np.full(len(places), 2.0), places])
    lines /= np.linalg.norm(lines, axis=1, keepdims=True)
    distances = 1 - np.minimum(np.abs(lines @ lines.T), 1.0)
    np.fill_diagonal(distances, 0.0)
    return (distances + distances.T) / 2


METRICS = {"svcca": angular, "topology": euclidean}
Tables = dict[str, pd.DataFrame]


def populations(
    design: Design,
    truth: Truth,
    count: int,
    rng: np.random.Generator,
    metrics: Mapping[str, Callable[[np.ndarray], np.ndarray]] = METRICS,
) -> Iterator[Tables]:
    """Draw populations: the tables ``networks``, ``distances`` and ``behaviour`` of each.

    Parameters
    ----------
    metrics
        Name of a metric -> distances of places. Every metric has places of its own.
    """
    names = design.networks
    facts = names.assign(probe="zero", solved=True, stop_reason="steps")
    constant = {name: 1.0 for name in MEASURES if name not in SHAPES}
    facts = facts.assign(**constant)
    scale = np.ones(len(names))
    if truth.wide:
        scale[moved(names, truth.wide)] = 3.0
    score = centres(names, truth.effects.get("score", {})).sum(1)
    behaviour = pd.DataFrame(columns=[*NETWORK, "setting", "level", "score"])
    for _ in range(count):
        drawn = {
            name: shape(score + rng.standard_normal(len(names))) for name, shape in SHAPES.items()
        }
        frames = []
        for metric, distance in metrics.items():
            noise = scale[:, None] * rng.standard_normal((len(names), DIMENSIONS))
            places = centres(names, truth.effects.get(metric, {})) + noise
            frames.append(names[NETWORK].assign(metric=metric, distances=list(distance(places))))
        yield {
            "networks": facts.assign(**drawn),
            "distances": pd.concat(frames, ignore_index=True),
            "behaviour": behaviour,
        }
