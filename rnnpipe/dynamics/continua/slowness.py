"""Whether a traced curve is a continuum, and which piece of it."""

import numpy as np
import torch

from rnnpipe.dynamics.continua.continuum import Continuum, arc_length, curve_continuum
from rnnpipe.dynamics.continua.nature import largest_transversal, longest_attractor
from rnnpipe.dynamics.continua.trace import Curve
from rnnpipe.dynamics.maps import Dynamics

# A continuum shorter than this, relative to the spread, is a point with a tail.
SHORT = 0.5
# Along a continuum a state takes this many times longer to travel its length than to
# fall onto it; else it is a path between discrete points.
SLOWER = 50.0


def continuum_of(dynamics: Dynamics, curve: Curve, spread: float, trial: int) -> Continuum | None:
    """Measure a curve, or the longest piece of it that is an attractor; None if it is no curve."""
    everywhere = slice(0, len(curve.states))
    position = arc_length(curve.states)
    slow = is_slow(curve, position, everywhere, spread)
    calm = longest_attractor(position, curve.drift, np.zeros_like(position), trial)
    if not (slow or is_slow(curve, position, calm, spread)):
        return None
    jacobians = dynamics.jacobian(torch.from_numpy(curve.states))
    transversal = largest_transversal(torch.linalg.eigvals(jacobians).numpy(), along=1)
    piece = longest_attractor(position, curve.drift, transversal, trial)
    cut = not curve.closed and is_slow(curve, position, piece, spread)
    if not (cut or slow):
        return None
    return measured(curve, transversal, piece if cut else everywhere, trial)


def measured(curve: Curve, transversal: np.ndarray, kept: slice, trial: int) -> Continuum:
    """Measure a piece of a curve, whose modes across it are known at all nodes."""
    return curve_continuum(
        curve.states[kept],
        curve.drift[kept],
        1 + curve.rate[kept],
        transversal[kept],
        curve.closed,
        trial,
    )


def is_slow(curve: Curve, position: np.ndarray, piece: slice, spread: float) -> bool:
    """Whether a piece of a curve is a continuum."""
    if not len(position[piece]):
        return False
    length = position[piece][-1] - position[piece][0]
    drift = np.median(np.abs(curve.drift[piece]))
    return is_continuum(length, float(np.median(curve.next_rate[piece])), drift, spread)


def is_continuum(length: float, beyond: float, drift: float, spread: float) -> bool:
    """Tell a continuum from a point with a tail and from a path between discrete points."""
    return bool(length >= SHORT * spread and length * min(beyond, 1.0) >= SLOWER * drift)
