"""Leading directions span the leading eigenspaces of matrices whose spectra are known."""

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.leading_modes import leading_directions
from rnnpipe.dynamics.maps import Dynamics
from tests.helpers.tanh_networks import tanh_network

UNITS = 40


def block(modulus: float, angle: float) -> np.ndarray:
    """A rotation by `angle` radians, times `modulus`: the pair modulus · exp(± i angle)."""
    return modulus * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def linear_map(*blocks: np.ndarray, seed: int = 0) -> tuple[Dynamics, np.ndarray]:
    """A map h' = A h with these blocks in some oblique basis (unit, unit), and the basis.

    The modes that the blocks leave over have |lambda| of at most 0.3.
    """
    rng = np.random.default_rng(seed)
    basis = np.eye(UNITS) + 0.3 * rng.standard_normal((UNITS, UNITS)) / np.sqrt(UNITS)
    inner = np.diag(rng.uniform(-0.3, 0.3, UNITS))
    first = 0
    for part in blocks:
        inner[first : first + len(part), first : first + len(part)] = part
        first += len(part)
    matrix = torch.from_numpy(basis @ inner @ np.linalg.inv(basis))

    def linear(states: torch.Tensor):
        return lambda directions: directions @ matrix.T

    def forbidden(states: torch.Tensor) -> torch.Tensor:
        raise AssertionError("a Jacobian was formed")

    return Dynamics(lambda h: h @ matrix.T, forbidden, UNITS, linear=linear), basis


def directions_of(dynamics: Dynamics, states: int = 2, **options) -> np.ndarray:
    h = torch.zeros(states, dynamics.units, dtype=torch.float64)
    return leading_directions(dynamics, h, rng=np.random.default_rng(0), **options).numpy()


def angle_between(one: np.ndarray, other: np.ndarray) -> float:
    """Largest principal angle between the spans of the columns."""
    q, p = np.linalg.qr(one)[0], np.linalg.qr(other)[0]
    return float(np.linalg.norm(q - p @ (p.T @ q), 2))


def one(value: float) -> np.ndarray:
    return np.array([[value]])


def test_real_modes_come_in_descending_order_of_their_moduli():
    dynamics, basis = linear_map(one(-1.4), one(0.8), one(1.1), one(-0.95))
    found = directions_of(dynamics)
    assert found.shape == (2, 4, UNITS)
    assert np.allclose(np.linalg.norm(found, axis=2), 1)
    for mode, column in enumerate((0, 2, 3, 1)):
        assert angle_between(found[0, mode][:, None], basis[:, [column]]) < 1e-4, mode


@pytest.mark.parametrize("angle", [0.02, 1.0, np.pi / 2, 3.1])
def test_a_complex_pair_gives_two_directions_that_span_its_plane(angle):
    dynamics, basis = linear_map(one(1.3), block(1.1, angle), one(-0.9))
    found = directions_of(dynamics)[0]
    assert angle_between(found[0][:, None], basis[:, [0]]) < 1e-4
    assert angle_between(found[1:3].T, basis[:, [1, 2]]) < 1e-4
    assert abs(found[1] @ found[2]) < 1e-6
    assert angle_between(found[3][:, None], basis[:, [3]]) < 1e-3


def test_an_orthogonal_leading_block_of_equal_moduli_is_spanned():
    dynamics, basis = linear_map(block(1, 0.7), block(1, 2.0))
    assert angle_between(directions_of(dynamics)[0].T, basis[:, :4]) < 1e-4


def test_every_state_has_directions_of_its_own():
    rng = torch.Generator().manual_seed(1)
    weights = 1.5 * torch.randn(30, 30, generator=rng, dtype=torch.float64) / 30**0.5
    network = tanh_network(weights + torch.diag(torch.linspace(0, 3, 30, dtype=torch.float64)))
    h = 0.2 * torch.randn(4, 30, generator=rng, dtype=torch.float64)
    found = leading_directions(
        network, h, 1, rng=np.random.default_rng(0), block=8, rounds=80
    ).numpy()
    for direction, jacobian in zip(found, network.jacobian(h).numpy(), strict=True):
        values, vectors = np.linalg.eig(jacobian)
        leading = np.argmax(np.abs(values))
        plane = np.stack([vectors[:, leading].real, vectors[:, leading].imag], axis=1)
        plane = plane if abs(values[leading].imag) > 1e-9 else plane[:, :1]
        assert np.linalg.norm(direction[0] - plane @ np.linalg.lstsq(plane, direction[0])[0]) < 1e-3


def test_the_same_generator_gives_the_same_directions():
    dynamics, _ = linear_map(one(1.2), block(1.1, 0.4))
    assert np.array_equal(directions_of(dynamics), directions_of(dynamics))


def test_small_maps_have_as_many_directions_as_units():
    twice = Dynamics(lambda h: 2 * h, lambda h: 2 * torch.eye(2).double().repeat(len(h), 1, 1), 2)
    found = directions_of(twice, states=3)
    assert found.shape == (3, 2, 2)
    assert np.allclose(np.linalg.norm(found, axis=2), 1)
    still = Dynamics(lambda h: 0 * h, lambda h: torch.zeros(len(h), 2, 2).double(), 2)
    assert np.isfinite(directions_of(still)).all()


def test_no_states_have_no_directions():
    dynamics, _ = linear_map(one(1.2))
    assert directions_of(dynamics, states=0).shape == (0, 4, UNITS)
