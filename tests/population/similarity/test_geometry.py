import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes, subspace_angles
from sklearn.cross_decomposition import CCA

from rnnpipe.population.similarity.geometry import geometric_distances, tiles
from rnnpipe.population.similarity.reduction import Reduced, reduce
from tests.population.similarity.related_populations import SAMPLES, assert_proper, moved, states

K = 6
# arccos at 1 loses half of the digits.
ANGLE = 1e-7


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def population(rng):
    """Twelve networks that share part of their states."""
    shared = states(rng)
    return [shared[:, :units] + 0.7 * states(rng, units) for units in (8, 9, 10, 12) * 3]


def distances(population, k=K, side=64):
    parts = [reduce(array, k) for array in population]
    return geometric_distances(Reduced(*map(np.stack, zip(*parts, strict=True))), side)


def test_every_pair_of_networks_is_in_one_tile(rng):
    basis = rng.standard_normal((11, 20, 3))
    for side in (1, 4, 11, 64):
        seen = np.zeros((11, 11), int)
        for tile in tiles(basis, side):
            seen[tile.first, tile.second] += 1
            expected = basis[tile.first].transpose(0, 2, 1) @ basis[tile.second]
            np.testing.assert_allclose(tile.overlaps, expected, atol=1e-12)
        np.testing.assert_array_equal(seen, np.triu(np.ones((11, 11), int), 1))


def test_the_matrices_are_proper_and_tiles_do_not_matter(population):
    whole, tiled = distances(population), distances(population, side=5)
    for name, matrix in whole.items():
        assert_proper(matrix)
        assert matrix.max() > 0.01
        np.testing.assert_allclose(matrix, tiled[name], atol=1e-12)


def test_all_pairs_at_once_are_each_pair_alone(population):
    together = distances(population)
    for i, j in [(0, 1), (3, 7), (10, 11)]:
        alone = distances([population[i], population[j]])
        for name, matrix in together.items():
            assert matrix[i, j] == pytest.approx(alone[name][0, 1], abs=1e-12)


@pytest.mark.parametrize("scale", [1.0, 0.01, 300.0])
def test_a_rotated_shifted_and_scaled_copy_is_at_zero(rng, scale):
    array = states(rng)
    other = states(rng)
    found = distances([array, moved(array, rng, scale), other])
    for name, matrix in found.items():
        assert matrix[0, 1] < ANGLE, name
        assert matrix[0, 2] == pytest.approx(matrix[1, 2], abs=1e-9)
        assert matrix[0, 2] > 0.1


def test_networks_that_explore_orthogonal_dimensions_are_as_far_as_can_be(rng):
    basis, _ = np.linalg.qr(rng.standard_normal((SAMPLES, 8)))
    basis, _ = np.linalg.qr(basis - basis.mean(0))
    found = distances([basis[:, :4] * [4, 3, 2, 1], basis[:, 4:] * [4, 3, 2, 1]], k=4)
    expected = {"svcca": 1, "procrustes": np.pi / 2, "cka": 1}
    for name, matrix in found.items():
        assert matrix[0, 1] == pytest.approx(expected[name], abs=1e-9)


def test_svcca_is_the_mean_cosine_of_the_principal_angles(population):
    found = distances(population)["svcca"]
    for i, j in [(0, 1), (2, 9)]:
        one, two = reduce(population[i], K)[0], reduce(population[j], K)[0]
        expected = 1 - np.cos(subspace_angles(one, two)).mean()
        assert found[i, j] == pytest.approx(expected, abs=1e-12)


def test_svcca_is_the_mean_correlation_that_a_canonical_analysis_finds(population):
    one, two = (np.multiply(*reduce(array, 2)) for array in population[:2])
    u, v = CCA(2, tol=1e-12, max_iter=100000).fit_transform(one, two)
    correlations = [np.corrcoef(u[:, mode], v[:, mode])[0, 1] for mode in range(2)]
    found = distances(population[:2], k=2)["svcca"][0, 1]
    assert found == pytest.approx(1 - np.mean(correlations), abs=1e-6)


def test_svcca_of_unequal_dimensions_is_over_the_fewer(rng):
    plane = states(rng, units=2)
    space = np.hstack([plane, states(rng, units=4)])
    other = states(rng, units=5)
    found = distances([plane, space, other])["svcca"]
    assert found[0, 1] == pytest.approx(0, abs=1e-12)
    cosines = np.cos(subspace_angles(reduce(plane, 2)[0], reduce(other, 5)[0]))
    assert len(cosines) == 2
    assert found[0, 2] == pytest.approx(1 - cosines.mean(), abs=1e-12)


def test_procrustes_is_the_angle_after_the_best_rotation(population):
    found = distances(population)["procrustes"]
    for i, j in [(0, 1), (2, 9)]:
        one, two = (np.multiply(*reduce(population[n], K)) for n in (i, j))
        one, two = one / np.linalg.norm(one), two / np.linalg.norm(two)
        rotation, _ = orthogonal_procrustes(one, two)
        angle = np.arccos(np.vdot(one @ rotation, two))
        assert found[i, j] == pytest.approx(angle, abs=1e-12)


def test_procrustes_obeys_the_triangle_inequality(population):
    found = distances(population)["procrustes"]
    detour = (found[:, :, None] + found[None]).min(1)
    assert (found <= detour + ANGLE).all()


def test_cka_is_the_alignment_of_the_gram_matrices(population):
    found = distances(population, k=12)["cka"]
    for i, j in [(0, 1), (2, 9)]:
        centred = [population[n] - population[n].mean(0) for n in (i, j)]
        one, two = (array @ array.T for array in centred)
        alignment = np.vdot(one, two) / (np.linalg.norm(one) * np.linalg.norm(two))
        assert found[i, j] == pytest.approx(1 - alignment, abs=1e-10)


def test_a_network_that_never_varies_can_be_compared_with_none(rng):
    still = np.ones((SAMPLES, 5))
    for matrix in distances([states(rng), still, states(rng), still]).values():
        assert_proper(matrix)
        np.testing.assert_array_equal(
            np.isnan(matrix), ~np.eye(4, dtype=bool) & ~np.outer([1, 0, 1, 0], [1, 0, 1, 0])
        )
