"""Maps of which it is known where their runs end."""

import numpy as np
import torch

from rnnpipe.dynamics.maps import Dynamics


def map_of(step, units, bound=None):
    """A map by its step, with derivatives by automatic differentiation."""
    jacobian = torch.func.vmap(torch.func.jacrev(lambda h: step(h[None])[0]))
    corner = None if bound is None else torch.full((units,), float(bound), dtype=torch.float64)
    box = None if corner is None else (-corner, corner)
    return Dynamics(step, jacobian, units, box)


def logistic(r):
    """h' = r h (1 - h)."""
    return Dynamics(lambda h: r * h * (1 - h), lambda h: (r * (1 - 2 * h))[..., None], 1)


def cube_states(units, count=200, bound=1.0):
    """States anywhere in a cube."""
    return np.random.default_rng(0).uniform(-bound, bound, (count, units))
