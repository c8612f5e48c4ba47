"""Skeletons of known relation, for the tests of dynamics."""

from itertools import product

import numpy as np

from rnnpipe.population.similarity.skeleton import Skeleton


def corners(bits: int = 2) -> Skeleton:
    """Skeleton of an ideal flip-flop: 3^bits points, saddles send half each way."""
    readouts = np.array(list(product([-1.0, 0.0, 1.0], repeat=bits)))
    unstable = (readouts == 0).sum(1)
    ends = np.array(
        [
            [np.all(end != 0) and np.all((start == 0) | (start == end)) for end in readouts]
            for start in readouts
        ],
        dtype=float,
    )
    transitions = np.column_stack([ends / ends.sum(1, keepdims=True), np.zeros(len(ends))])
    none = np.zeros(len(readouts), int)
    return Skeleton(readouts, none, none, unstable, transitions)


def random_skeleton(rng: np.random.Generator, points: int = 12, outputs: int = 2) -> Skeleton:
    """Nodes at readouts of -1, 0 or 1 under two probes, some twice, with random transitions."""
    return Skeleton(
        rng.integers(-1, 2, (points, outputs)) + rng.uniform(-0.2, 0.2, (points, outputs)),
        rng.integers(0, 2, points),
        rng.integers(0, 2, points),
        rng.integers(0, 3, points),
        rng.dirichlet(np.full(points + 1, 0.3), points),
    )


def permuted(skeleton: Skeleton, order: np.ndarray) -> Skeleton:
    """The same skeleton with its nodes in another order."""
    columns = np.append(order, skeleton.nodes)
    return Skeleton(
        skeleton.readouts[order],
        skeleton.probe[order],
        skeleton.kind[order],
        skeleton.unstable[order],
        skeleton.transitions[order][:, columns],
    )


def nothing(outputs: int = 2) -> Skeleton:
    """The skeleton of a network in which nothing was found."""
    empty = np.zeros(0, int)
    return Skeleton(np.zeros((0, outputs)), empty, empty, empty, np.zeros((0, 1)))
