"""The margins of the proof: what they assume of φ, and that they cover what rounding does."""

import mpmath
import numpy as np
import pytest
import torch

from rnnpipe.dynamics.proof.rounding import OF_SLOPE, ULPS
from rnnpipe.dynamics.proof.slopes import over
from rnnpipe.dynamics.proof.start import reduce
from rnnpipe.networks.activations import ACTIVATIONS
from tests.dynamics.proof.rate_equations import drawn

EXACT = {
    "tanh": mpmath.tanh,
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "softplus": lambda z: mpmath.log1p(mpmath.exp(z)),
    "relu": lambda z: max(z, mpmath.mpf(0)),
}
SLOPES = {
    "tanh": lambda z: mpmath.sech(z) ** 2,
    "sigmoid": lambda z: mpmath.exp(-z) / (1 + mpmath.exp(-z)) ** 2,
    "softplus": lambda z: 1 / (1 + mpmath.exp(-z)),
    "relu": lambda z: mpmath.mpf(z > 0),
}


@pytest.mark.parametrize("name", EXACT)
def test_activations_are_as_exact_as_the_proof_assumes(name):
    rng = np.random.default_rng(0)
    sizes = np.exp(rng.uniform(np.log(1e-8), np.log(300), 300))
    z = np.concatenate([sizes, -sizes])
    phi = ACTIVATIONS[name]
    y = phi.function(torch.from_numpy(z))
    slopes = phi.slope(y).numpy()
    with mpmath.workdps(50):
        for at, value, slope in zip(z, y.numpy(), slopes, strict=True):
            exact = EXACT[name](mpmath.mpf(at))
            assert abs(mpmath.mpf(value) - exact) <= ULPS * np.spacing(abs(float(exact)))
            assert abs(mpmath.mpf(slope) - SLOPES[name](mpmath.mpf(at))) <= OF_SLOPE


@pytest.mark.parametrize("phi", EXACT)
def test_values_and_slopes_over_boxes_hold_those_of_every_place_in_them(phi):
    start = reduce(drawn(15, 2, 3.0, seed=2, phi=phi), 3)
    equation, rng = start.equation, torch.Generator().manual_seed(0)
    low, high = start.low, start.high
    for size in (1e-9, 1e-3, 0.3):
        centre = low + (high - low) * torch.rand(40, 2, generator=rng, dtype=torch.float64)
        radius = size * (high - low).expand(40, 2)
        found = over(equation, centre, radius)
        at = centre + radius * (2 * torch.rand(40, 2, generator=rng, dtype=torch.float64) - 1)
        rates = equation.phi.function(equation.currents(at))
        image = rates @ equation.n
        assert bool(((found.low <= image) & (image <= found.high)).all())
        slopes = torch.eye(2) - torch.einsum(
            "ij,bi,ik->bjk", equation.n, equation.phi.slope(rates), equation.m
        )
        off = (slopes - found.slope).abs()
        assert bool((off <= found.width + equation.by_slopes).all())


def test_the_value_at_a_place_is_off_by_less_than_its_margin():
    start = reduce(drawn(15, 2, 3.0, seed=2), 3)
    equation = start.equation
    rng = np.random.default_rng(0)
    kappa = rng.uniform(start.low.numpy(), start.high.numpy(), (10, 2))
    found = over(equation, torch.from_numpy(kappa), torch.zeros(10, 2, dtype=torch.float64))
    m, n, u = (part.tolist() for part in (equation.m, equation.n, equation.drive))
    with mpmath.workdps(40):
        for k, value in zip(kappa, found.value, strict=True):
            rates = [
                mpmath.tanh(mpmath.fdot(row, [mpmath.mpf(x) for x in k]) + here)
                for row, here in zip(m, u, strict=True)
            ]
            for j in range(2):
                exact = mpmath.mpf(k[j]) - mpmath.fdot([row[j] for row in n], rates)
                off = abs(mpmath.mpf(float(value[j])) - exact)
                assert off <= float(equation.of_values[j]) < 1e-12
