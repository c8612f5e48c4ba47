import numpy as np
import pytest
from sklearn.decomposition import PCA

from rnnpipe.population.similarity.reduction import NOISE, Reduced, evenly, reduce
from tests.population.similarity.related_populations import states


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_the_components_are_those_of_a_principal_component_analysis(rng):
    array = states(rng)
    basis, scale = reduce(array, 5)
    np.testing.assert_allclose(basis.T @ basis, np.eye(5), atol=1e-13)
    analysis = PCA(5, svd_solver="full").fit(array)
    np.testing.assert_allclose(scale, analysis.singular_values_, rtol=1e-12)
    scores = analysis.transform(array)
    np.testing.assert_allclose(np.abs(basis * scale), np.abs(scores), atol=1e-10)


def test_dimensions_that_a_network_has_not_are_zero(rng):
    few_units = reduce(states(rng, units=4), 10)
    flat = reduce(states(rng, units=3) @ rng.standard_normal((3, 20)), 10)
    for (basis, scale), rank in ((few_units, 4), (flat, 3)):
        assert np.count_nonzero(scale) == rank
        np.testing.assert_allclose(basis.T @ basis, np.diag(scale > 0), atol=1e-12)
        assert not basis[:, rank:].any()


def test_states_that_never_vary_have_no_dimension_however_far_they_lie_from_the_origin(rng):
    _, scale = reduce(np.tile(1e3 * rng.random(8), (50, 1)), 3)
    assert not scale.any()


def test_rounding_to_float32_adds_no_dimension(rng):
    array = states(rng, units=3) @ rng.standard_normal((3, 20))
    _, scale = reduce(array.astype(np.float32), 10)
    assert np.count_nonzero(scale) == 3


def test_weak_components_keep_their_lengths(rng):
    left, _ = np.linalg.qr(rng.standard_normal((200, 6)) - 0.1)
    left, _ = np.linalg.qr(left - left.mean(0))
    values = np.array([1.0, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6])
    right, _ = np.linalg.qr(rng.standard_normal((6, 6)))
    _, scale = reduce(left * values @ right.T, 6)
    np.testing.assert_allclose(scale, values, rtol=1e-3)
    assert NOISE < 1e-6


@pytest.mark.parametrize(
    ("array", "k", "complaint"),
    [
        (np.full((4, 2), np.nan), 3, "states hold NaN"),
        (np.eye(1), 3, "states are"),
        (np.eye(4), 0, "k is 0"),
    ],
)
def test_states_that_cannot_be_reduced_are_refused(array, k, complaint):
    with pytest.raises(ValueError, match=complaint):
        reduce(array, k)


def test_the_rank_is_the_number_of_dimensions_that_are_not_zero(rng):
    parts = [reduce(states(rng, units), 5) for units in (4, 12, 7)]
    reduced = Reduced(*map(np.stack, zip(*parts, strict=True)))
    np.testing.assert_array_equal(reduced.rank, [4, 5, 5])


@pytest.mark.parametrize(("rows", "most", "chosen"), [(5, 9, [0, 1, 2, 3, 4]), (9, 3, [0, 4, 8])])
def test_states_are_chosen_evenly(rows, most, chosen):
    assert evenly(rows, most).tolist() == chosen
