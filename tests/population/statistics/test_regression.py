"""A factor given the others: published results, scikit-bio, and least squares."""

import numpy as np
import pytest
from scipy.stats import f as f_distribution
from skbio.stats.distance import DistanceMatrix, permanova

from rnnpipe.population.statistics.regression import Design, marginal_test
from tests.population.statistics.dune import bray_curtis, variables
from tests.population.statistics.grouped_clouds import cloud

# ``adonis2(dune ~ ., dune.env, by = "margin")``, as printed on vegan's page vegan-package
# (vegandevs.github.io/vegan/reference/vegan-package.html): Df, SumOfSqs, R2, F, and the range
# of Pr(>F) of 999 permutations over three editions of the page.
PUBLISHED = {
    "A1": (1, 0.1283, 0.02983, 0.9231, (0.465, 0.469)),
    "Moisture": (3, 0.6596, 0.15343, 1.5826, (0.115, 0.132)),
    "Management": (2, 0.1959, 0.04556, 0.7050, (0.724, 0.732)),
    "Use": (2, 0.1305, 0.03036, 0.4697, (0.900, 0.917)),
    "Manure": (3, 0.4208, 0.09787, 1.0096, (0.448, 0.478)),
}


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def design_of(factor: str) -> Design:
    known = variables()
    return Design.of(known[factor], [known[name] for name in known if name != factor])


@pytest.mark.parametrize("factor", PUBLISHED)
def test_marginal_tests_are_those_that_vegan_publishes(rng, factor):
    """Manure tells managed meadows from others, so that either loses a degree of freedom."""
    df, squares, r2, f, (low, high) = PUBLISHED[factor]
    found = marginal_test(bray_curtis(), design_of(factor), rng, 4999)
    assert found.df == df
    assert round(found.f, 4) == f
    error = 3 * np.sqrt(0.25 / 999)
    assert low - error < found.p < high + error
    products = -0.5 * bray_curtis() ** 2
    own = design_of(factor).own
    assert round(np.sum(own * (products @ own)), 4) == squares
    assert round(np.sum(own * (products @ own)) / np.trace(products - products.mean(0)), 5) == r2


def test_with_one_factor_it_is_permanova(rng):
    labels = np.repeat([2, 0, 1], [5, 9, 6])
    distances = cloud(rng, labels, 0.7)
    reference = permanova(DistanceMatrix(distances), labels, permutations=1999, seed=1)
    found = marginal_test(distances, Design.of(np.array(["c", "a", "b"])[labels]), rng, 1999)
    assert found.df == 2
    assert found.f == pytest.approx(reference["test statistic"], rel=1e-10)
    p = reference["p-value"]
    assert found.p == pytest.approx(p, abs=4 * np.sqrt(2 * p * (1 - p) / 2000) + 1e-3)


def test_along_a_line_it_is_the_partial_f_of_least_squares(rng):
    """Exact, and p is near that of the F distribution of Gaussian residuals."""
    a, b = np.arange(60) % 3, (np.arange(60) % 3 + (rng.random(60) < 0.5)) % 4
    values = rng.standard_normal(60) + 0.5 * a + 0.4 * b

    def squares(*labels):
        columns = np.hstack([np.ones((60, 1)), *(np.eye(4)[label] for label in labels)])
        solved, *_ = np.linalg.lstsq(columns, values, rcond=None)
        return np.sum((values - columns @ solved) ** 2)

    rest = 60 - 1 - 2 - 3
    f = ((squares(a) - squares(a, b)) / 3) / (squares(a, b) / rest)
    found = marginal_test(np.abs(values[:, None] - values), Design.of(b, [a]), rng, 4999)
    assert found.df == 3
    assert found.f == pytest.approx(f, rel=1e-9)
    assert found.p == pytest.approx(f_distribution.sf(f, 3, rest), abs=0.02)


