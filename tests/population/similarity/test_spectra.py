from dataclasses import replace

import numpy as np
import pytest

from rnnpipe.population.similarity.skeleton import Skeleton
from rnnpipe.population.similarity.spectra import leading_eigenvalues, spectral_distances
from tests.population.similarity.random_skeletons import corners, nothing, permuted
from tests.population.similarity.related_populations import assert_proper

WIDTH = 0.5


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def jacobians(rng, points=9, units=14):
    return rng.normal(size=(points, units, units)) / np.sqrt(units)


def spectra(matrices):
    return leading_eigenvalues(np.linalg.eigvals(matrices))


def test_the_leading_eigenvalues_are_the_largest_in_the_upper_half_plane():
    values = np.array([[0.5, 1 - 1j, -2, 1 + 1j, np.nan, 0.1j]])
    found = leading_eigenvalues(values, modes=4)
    np.testing.assert_allclose(found[0], [[-2, 0], [1, 1], [1, 1], [0.5, 0]])
    assert leading_eigenvalues(values, modes=7)[0, 5:].tolist() == [[0, 0], [0, 0]]


def test_rounding_does_not_decide_the_order_of_equal_moduli():
    values = np.array([[0.5, -0.5, 0.5j], [0.5j, -0.5 - 1e-13, 0.5 - 1e-13]])
    found = leading_eigenvalues(values, modes=3)
    np.testing.assert_allclose(found[0], found[1], atol=1e-12)


def test_a_change_of_coordinates_and_the_order_of_points_do_not_matter(rng):
    ideal, matrices = corners(), jacobians(rng)
    basis = rng.normal(size=(14, 14))
    order = rng.permutation(9)
    changed = np.linalg.solve(basis, matrices @ basis)[order]
    found = spectral_distances(
        [ideal, permuted(ideal, order)], [spectra(matrices), spectra(changed)], WIDTH
    )
    assert_proper(found)
    assert found[0, 1] < 1e-9


def test_networks_that_differ_by_a_gain_differ_by_it():
    ideal = corners()
    one, two = (np.full((9, 10), gain, dtype=complex) for gain in (1.0, 0.75))
    found = spectral_distances(
        [ideal, ideal], [leading_eigenvalues(one), leading_eigenvalues(two)], WIDTH
    )
    assert found[0, 1] == pytest.approx(0.25)


def test_it_is_the_mean_over_shared_slots_and_of_points_in_one_slot(rng):
    def line(readouts):
        n = len(readouts)
        return Skeleton(np.array(readouts)[:, None], *np.zeros((3, n), int), np.eye(n, n + 1))

    one, two = line([0.0, 0.1, 1.0, 2.0]), line([1.0, 0.0, -3.0])
    found = spectral_distances(
        [one, two],
        [
            leading_eigenvalues(np.array([[0.2], [0.4], [0.5], [9.0]], complex), 1),
            leading_eigenvalues(np.array([[0.9], [0.8], [7.0]], complex), 1),
        ],
        WIDTH,
    )
    assert found[0, 1] == pytest.approx((abs(0.3 - 0.8) + abs(0.5 - 0.9)) / 2)


def test_all_pairs_at_once_are_each_pair_alone(rng):
    skeletons = [corners() for _ in range(4)]
    values = [spectra(jacobians(rng)) for _ in range(4)]
    found = spectral_distances(skeletons, values, WIDTH)
    for i, j in [(0, 1), (2, 3)]:
        alone = spectral_distances(skeletons[:2], [values[i], values[j]], WIDTH)
        assert found[i, j] == pytest.approx(alone[0, 1], abs=1e-12)
        assert found[i, j] > 0.01


def test_networks_that_share_no_slot_cannot_be_compared(rng):
    ideal, values = corners(), spectra(jacobians(rng))
    elsewhere = replace(ideal, probe=ideal.probe + 1)
    none = np.zeros((0, 10, 2))
    found = spectral_distances(
        [ideal, elsewhere, nothing(), ideal], [values, values, none, values], WIDTH
    )
    assert_proper(found)
    np.testing.assert_array_equal(np.isnan(found[0]), [False, True, True, False])
    assert np.isnan(spectral_distances([nothing()] * 2, [none] * 2, WIDTH)[0, 1])


def test_every_node_has_one_spectrum(rng):
    with pytest.raises(ValueError, match="network 0 has 9 nodes and 8 spectra"):
        spectral_distances([corners()], [spectra(jacobians(rng, points=8))], WIDTH)
