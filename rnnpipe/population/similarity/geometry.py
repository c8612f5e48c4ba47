"""Geometry of the states on identical inputs: three distances in one pass over the pairs."""

import numpy as np

from rnnpipe.population.similarity.cka import cka
from rnnpipe.population.similarity.overlaps import SIDE, tiles
from rnnpipe.population.similarity.procrustes import procrustes
from rnnpipe.population.similarity.reduction import Reduced
from rnnpipe.population.similarity.svcca import svcca

GEOMETRIC = ("svcca", "procrustes", "cka")


def geometric_distances(reduced: Reduced, side: int = SIDE) -> dict[str, np.ndarray]:
    """Distances of all pairs of networks by SVCCA, Procrustes angle and linear CKA.

    Parameters
    ----------
    reduced
        The networks, on the same samples in the same order.
    side
        Networks along a side of the tiles that the pairs are taken in.

    Returns
    -------
    dict
        `GEOMETRIC` -> (network, network); a row of a network whose states never vary
        is NaN off the diagonal.
    """
    scale, rank = reduced.scale, reduced.rank
    distances = {name: np.zeros((len(scale), len(scale))) for name in GEOMETRIC}
    for tile in tiles(reduced.basis, side):
        i, j = tile.first, tile.second
        found = {
            "svcca": svcca(tile.overlaps, rank[i], rank[j]),
            "procrustes": procrustes(tile.overlaps, scale[i], scale[j]),
            "cka": cka(tile.overlaps, scale[i], scale[j]),
        }
        for name, values in found.items():
            distances[name][i, j] = distances[name][j, i] = values
    return distances