def test_an_effect_of_one_factor_is_no_effect_of_another_confounded_with_it(rng):
    """Dale's law without autapses, as in the default experiment: only Dale's law matters."""
    dale, autapses = np.repeat([0, 0, 1], 10), np.repeat([0, 1, 1], 10)
    alone, given, other = [], [], []
    for _ in range(200):
        distances = cloud(rng, dale, 1.5)
        alone.append(marginal_test(distances, Design.of(autapses), rng, 99).p)
        given.append(marginal_test(distances, Design.of(autapses, [dale]), rng, 99).p)
        other.append(marginal_test(distances, Design.of(dale, [autapses]), rng, 99).p)
    assert np.mean(np.array(alone) <= 0.05) > 0.2
    assert 0.02 - 0.02 < np.mean(np.array(given) <= 0.05) < 0.07 + 0.03
    assert 0.45 < np.mean(given) < 0.57
    assert np.mean(np.array(other) <= 0.05) > 0.8


def test_in_strata_networks_keep_their_stratum(rng):
    """Two networks a stratum: with four strata there are 16 orders, two with the largest F."""
    strata = np.repeat(np.arange(4), 2)
    factor = np.tile([0, 1], 4)
    values = 100.0 * strata + factor + 0.01 * rng.random(8)
    distances = np.abs(values[:, None] - values)
    design = Design.of(factor, [strata])
    found = marginal_test(distances, design, rng, 3999, strata)
    assert found.p == pytest.approx(2 / 16, abs=0.02)
    assert marginal_test(distances, design, rng, 3999).p < 0.06


def test_networks_without_a_detail_do_not_decide_about_it(rng):
    """Two leaks without effect, beside a cell without leak whose networks hardly differ."""
    cell, leak = np.repeat([0, 1, 1], [20, 4, 4]), np.repeat([0, 1, 2], [20, 4, 4])
    design = Design.of(leak, [cell])
    anywhere, inside = [], []
    for _ in range(200):
        points = rng.standard_normal((28, 5)) * np.where(cell, 1.0, 0.3)[:, None]
        distances = np.linalg.norm(points[:, None] - points, axis=2)
        anywhere.append(marginal_test(distances, design, rng, 99).p <= 0.05)
        inside.append(marginal_test(distances, design, rng, 99, cell).p <= 0.05)
    assert np.mean(anywhere) > 0.3
    assert np.mean(inside) < 0.07 + 0.04


def test_what_the_others_say_already_is_not_tested(rng):
    cell = np.repeat([0, 1, 2], 4)
    activation = (cell == 2).astype(int)
    distances = cloud(rng, cell, 2.0)
    double = marginal_test(distances, Design.of(activation, [cell]), rng, 9)
    assert double.df == 0 and np.isnan([double.f, double.p]).all()
    assert marginal_test(distances, Design.of(cell, [activation]), rng, 9).df == 1


@pytest.mark.parametrize("labels", [np.zeros(6, int), np.arange(6)])
def test_one_group_or_single_networks_tell_nothing(rng, labels):
    found = marginal_test(cloud(rng, np.zeros(6, int), 0.0), Design.of(labels), rng)
    assert np.isnan([found.f, found.p]).all()


def test_networks_all_alike_tell_nothing_and_groups_of_identical_ones_everything(rng):
    labels = np.arange(8) % 2
    alike = marginal_test(np.zeros((8, 8)), Design.of(labels), rng)
    assert np.isnan([alike.f, alike.p]).all()
    apart = marginal_test((labels[:, None] != labels).astype(float), Design.of(labels), rng)
    assert np.isinf(apart.f) and apart.p < 0.06


def test_the_generator_decides_the_permutations(rng):
    labels = np.arange(20) % 2
    distances, design = cloud(rng, labels, 0.5), Design.of(labels)
    found = [
        marginal_test(distances, design, np.random.default_rng(seed), 99).p
        for seed in (1, 1, 2, 3, 4)
    ]
    assert found[0] == found[1]
    assert len(set(found)) > 1
