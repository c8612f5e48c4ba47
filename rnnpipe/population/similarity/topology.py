"""Topology of the skeletons of networks, whose nodes are matched by their readouts."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_array, hstack
from scipy.spatial.distance import pdist, squareform

from rnnpipe.population.similarity.skeleton import Skeleton, Slots, match


def topology_distances(
    skeletons: Sequence[Skeleton], level_width: np.ndarray | float
) -> np.ndarray:
    """Compare the stability and transitions of nodes that networks have at the same readouts.

    Nodes of the same probe, kind and rounded readout share a slot. In a slot that two
    networks occupy they differ by the mean of two total variations, of the number of
    unstable modes of their nodes there and of where perturbed states go from there, as
    slots or to no attractor; a slot that only one of them occupies counts 1. The
    distance is the mean over the slots that either occupies.

    Nothing of the states enters, so that the order of nodes and any transformation of
    the state space do not matter (after Maheswaranathan et al. 2019, NeurIPS 32, who
    compare topology by eye).

    Parameters
    ----------
    skeletons
        One per network.
    level_width
        (output,) or one number, the width of a level of readout: see `skeleton.match`.

    Returns
    -------
    np.ndarray
        (network, network), from 0 to 1. Every network has a fixed point, so that nothing is
        known of one in which no node was found: it is at 1 from all others.
    """
    slots = match(skeletons, level_width)
    networks = len(skeletons)
    differing = np.zeros((networks, networks))
    for members, vectors in _profiles(skeletons, slots):
        # Each of the two distributions' total variation is half of its city-block distance.
        halves = pdist(vectors, "cityblock") / 4
        differing[np.ix_(members, members)] += squareform(halves, checks=False)
    present = slots.present.astype(np.float64)
    both = present @ present.T
    either = np.diag(both)[:, None] + np.diag(both) - both
    distances = np.ones_like(either)
    np.divide(either - both + differing, either, out=distances, where=either > 0)
    distances = np.clip(distances, 0.0, 1.0)
    np.fill_diagonal(distances, 0.0)
    return distances


def _profiles(
    skeletons: Sequence[Skeleton], slots: Slots
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Go through the slots: the networks with nodes in each, and their distributions there.

    Yields
    ------
    members, vectors
        (network,) and (network, feature): the distribution of the number of unstable
        modes beside the mean row of transitions; columns that are zero for all are left out.
    """
    network = np.repeat(np.arange(len(skeletons)), [len(own) for own in slots.of_node])
    if not len(network):
        return
    slot = np.concatenate(slots.of_node)
    # What a network has in one slot is one row; its nodes there are averaged into it.
    rows, row = np.unique(np.column_stack([slot, network]), axis=0, return_inverse=True)
    row = row.ravel()
    average = csr_array((1 / np.bincount(row)[row], (row, np.arange(len(row)))))
    vectors = csr_array(average @ _features(skeletons, slots))
    ends = np.flatnonzero(np.diff(rows[:, 0])) + 1
    for own in np.split(np.arange(len(rows)), ends):
        block = vectors[own]
        used = np.unique(block.indices)
        yield rows[own, 1], block[:, used].toarray()


def _features(skeletons: Sequence[Skeleton], slots: Slots) -> csr_array:
    """Features (node of any network, feature): unstable modes one-hot, then slots reached."""
    unstable = np.concatenate([skeleton.unstable for skeleton in skeletons])
    nodes = np.arange(len(unstable))
    modes = csr_array((np.ones(len(nodes)), (nodes, unstable)))
    start, source, target, probability = 0, [], [], []
    for skeleton, own in zip(skeletons, slots.of_node, strict=True):
        at, to = np.nonzero(skeleton.transitions)
        source.append(start + at)
        target.append(np.append(own, len(slots.probe))[to])
        probability.append(skeleton.transitions[at, to])
        start += skeleton.nodes
    ends = csr_array(
        (np.concatenate(probability), (np.concatenate(source), np.concatenate(target))),
        shape=(len(nodes), len(slots.probe) + 1),
    )
    return csr_array(hstack([modes, ends]))
