"""Projection onto the slow curve, along which only the slowest mode still moves, or a surface.

A state lies on the curve when its residual F(h) - h has no part outside the
mode nearest marginal: all that decays fast has decayed, what remains is drift
along the curve, however slow or quick. No level of speed is set. The intrinsic
low-dimensional manifold of Maas & Pope 1992 (Combust. Flame 88:239), of
dimension 1, for a map.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.continua.slow_mode import SlowModes, slow_modes
from rnnpipe.dynamics.maps import Dynamics

# In units of the spread of the states: a last correction below ARRIVED is the
# curve, and none is longer than LONGEST.
ARRIVED = 1e-4
LONGEST = 0.2
CORRECTIONS = 10


@dataclass(frozen=True)
class Places:
    """States on slow curves, with drift and slow mode there.

    Attributes
    ----------
    states
        (batch, unit).
    drift
        (batch,): part of F(h) - h along the tangent, per update; on a surface its length.
    modes
        The slow mode, whose right eigenvector is the tangent.
    found
        (batch,): whether the projection arrived; elsewhere the rest means nothing.
    """

    states: Tensor
    drift: Tensor
    modes: SlowModes
    found: Tensor

    @property
    def tangents(self) -> Tensor:
        """Unit tangents (batch, unit), of either sign."""
        return self.modes.right

    def take(self, rows: Tensor) -> "Places":
        """Some of the places."""
        return Places(self.states[rows], self.drift[rows], self.modes.take(rows), self.found[rows])


def project(
    dynamics: Dynamics,
    states: Tensor,
    spaces: tuple[Tensor, Tensor],
    spread: float,
    iterations: int = 2,
    along: int = 1,
) -> Places:
    """Project states onto the slow curve near each, or onto the slow surface.

    Newton's method on the fast part of the residual: the step solves
    (J - I) d = -(I - P) r within the fast modes.

    Parameters
    ----------
    states
        (batch, unit).
    spaces
        Right and left, (batch, unit, subspace): where the slow mode is sought.
    spread
        Root mean square distance of the visited states from their mean.
    iterations
        Inverse iterations for the slow mode per correction.
    along
        Slow modes that are left as they are: 1 for a curve, 2 for a surface, of which the
        drift is the speed.
    """
    right, left = spaces
    for _ in range(CORRECTIONS):
        modes = slow_modes(dynamics.jacobian(states), right, left, iterations)
        right, left = modes.right_space, modes.left_space
        residuals = dynamics.step(states) - states
        steps = modes.fast_step(residuals, along)
        lengths = steps.norm(dim=1, keepdim=True)
        usable = torch.isfinite(lengths)
        longest = LONGEST * spread
        steps = torch.where(usable, steps * (longest / lengths.clamp_min(longest)), 0.0)
        found = lengths[:, 0] < ARRIVED * spread
        found &= ~modes.rate.isnan() | (along > 1)
        if bool((found | ~usable[:, 0]).all()):
            break
        states = states + torch.where(found[:, None], 0.0, steps)
    drift = (residuals * modes.right).sum(1) if along == 1 else residuals.norm(dim=1)
    return Places(states, drift, modes, found)
