"""Maps whose fixed points are known."""

from collections.abc import Callable

import pytest
import torch

from rnnpipe.dynamics.maps import Dynamics
from tests.helpers.tanh_networks import tanh_network


@pytest.fixture
def make_tanh() -> Callable[..., Dynamics]:
    """Make the network h' = tanh(W h + b)."""
    return tanh_network


@pytest.fixture
def cube() -> Dynamics:
    """h' = tanh(2 h), three units: 27 fixed points, with coordinates 0 or +-0.9575."""
    return tanh_network(2 * torch.eye(3, dtype=torch.float64))


@pytest.fixture
def ring() -> Dynamics:
    """A circle of fixed points of radius 1 in the plane, h' = h + h (1 - |h|^2) / 2."""

    def step(states: torch.Tensor) -> torch.Tensor:
        return states + 0.5 * states * (1 - states.square().sum(1, keepdim=True))

    def jacobian(states: torch.Tensor) -> torch.Tensor:
        radial = 1.5 - 0.5 * states.square().sum(1)
        outer = states[:, :, None] * states[:, None, :]
        return radial[:, None, None] * torch.eye(2, dtype=torch.float64) - outer

    return Dynamics(step, jacobian, 2, unbounded="a polynomial")
