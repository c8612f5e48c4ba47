import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rnnpipe.dynamics.stability import analyse, frequencies, modes, time_constants


@pytest.fixture
def jacobians():
    return np.random.default_rng(0).standard_normal((10, 7, 7)) / np.sqrt(7)


def test_right_and_left_eigenvectors_are_that(jacobians):
    found = analyse(jacobians)
    for jacobian, values, right, left in zip(
        jacobians, found.eigenvalues, found.right, found.left, strict=True
    ):
        assert_allclose(right @ jacobian.T, values[:, None] * right, atol=1e-12)
        assert_allclose(left.conj() @ jacobian, values[:, None] * left.conj(), atol=1e-12)
        assert_allclose(left.conj() @ right.T, np.eye(7), atol=1e-10)


def test_modes_rebuild_the_jacobian(jacobians):
    found = analyse(jacobians)
    rebuilt = np.einsum("pm,pmi,pmj->pij", found.eigenvalues, found.right, found.left.conj())
    assert_allclose(rebuilt, jacobians, atol=1e-10)


def test_right_eigenvectors_have_unit_norm_and_a_fixed_phase(jacobians):
    right = analyse(jacobians).right
    assert_allclose(np.linalg.norm(right, axis=2), 1)
    largest = np.take_along_axis(right, np.abs(right).argmax(2)[..., None], 2)
    assert_allclose(largest.imag, 0, atol=1e-12)
    assert (largest.real > 0).all()


def test_modes_are_sorted_with_positive_imaginary_part_first(jacobians):
    values = analyse(jacobians).eigenvalues
    assert (np.diff(np.abs(values), axis=1) <= 1e-12).all()
    pairs = values[:, :-1][
        np.isclose(values[:, :-1], values[:, 1:].conj()) & (values[:, :-1].imag != 0)
    ]
    assert len(pairs) > 0
    assert (pairs.imag > 0).all()


@pytest.mark.parametrize(
    ("diagonal", "label", "unstable", "index"),
    [
        ([0.5, -0.9, 0.1], "stable", 0, 1),
        ([1.5, 0.2, 0.1], "1-saddle", 1, -1),
        ([-1.5, 0.2, 0.1], "1-saddle", 1, 1),
        ([1.5, 2.0, 0.1], "2-saddle", 2, 1),
        ([1.0005, 0.2, 0.1], "marginal", 0, -1),
        ([0.9995, 2.0, 0.1], "marginal", 1, -1),
        ([0.998, 0.2, 0.1], "stable", 0, 1),
    ],
)
def test_classes(diagonal, label, unstable, index):
    found = analyse(np.diag(diagonal)[None])
    assert (found.labels[0], found.unstable[0], found.index[0]) == (label, unstable, index)
    assert found.spectral_radius[0] == max(map(abs, diagonal))


def test_tolerance_decides_what_is_marginal():
    jacobian = np.diag([1.02, 0.5])[None]
    assert analyse(jacobian).labels[0] == "1-saddle"
    assert analyse(jacobian, tolerance=0.05).labels[0] == "marginal"


def test_unstable_spiral_has_the_frequency_of_its_angle():
    angle, radius = 0.4, 1.1
    turn = radius * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    found = analyse(turn[None])
    assert found.labels[0] == "2-saddle"
    assert found.index[0] == 1
    assert_allclose(found.frequency, angle / (2 * np.pi))
    assert_allclose(found.time_constant, -1 / np.log(radius))


def test_time_constants_at_the_limits():
    values = np.array([np.exp(-0.1), np.exp(0.1), 1.0, -1.0, 0.0, 0.5j])
    assert_allclose(time_constants(values), [10, -10, np.inf, np.inf, 0, 1 / np.log(2)])


def test_frequencies_at_the_limits():
    assert_allclose(frequencies(np.array([1.0, -1.0, 0.0, 1j, -1j])), [0, 0.5, 0, 0.25, 0.25])


def test_classes_do_not_depend_on_the_basis(jacobians):
    rotation = np.linalg.qr(np.random.default_rng(1).standard_normal((7, 7)))[0]
    one, two = analyse(2 * jacobians), analyse(2 * rotation @ jacobians @ rotation.T)
    assert_array_equal(one.labels, two.labels)
    assert_array_equal(one.index, two.index)
    assert_allclose(one.spectral_radius, two.spectral_radius)


def test_defective_eigenvalue_leaves_left_eigenvectors_undefined():
    values, right, left = modes(np.array([[0.5, 1.0], [0.0, 0.5]]))
    assert_allclose(values, 0.5)
    assert_allclose(np.linalg.norm(right, axis=1), 1)
    assert np.isnan(left).all()


def test_no_points_have_no_modes():
    found = analyse(np.empty((0, 4, 4)))
    assert found.right.shape == (0, 4, 4)
    assert len(found.labels) == 0


def test_bad_jacobians_are_refused():
    with pytest.raises(ValueError, match=r"\(point, unit, unit\), not \(2, 3\)"):
        analyse(np.zeros((2, 3)))
    broken = np.zeros((3, 2, 2))
    broken[1, 0, 0] = np.nan
    with pytest.raises(ValueError, match="point 1 is not"):
        analyse(broken)
