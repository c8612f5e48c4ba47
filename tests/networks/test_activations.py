"""Slopes follow from outputs and agree with autograd; in-place and plain forms agree."""

import pytest
import torch

from rnnpipe.networks.activations import ACTIVATIONS

Z = torch.linspace(-30, 30, 601, dtype=torch.float64) + 0.017


@pytest.mark.parametrize("name", ACTIVATIONS)
class TestEveryActivation:
    def test_slope_agrees_with_autograd(self, name):
        phi = ACTIVATIONS[name]
        z = Z.clone().requires_grad_()
        y = phi.function(z)
        y.sum().backward()
        assert torch.allclose(phi.slope(y.detach()), z.grad, atol=1e-12)

    def test_chain_is_gradient_times_slope(self, name):
        phi = ACTIVATIONS[name]
        y, gradient = phi.function(Z), torch.cos(Z)
        chained = phi.chain_(gradient.clone(), y)
        assert torch.allclose(chained, gradient * phi.slope(y), atol=1e-14)

    def test_in_place_is_the_same(self, name):
        phi = ACTIVATIONS[name]
        y = phi.function_(phi.gain * Z)
        assert torch.allclose(y, phi.function(Z), rtol=0, atol=1e-15)

    def test_output_stays_within_the_range_and_rises(self, name):
        phi = ACTIVATIONS[name]
        y = phi.function(Z)
        assert (y >= phi.lower).all() and (y <= phi.upper).all()
        assert (y.diff() >= 0).all()
        assert phi.bounded == (phi.upper < float("inf"))
