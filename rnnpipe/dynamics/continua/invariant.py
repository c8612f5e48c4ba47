"""Drift along a closed invariant curve, and the modes along it and across it."""

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.continua.trace import Curve
from rnnpipe.dynamics.maps import Dynamics


def measure_ring(
    dynamics: Dynamics, states: np.ndarray, at_rest: float
) -> tuple[Curve, np.ndarray]:
    """Measure a closed invariant curve, by the eigenvalues of the Jacobian as a traced one.

    The curve runs along the tangent t, in which a state moves. Of the modes there the one along
    the curve is that with the largest part of t; all others are across it, so of a complex pair,
    with which a curve winds into a focus, one is. What the map does between the spaces normal to
    the curve, (I - t t^T) (I - t' t'^T) J with t' along J t, has the same eigenvalues where t is
    an eigenvector; where a curve winds it also shears, and grows beside modes that all decay.

    Parameters
    ----------
    dynamics
        The map at the probe input.
    states
        (node, unit), in order, the last followed by the first.
    at_rest
        States that move less per update are fixed points: the curve runs along their leading mode.

    Returns
    -------
    Curve
        Its rate is t^T J t - 1.
    ndarray
        (node,), largest |lambda| across it.
    """
    here = torch.from_numpy(states)
    moved, jacobians = dynamics.step(here) - here, dynamics.jacobian(here)
    eigenvalues, vectors = torch.linalg.eig(jacobians)
    leading = eigenvalues.abs().argmax(1)[:, None, None]
    rests = moved.norm(dim=1, keepdim=True) < at_rest
    tangents = _unit(
        torch.where(rests, torch.take_along_dim(vectors, leading, 2)[..., 0].real, moved)
    )
    onward = torch.from_numpy(np.roll(states, -1, axis=0) - np.roll(states, 1, axis=0))
    forth = torch.where((tangents * onward).sum(1) < 0, -1.0, 1.0)
    parts, _ = torch.linalg.solve_ex(vectors, tangents[..., None].to(vectors.dtype))
    along = torch.nan_to_num(parts[..., 0].abs()).argmax(1, keepdim=True)
    across = eigenvalues.scatter(1, along, 0)
    curve = Curve(
        states,
        ((moved * tangents).sum(1) * forth).numpy(),
        (tangents[:, None] @ jacobians @ tangents[..., None]).flatten().numpy() - 1,
        (across - 1).abs().amin(1).numpy(),
        closed=True,
    )
    return curve, across.abs().amax(1).numpy()


def _unit(vectors: Tensor) -> Tensor:
    return vectors / vectors.norm(dim=1, keepdim=True)
