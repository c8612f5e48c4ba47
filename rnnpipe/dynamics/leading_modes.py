"""Leading modes of a map at many states: directions that the map stretches most."""

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.maps import Dynamics

BLOCK = 6
ROUNDS = 12


def leading_directions(
    dynamics: Dynamics,
    states: Tensor,
    modes: int = 4,
    *,
    rng: np.random.Generator,
    block: int = BLOCK,
    rounds: int = ROUNDS,
) -> Tensor:
    """Directions of the modes of largest |lambda|, from Jacobian-vector products alone.

    Orthogonal iteration (Golub & Van Loan 2013, section 7.3.2) on a block of
    directions, then the eigenvectors of the map within the span of the block
    (Rayleigh-Ritz): no matrix (unit, unit) is formed or decomposed. A mode is
    as accurate as (|lambda next to the block| / |lambda|)^rounds is small.

    Parameters
    ----------
    dynamics
        The map.
    states
        (batch, unit), float64.
    modes
        Number of directions per state, at most the number of units.
    rng
        Source of the directions that the iteration begins with, the same for every state.
    block
        Directions iterated together; at least `modes` are.
    rounds
        Products and orthonormalisations.

    Returns
    -------
    Tensor
        (batch, modes, unit), unit vectors in descending order of |lambda|; of a
        complex pair the real and the imaginary part of the eigenvector, turned so
        that they are at right angles, the longer one first.
    """
    units = dynamics.units
    modes = min(modes, units)
    block = min(max(block, modes), units)
    begin = torch.from_numpy(rng.standard_normal((units, block))).to(states)
    with torch.no_grad():
        linear = dynamics.linearized(states)
        basis = torch.linalg.qr(begin)[0].expand(len(states), -1, -1)
        for _ in range(rounds):
            basis = torch.linalg.qr(linear(basis.mT).mT)[0]
        return _ritz_directions(basis, linear(basis.mT).mT)[:, :modes]


def _ritz_directions(basis: Tensor, image: Tensor) -> Tensor:
    """Real directions (batch, block, unit) of the modes within a basis (batch, unit, block)."""
    values, vectors = torch.linalg.eig(basis.mT @ image)
    order = values.abs().argsort(dim=1, descending=True, stable=True)
    values = values.gather(1, order)
    vectors = vectors.gather(2, order[:, None].expand_as(vectors))
    # Turned by half the angle of w·w, real and imaginary part are at right angles.
    turn = torch.exp(-0.5j * vectors.square().sum(1, keepdim=True).angle())
    vectors = vectors * turn
    # LAPACK gives the member of a pair with positive frequency first.
    second = (values.imag < 0)[:, None]
    real = torch.where(second, vectors.imag, vectors.real)
    directions = (basis @ real).mT
    return directions / directions.norm(dim=2, keepdim=True).clamp_min(1e-300)
