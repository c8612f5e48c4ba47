"""Fixed points that runs may end at: those of the known ones that attract."""

from dataclasses import dataclass

import numpy as np
import torch

from rnnpipe.dynamics.classes import attracts
from rnnpipe.dynamics.distances import distances_between
from rnnpipe.dynamics.maps import Dynamics

# A run is near a point within this, relative to the distance of the point's nearest neighbour.
NEAR = 0.05
TANGENTS = 3


@dataclass(frozen=True)
class Resting:
    """Attracting points among the fixed points given.

    Attributes
    ----------
    number
        (point,), of each among all points given.
    states
        (point, unit).
    radius
        (point,): nearer than this, a run that approaches a point ends there.
    exponents
        (point, 3), ln |lambda| of the leading modes; NaN beyond the number of units.
    """

    number: np.ndarray
    states: np.ndarray
    radius: np.ndarray
    exponents: np.ndarray


def resting_points(dynamics: Dynamics, points: np.ndarray, spread: float) -> Resting:
    """The attracting ones among fixed points (point, unit): no |lambda| above 1 + 1e-6."""
    modulus = leading_moduli(dynamics, points)
    attracting = np.flatnonzero(attracts(modulus))
    distances = distances_between(points[attracting], points)
    distances[np.arange(len(attracting)), attracting] = np.inf
    separation = np.minimum(distances.min(1, initial=np.inf), spread)
    return Resting(
        attracting, points[attracting], NEAR * separation, logarithms(modulus[attracting])
    )


def leading_moduli(dynamics: Dynamics, points: np.ndarray) -> np.ndarray:
    """|lambda| (point, mode) of all modes at points (point, unit), in descending order."""
    if len(points) == 0:
        return np.empty((0, dynamics.units))
    jacobians = dynamics.jacobian(dynamics.placed(points))
    return np.sort(torch.linalg.eigvals(jacobians).abs().cpu().numpy(), axis=1)[:, ::-1]


def logarithms(modulus: np.ndarray) -> np.ndarray:
    """ln |lambda| (point, 3) of the leading modes, NaN where there are fewer modes."""
    exponents = np.full((len(modulus), TANGENTS), np.nan)
    kept = min(TANGENTS, modulus.shape[1])
    with np.errstate(divide="ignore"):
        exponents[:, :kept] = np.log(modulus[:, :kept])
    return exponents
