"""Maps of state and input whose bifurcations are known in closed form."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.branches import Branches, find_branches
from rnnpipe.dynamics.maps import Driven

RESTS = np.random.default_rng(0).uniform(-1, 1, (200, 8))


def driven(step: Callable[[Tensor, Tensor], Tensor], units: int, inputs: int = 1) -> Driven:
    """A map given by its step, row by row independent; derivatives by automatic differentiation."""

    def derivative(argument: int) -> Callable[[Tensor, Tensor], Tensor]:
        def at(h: Tensor, x: Tensor) -> Tensor:
            with torch.enable_grad():
                leaves = [h.detach().requires_grad_(), x.detach().requires_grad_()]
                sums = step(*leaves).sum(0)
                rows = [
                    torch.autograd.grad(total, leaves, retain_graph=True, allow_unused=True)
                    for total in sums
                ]
            return torch.stack([row[argument] for row in rows], dim=1)

        return at

    return Driven(step, derivative(0), derivative(1), units, inputs)


PITCHFORK = driven(lambda h, x: torch.tanh(x * h), 1)
HYSTERESIS = driven(lambda h, x: torch.tanh(2 * h + x), 1)
FLIP = driven(lambda h, x: torch.tanh(-x * h), 1)
TURN = torch.tensor([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
ROTATION = driven(lambda h, x: x * torch.tanh(h @ TURN.mT), 2)


def swept(map_: Driven, low: float, high: float, count: int = 16, **settings) -> Branches:
    values = np.linspace(low, high, count)
    rng = np.random.default_rng(1)
    rests = RESTS[:, : map_.units]
    return find_branches(map_, rests, np.zeros(map_.inputs), 0, values, rng=rng, **settings)
