"""Spectra at the nodes that networks have in common: fixed points and attractors that move."""

from collections.abc import Sequence

import numpy as np
from scipy.spatial.distance import pdist, squareform

from rnnpipe.population.similarity.skeleton import Skeleton, match

MODES = 10
# Moduli closer than this are equal, so that rounding does not decide the order.
DIGITS = 9


def leading_eigenvalues(eigenvalues: np.ndarray, modes: int = MODES) -> np.ndarray:
    """Choose the leading eigenvalues of each node, as plane vectors that can be averaged.

    Parameters
    ----------
    eigenvalues
        (node, mode) complex, of the Jacobian at a point, in any order; of an attractor that
        moves, e to the power of its Lyapunov exponents. NaN where a node has fewer modes.
    modes
        Number of eigenvalues kept, largest modulus first.

    Returns
    -------
    np.ndarray
        (node, modes, 2), real part and modulus of the imaginary part: both of a
        conjugate pair are folded to the upper half plane. Equal moduli are in the order
        of the real part; missing modes are zero, as of a mode that decays at once.
    """
    folded = eigenvalues.real + 1j * np.abs(eigenvalues.imag)
    folded = np.where(np.isnan(folded), 0, folded)
    order = np.lexsort((-folded.real, -np.abs(folded).round(DIGITS)), axis=1)
    kept = np.take_along_axis(folded, order, axis=1)[:, :modes]
    leading = np.zeros((len(folded), modes, 2))
    leading[:, : kept.shape[1]] = np.stack([kept.real, kept.imag], axis=-1)
    return leading


def spectral_distances(
    skeletons: Sequence[Skeleton],
    spectra: Sequence[np.ndarray],
    level_width: np.ndarray | float,
) -> np.ndarray:
    """Compare the eigenvalues of networks at matched nodes.

    In each slot (probe, kind and rounded readout, see `skeleton.match`) the spectra of a
    network's nodes are averaged; two networks differ there by the root mean square, over modes,
    of the distance between their eigenvalues in the upper half plane. The distance is
    the mean over the slots that both occupy.

    Parameters
    ----------
    skeletons
        One per network.
    spectra
        For each network (node, modes, 2), of `leading_eigenvalues`.
    level_width
        (output,) or one number, the width of a level of readout.

    Returns
    -------
    np.ndarray
        (network, network), in units of eigenvalues; NaN where no slot is shared.

    Raises
    ------
    ValueError
        If a network does not have one spectrum per node.
    """
    for number, (skeleton, spectrum) in enumerate(zip(skeletons, spectra, strict=True)):
        if len(spectrum) != skeleton.nodes:
            raise ValueError(
                f"network {number} has {skeleton.nodes} nodes and {len(spectrum)} spectra"
            )
    slots = match(skeletons, level_width)
    networks = len(skeletons)
    differing, shared = np.zeros((2, networks, networks))
    if not len(slots.probe):
        return np.where(np.eye(networks, dtype=bool), 0.0, np.nan)
    slot = np.concatenate(slots.of_node)
    network = np.repeat(np.arange(networks), [len(own) for own in slots.of_node])
    vectors = np.concatenate(list(spectra))
    modes = vectors.shape[1]
    for number in range(len(slots.probe)):
        here = slot == number
        members, row = np.unique(network[here], return_inverse=True)
        sums = np.zeros((len(members), 2 * modes))
        np.add.at(sums, row, vectors[here].reshape(-1, 2 * modes))
        means = sums / np.bincount(row)[:, None]
        pairs = np.ix_(members, members)
        differing[pairs] += squareform(pdist(means) / np.sqrt(modes), checks=False)
        shared[pairs] += 1
    distances = differing / np.where(shared > 0, shared, np.nan)
    np.fill_diagonal(distances, 0.0)
    return distances
