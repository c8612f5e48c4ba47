"""Networks drawn from the mixture that was fitted to another: do they do its task?

The test of Dubreuil et al. 2022 (Nat. Neurosci. 25:783). What was learnt is then carried by the
populations alone, by no single unit. Overlaps of the drawn vectors are off by chance, by about
one over the root of the number of units, so that a network may fail for this alone: one of many
times as many units shows what the populations do.
"""

from collections.abc import Sequence

import numpy as np

from rnnpipe.networks.behaviour import outputs_on, scores
from rnnpipe.networks.mixtures import Mixture
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.networks.unit_loadings import UnitLoadings, with_loadings
from rnnpipe.tasks import Task, Trials


def redrawn_scores(
    networks: NetworkStack,
    network: int,
    vectors: tuple[str, ...],
    mixture: Mixture,
    units: int,
    rngs: Sequence[np.random.Generator],
    task: Task,
    trials: Trials,
) -> np.ndarray:
    """Score networks drawn from a mixture, one per generator.

    Parameters
    ----------
    networks, network
        A block, and the place in it of the network that the mixture was fitted to.
    vectors
        Names of the mixture's vectors.
    units
        Number of units of the networks that are drawn.
    task, trials
        What they are scored on.

    Returns
    -------
    numpy.ndarray
        (draw,), NaN where outputs are not finite.
    """
    found = []
    for rng in rngs:
        drawn = UnitLoadings(vectors, mixture.draw(units, rng))
        outputs = outputs_on(with_loadings(networks, network, [drawn]), trials.inputs)
        found.append(scores(task, outputs, trials)[0])
    return np.array(found)
