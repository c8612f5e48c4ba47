"""Skeletons of networks that have nothing to do with each other, for topology distances of chance.

How far apart are two topologies? A distance means something beside the distance of
networks that share nothing but their sizes: every node keeps its kind and stability and leads
where it led, but its readout is drawn anywhere in the range of what the task asks for.
"""

from dataclasses import replace

import numpy as np

from rnnpipe.population.similarity.skeleton import Skeleton


def unrelated(
    skeleton: Skeleton, low: np.ndarray, high: np.ndarray, rng: np.random.Generator
) -> Skeleton:
    """Draw the readouts of a skeleton's nodes anew, each output uniformly and by itself.

    The numbers of nodes under every probe, their kinds, unstable modes and transitions
    stay. Permuting the readouts of a network among its own nodes instead would leave a
    network of one node per probe as it is, and turning their signs a symmetric one.

    Parameters
    ----------
    skeleton
        Of one network.
    low, high
        (output,), the range of the targets.
    rng
        The network's own generator.
    """
    readouts = rng.uniform(low, high, skeleton.readouts.shape)
    return replace(skeleton, readouts=readouts)
