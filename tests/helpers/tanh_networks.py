"""Maps that several tests share."""

import torch

from rnnpipe.dynamics.maps import Dynamics


def tanh_network(weights: torch.Tensor, bias: torch.Tensor | None = None) -> Dynamics:
    """h' = tanh(W h + b), in the box [-1, 1]."""
    units = len(weights)
    bias = torch.zeros(units, dtype=torch.float64) if bias is None else bias
    one = torch.ones(units, dtype=torch.float64)

    def step(states: torch.Tensor) -> torch.Tensor:
        return torch.tanh(states @ weights.T + bias)

    def jacobian(states: torch.Tensor) -> torch.Tensor:
        return (1 - step(states) ** 2)[..., None] * weights

    return Dynamics(step, jacobian, units, (-one, one))
