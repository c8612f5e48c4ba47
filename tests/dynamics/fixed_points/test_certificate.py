import numpy as np
import pytest

from rnnpipe.dynamics.fixed_points.certificate import certify, estimated_missing, indices


def test_index_counts_real_eigenvalues_above_one():
    rng = np.random.default_rng(0)
    jacobians = rng.standard_normal((200, 5, 5))
    eigenvalues = np.linalg.eigvals(jacobians)
    above = ((eigenvalues.imag == 0) & (eigenvalues.real > 1)).sum(1)
    np.testing.assert_array_equal(indices(jacobians), (-1) ** above)


def test_index_ignores_complex_pairs_and_eigenvalues_below_minus_one():
    rotation = 3 * np.array([[0.0, -1.0], [1.0, 0.0]])
    np.testing.assert_array_equal(indices(np.stack([rotation, np.diag([-3.0, 0.2])])), [1, 1])


@pytest.mark.parametrize(
    ("index", "verdict"),
    [([1, -1, 1], "consistent"), ([1, 1], "incomplete"), ([1, -1], "incomplete")],
)
def test_verdict_follows_the_sum(index, verdict):
    certificate = certify(np.array(index), np.full((len(index), 2), 0.5))
    assert certificate.verdict == verdict
    assert certificate.index_sum == sum(index)


def test_no_points_at_all_is_incomplete():
    assert certify(np.empty(0, dtype=int), np.empty((0, 2))).verdict == "incomplete"


def test_degenerate_points_leave_the_certificate_silent():
    certificate = certify(np.array([1, 1]), np.array([[0.5, 0.1], [1 + 1e-8, 0.2]]))
    assert certificate.verdict == "not applicable"
    assert "1 of 2 points" in certificate.reason


def test_a_complex_eigenvalue_of_modulus_one_is_not_degenerate():
    assert certify(np.array([1]), np.array([[1j, -1j]])).verdict == "consistent"


def test_without_a_box_the_reason_is_passed_on():
    certificate = certify(np.array([1]), np.array([[0.5]]), "relu is unbounded")
    assert (certificate.verdict, certificate.reason) == ("not applicable", "relu is unbounded")


def test_estimated_missing():
    assert estimated_missing(np.array([5, 9])) == 0
    assert estimated_missing(np.array([1, 1, 1, 2, 2, 7])) == 3 * 2 / (2 * 3)
