"""Populations of units that are planted are found, and networks drawn from them compute alike."""

import numpy as np
import pytest
import torch

from rnnpipe.networks.behaviour import outputs_on, scores
from rnnpipe.networks.mixtures import fit_mixtures, whiten
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.networks.unit_loadings import UnitLoadings, unit_loadings, with_loadings
from rnnpipe.streams import stream
from rnnpipe.tasks import FlipFlop
from tests.helpers.networks import make_networks

TASK = FlipFlop(bits=1)
TRIALS = TASK.sample(64, stream(0, "trials"))
VECTORS = ("m0", "n0", "input0", "output0", "bias", "initial_state")
UNITS = 1000


def memory(gated: float = 0.0) -> NetworkStack:
    """A planted memory of one bit: n overlaps with m beyond 1, and with the input.

    A part of the units is `gated` off by its biases: what their n would undo of the memory does
    not count, since their rates are saturated.
    """
    rng = np.random.default_rng(5)
    m, into, rest = rng.standard_normal((3, UNITS))
    off = np.arange(UNITS) < gated * UNITS
    n = np.where(off, -1.0, 1.0) * 2.0 * (m + into) / (1.0 - gated) + 0.1 * rest
    bias = np.where(off, 30.0, 0.0) + 0.3 * rng.standard_normal(UNITS)
    values = np.stack([m, n, 5.0 * into, np.where(off, 0.0, m), bias, 0.0 * m], axis=1)
    seed = make_networks([0], TASK, units=UNITS, constraint={"rank": 1})
    return with_loadings(seed, 0, [UnitLoadings(VECTORS, values)])


def score(networks: NetworkStack) -> np.ndarray:
    return scores(TASK, outputs_on(networks, TRIALS.inputs), TRIALS)


def drawn_again(networks: NetworkStack, populations: int, draws: int = 5) -> np.ndarray:
    """Scores of networks drawn from a mixture that is fitted to a network."""
    loadings = unit_loadings(networks, 0)
    (mixture,) = fit_mixtures(loadings.values, [populations], seed=0)
    rng = np.random.default_rng(1)
    again = [UnitLoadings(loadings.vectors, mixture.draw(UNITS, rng)) for _ in range(draws)]
    return score(with_loadings(networks, 0, again))


def test_loadings_make_the_network_that_they_are_of():
    networks = make_networks([0, 1], FlipFlop(bits=2), units=30, constraint={"rank": 2})
    loadings = unit_loadings(networks, 1)
    assert loadings.vectors == (
        *("m0", "m1", "n0", "n1", "input0", "input1", "output0", "output1"),
        *("bias", "initial_state"),
    )
    again, own = with_loadings(networks, 1, [loadings]), networks.double().select([1])
    for name in ("input", "recurrent", "bias", "output", "output_bias", "initial_state"):
        assert torch.allclose(getattr(again.weights(), name), getattr(own.weights(), name))
    assert np.allclose(loadings.overlaps()[:2, :2], np.eye(2))


def test_full_rank_has_no_loadings():
    with pytest.raises(ValueError, match="full rank"):
        unit_loadings(make_networks([0], TASK), 0)


@pytest.mark.parametrize("planted", [1, 2, 3])
def test_the_criterion_is_least_at_the_planted_number_of_populations(planted):
    rng = np.random.default_rng(planted)
    means = 6.0 * rng.standard_normal((planted, 4))
    member = rng.choice(planted, 300)
    mixing = rng.standard_normal((planted, 4, 4))
    values = means[member] + np.einsum("uij,uj->ui", mixing[member], rng.standard_normal((300, 4)))
    found = fit_mixtures(values, range(1, 5), seed=0)
    assert np.argmin([mixture.bic for mixture in found]) == planted - 1
    best = found[planted - 1]
    together = [
        (best.members[member == k][:, None] == np.arange(planted)).mean(0) for k in range(planted)
    ]
    assert (np.max(together, axis=1) > 0.95).all()
    assert np.allclose(best.shares, np.sort(np.bincount(member) / 300)[::-1], atol=0.02)


def test_populations_of_equal_means_are_told_by_their_covariances():
    """As in Dubreuil et al. 2022, where populations differ in the overlaps of m with n."""
    rng = np.random.default_rng(0)
    m, n = rng.standard_normal((2, 400))
    values = np.stack([m, np.where(np.arange(400) < 200, 3 * m, -3 * m) + n], axis=1)
    found = fit_mixtures(values, [1, 2, 3], seed=0)
    assert np.argmin([mixture.bic for mixture in found]) == 1
    overlaps = found[1].covariances[:, 0, 1]
    assert np.allclose(np.sort(overlaps), [-3, 3], atol=0.6)


def test_a_linear_transform_of_the_loadings_changes_no_population():
    rng = np.random.default_rng(2)
    values = np.concatenate([rng.standard_normal((60, 3)), 3 + rng.standard_normal((40, 3))])
    mixed = values @ rng.standard_normal((3, 3)) + 7.0
    for own, other in zip(*(fit_mixtures(v, [1, 2], seed=0) for v in (values, mixed)), strict=True):
        assert np.isclose(own.bic, other.bic)
        assert (own.members == other.members).all()


def test_draws_have_the_mean_and_covariance_that_were_fitted():
    rng = np.random.default_rng(3)
    values = rng.standard_normal((500, 3)) @ rng.standard_normal((3, 3)) + [1.0, 2.0, 3.0]
    (mixture,) = fit_mixtures(values, [1], seed=0)
    drawn = mixture.draw(100_000, rng)
    assert np.allclose(drawn.mean(0), values.mean(0), atol=0.05)
    assert np.allclose(np.cov(drawn.T), np.cov(values.T), rtol=0.05, atol=0.05)


def test_what_does_not_vary_is_drawn_as_it_is():
    values = np.stack([np.arange(50.0), np.zeros(50), np.full(50, 7.0)], axis=1)
    assert whiten(values).values.shape == (50, 1)
    (mixture,) = fit_mixtures(values, [1], seed=0)
    drawn = mixture.draw(20, np.random.default_rng(0))
    assert np.allclose(drawn[:, 1:], [0.0, 7.0])


def test_a_memory_of_one_population_is_kept_by_networks_drawn_from_it():
    assert score(memory()) > 0.99
    assert (drawn_again(memory(), 1) > 0.99).all()


def test_a_memory_of_which_half_is_gated_off_needs_two_populations():
    """The two halves' overlaps cancel, so that one Gaussian of their covariance holds nothing."""
    network = memory(gated=0.5)
    assert score(network) > 0.99
    found = fit_mixtures(unit_loadings(network, 0).values, [1, 2, 3], seed=0)
    assert np.argmin([mixture.bic for mixture in found]) == 1
    assert (drawn_again(network, 1) < 0.9).all()
    assert np.median(drawn_again(network, 2)) > 0.99
