"""What LU factors say of points: index and distance from degeneracy, against eigenvalues."""

import numpy as np
import torch

from rnnpipe.dynamics.fixed_points.factors import examine
from rnnpipe.dynamics.maps import Dynamics


def with_jacobians(jacobians: np.ndarray) -> tuple[Dynamics, np.ndarray]:
    """The map that rests everywhere, with the Jacobian J_i at the state of first entry i."""
    units = jacobians.shape[-1]
    table = torch.from_numpy(jacobians)
    points = np.zeros((len(jacobians), units))
    points[:, 0] = np.arange(len(jacobians))
    return Dynamics(torch.clone, lambda h: table[h[:, 0].long()], units), points


def test_the_index_counts_real_eigenvalues_above_one():
    rng = np.random.default_rng(0)
    jacobians = rng.standard_normal((200, 5, 5))
    eigenvalues = np.linalg.eigvals(jacobians)
    above = ((eigenvalues.imag == 0) & (eigenvalues.real > 1)).sum(1)
    np.testing.assert_array_equal(examine(*with_jacobians(jacobians)).index, (-1) ** above)


def test_the_index_ignores_complex_pairs_and_eigenvalues_below_minus_one():
    rotation = 3 * np.array([[0.0, -1.0], [1.0, 0.0]])
    local = examine(*with_jacobians(np.stack([rotation, np.diag([-3.0, 0.2])])))
    np.testing.assert_array_equal(local.index, [1, 1])


def test_the_smallest_singular_value_is_that_of_i_minus_j():
    jacobians = np.random.default_rng(1).standard_normal((100, 12, 12)) / 4
    exact = np.linalg.svd(np.eye(12) - jacobians, compute_uv=False)[:, -1]
    found = examine(*with_jacobians(jacobians)).smallest
    assert (found > exact * (1 - 1e-9)).all()
    assert np.quantile(found / exact, 0.9) < 1.1


def test_an_eigenvalue_near_one_shows_however_the_others_lie():
    rng = np.random.default_rng(2)
    basis = rng.standard_normal((50, 20, 20))
    values = np.concatenate([np.full((50, 1), 1 - 1e-7), rng.uniform(-2, 2, (50, 19))], axis=1)
    jacobians = basis @ (values[:, :, None] * np.linalg.inv(basis))
    assert (examine(*with_jacobians(jacobians)).smallest < 1e-6).all()


def test_a_singular_matrix_has_index_and_singular_value_zero():
    local = examine(*with_jacobians(np.eye(3)[None]))
    assert (local.index[0], local.smallest[0]) == (0, 0.0)


def test_a_complex_eigenvalue_of_modulus_one_is_not_degenerate():
    local = examine(*with_jacobians(np.array([[[0.0, -1.0], [1.0, 0.0]]])))
    np.testing.assert_allclose(local.smallest, np.sqrt(2))


def test_the_step_is_newtons():
    dynamics = Dynamics(lambda h: 0.5 * h, lambda h: 0.5 * torch.ones(len(h), 1, 1).double(), 1)
    np.testing.assert_allclose(examine(dynamics, np.array([[0.3], [-2.0]])).step, [0.3, 2.0])


def test_of_no_points_nothing_is_known():
    local = examine(*with_jacobians(np.empty((0, 2, 2))))
    assert len(local.index) == len(local.smallest) == len(local.step) == 0
