"""Steps from Jacobian-vector products are Newton's, and lead to the same points."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.fixed_points import newton
from rnnpipe.dynamics.fixed_points.krylov import gmres
from rnnpipe.dynamics.fixed_points.merge import merge
from rnnpipe.dynamics.fixed_points.solver import Status, solve
from rnnpipe.dynamics.maps import Driven, Dynamics
from rnnpipe.networks.cells import CELLS, driven
from tests.helpers.networks import random_weights

UNITS = 130


def systems(batch: int = 5, units: int = 12, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(seed)
    matrices = np.eye(units) + 0.5 * rng.standard_normal((batch, units, units)) / np.sqrt(units)
    return torch.from_numpy(matrices), torch.from_numpy(rng.standard_normal((batch, units)))


def product_with(matrices: torch.Tensor):
    return lambda vectors: (matrices @ vectors[..., None])[..., 0]


def test_a_whole_space_solves_every_system():
    matrices, right = systems()
    found = gmres(product_with(matrices), right, 12)
    torch.testing.assert_close(found, torch.linalg.solve(matrices, right), atol=1e-10, rtol=0)


@pytest.mark.parametrize("steps", [1, 3, 7])
def test_the_residual_is_the_least_within_the_krylov_space(steps):
    matrices, right = systems()
    found = gmres(product_with(matrices), right, steps)
    for matrix, b, s in zip(matrices.numpy(), right.numpy(), found.numpy(), strict=True):
        space = np.stack([np.linalg.matrix_power(matrix, k) @ b for k in range(steps)], axis=1)
        least = space @ np.linalg.lstsq(matrix @ space, b)[0]
        np.testing.assert_allclose(s, least, atol=1e-9)


def test_a_space_that_closes_early_solves_the_system_and_asks_for_no_more():
    """I + m nᵀ of rank 2 takes three dimensions, whatever the number of units."""
    rng = np.random.default_rng(0)
    m, n = (torch.from_numpy(rng.standard_normal((4, 50, 2))) / 50**0.5 for _ in range(2))
    matrices = torch.eye(50, dtype=torch.float64) + m @ n.mT
    right, asked = torch.from_numpy(rng.standard_normal((4, 50))), []

    def product(vectors):
        asked.append(len(vectors))
        return product_with(matrices)(vectors)

    found = gmres(product, right, 30)
    torch.testing.assert_close(found, torch.linalg.solve(matrices, right), atol=1e-10, rtol=0)
    assert len(asked) <= 4


def test_rows_that_close_early_do_no_harm_beside_others():
    matrices, right = systems(3)
    matrices[0], matrices[1], right[2] = 2 * torch.eye(12), 0, 0
    found = gmres(product_with(matrices), right, 12)
    torch.testing.assert_close(found[0], right[0] / 2)
    assert torch.equal(found[1:], torch.zeros(2, 12, dtype=torch.float64))


def cell_network(cell: str, gain: float, units: int = UNITS) -> Driven:
    weights = random_weights(1, units, 2, 1, seed=1, gain=gain, cell=cell)
    calm = replace(weights, bias=0.2 * weights.bias)
    return driven(CELLS[cell]("tanh", 0.3 if cell == "ctrnn" else 1.0), calm)


@pytest.mark.parametrize(
    ("cell", "gain"), [("vanilla", 1.2), ("ctrnn", 1.1), ("gru", 1.0), ("lstm", 0.5)]
)
def test_large_networks_have_the_same_points_either_way(cell, gain, monkeypatch):
    units = UNITS // 2 if cell == "lstm" else UNITS
    network = cell_network(cell, gain, units).held(torch.zeros(2, dtype=torch.float64))
    rng = np.random.default_rng(0)
    starts = torch.from_numpy(0.5 * rng.standard_normal((24, network.units)))
    formed = []

    def jacobian(states):
        formed.append(len(states))
        return network.jacobian(states)

    watched = replace(network, jacobian=jacobian)
    by_products = solve(watched, starts, levenberg_iterations=0)
    assert sum(formed) <= (by_products.status != Status.FIXED).sum()
    monkeypatch.setattr(newton, "KRYLOV", 10_000)
    dense = solve(watched, starts, levenberg_iterations=0)
    points = [
        merge(s.states[s.status == Status.FIXED], s.q[s.status == Status.FIXED], 1e-6).states
        for s in (by_products, dense)
    ]
    assert len(points[0]) >= 1
    for point in points[0]:
        again = solve(network, torch.from_numpy(point)[None]).states[0]
        np.testing.assert_allclose(again, point, atol=1e-9)
    if len(points[1]) == 1:
        np.testing.assert_allclose(points[0], points[1], atol=1e-9)


def test_every_start_has_its_own_input_in_large_networks():
    network = cell_network("vanilla", 0.8)
    inputs = torch.from_numpy(np.random.default_rng(2).standard_normal((6, 2)))
    found = solve(network, torch.zeros(6, UNITS, dtype=torch.float64), inputs)
    assert (found.status == Status.FIXED).all()
    h = torch.from_numpy(found.states)
    torch.testing.assert_close(network.step(h, inputs), h, atol=1e-10, rtol=0)


def test_large_maps_without_products_are_solved_by_factors():
    network = cell_network("vanilla", 0.8).held(torch.zeros(2, dtype=torch.float64))
    without = Dynamics(network.step, network.jacobian, network.units, network.box)
    starts = torch.zeros(2, UNITS, dtype=torch.float64)
    expected, found = (solve(one, starts) for one in (network, without))
    np.testing.assert_allclose(found.states, expected.states, atol=1e-9)
