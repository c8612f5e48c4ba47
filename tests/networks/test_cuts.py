"""Networks cut to a rank: a planted rank is found, and what is not cut stays as it is."""

import numpy as np
import pytest
import torch

from rnnpipe.networks.behaviour import outputs_on, scores
from rnnpipe.networks.cuts import cut_change, cut_weights, with_recurrent
from rnnpipe.networks.rank_scores import least_rank, scores_by_rank
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.tasks import FlipFlop
from tests.helpers.networks import CELL_CASES, make_networks

UNITS, BITS = 24, 2
TASK = FlipFlop(bits=BITS, time=30)
TRIALS = TASK.sample(32, np.random.default_rng(3))


def remember(patterns: np.ndarray) -> np.ndarray:
    """Recurrent weights with an attractor at plus and minus each pattern (pattern, unit)."""
    strengths = 3.0 + np.arange(len(patterns))
    return (strengths * patterns.T) @ patterns / (patterns**2).sum(1)[0]


def planted(recurrent: np.ndarray, patterns: np.ndarray) -> NetworkStack:
    """One network that holds as many bits as patterns, which pulses write and outputs read."""
    networks = make_networks([0], TASK, units=UNITS).double()
    parts = networks.parts()
    for part in parts.values():
        part.zero_()
    parts["input"][0] = torch.from_numpy(6.0 * patterns.T)
    parts["output"][0] = torch.from_numpy(patterns * BITS / UNITS)
    return with_recurrent(networks, torch.from_numpy(recurrent)[None])


@pytest.fixture(scope="module")
def patterns() -> np.ndarray:
    """Patterns of ±1 on units of their own: no bit disturbs another."""
    signs = np.where(np.arange(UNITS) % 2, 1.0, -1.0)
    return signs * np.repeat(np.eye(BITS), UNITS // BITS, axis=1)


def test_a_planted_rank_is_the_least_that_does_the_task(patterns):
    cut = cut_weights(planted(remember(patterns), patterns))
    assert cut.rank.tolist() == [BITS]
    (found,) = scores_by_rank(cut, [0], [0, 1, 5], TASK, TRIALS).values()
    assert list(found) == [0, 1, BITS]
    assert least_rank(found, TASK) == BITS
    assert found[0] < 0.5 and TASK.is_solved(found[BITS])


def test_a_change_of_rank_two_on_a_random_matrix_is_found_while_the_weights_need_more(patterns):
    rng = np.random.default_rng(0)
    random = 0.9 * rng.standard_normal((UNITS, UNITS)) / np.sqrt(UNITS)
    # What is added undoes the random weights along the patterns, from the right.
    plain = np.eye(UNITS) - patterns.T @ patterns * BITS / UNITS
    start = planted(random @ plain, patterns)
    trained = planted(random @ plain + remember(patterns), patterns)
    change, weights = cut_change(trained, start), cut_weights(trained)
    assert change.rank.tolist() == [BITS] and weights.rank.tolist() == [UNITS]
    (found,) = scores_by_rank(change, [0], [0, 1, 2, 3], TASK, TRIALS).values()
    assert list(found) == [0, 1, BITS] and least_rank(found, TASK) == BITS


def test_ranks_between_one_that_fails_and_one_that_solves_are_scored(patterns):
    random = 0.01 * np.random.default_rng(0).standard_normal((UNITS, UNITS))
    networks = planted(remember(patterns) + random / np.sqrt(UNITS), patterns)
    (found,) = scores_by_rank(cut_weights(networks), [0], [0, 8, 16], TASK, TRIALS).values()
    assert list(found) == [*range(9), 16, UNITS]
    assert least_rank(found, TASK) == BITS


@pytest.mark.parametrize(
    ("scored", "least"),
    [
        ({0: 0.0, 1: 1.0, 2: 0.0, 3: 1.0}, 3),
        ({0: 1.0, 1: 1.0}, 0),
        ({0: 0.0, 1: 1.0, 2: 0.0}, None),
        ({0: np.nan, 1: 1.0}, 1),
    ],
)
def test_the_least_rank_solves_and_so_do_all_above_it(scored, least):
    assert least_rank(scored, TASK) == least


@pytest.mark.parametrize(("cell", "activation"), CELL_CASES[::3])
def test_every_matrix_of_a_cell_is_cut_and_nothing_else(cell, activation):
    networks = make_networks([0, 1, 2], TASK, units=8, cell=cell, activation=activation)
    cut = cut_weights(networks)
    weights, found = networks.double().weights(), cut.at([2, 0, 2], [2, 0, 8]).weights()
    blocks = found.recurrent.detach().reshape(3, -1, 8, 8).numpy()
    assert np.linalg.matrix_rank(blocks[0]).tolist() == [2] * len(blocks[0])
    assert (blocks[1] == 0).all()
    assert torch.equal(found.recurrent[2], weights.recurrent[2])
    for name in ("input", "bias", "output", "output_bias", "initial_state"):
        assert torch.equal(getattr(found, name)[1], getattr(weights, name)[0])
    # No other matrix of rank 2 is nearer, as the singular values left out say.
    original = weights.recurrent[2].detach().reshape(-1, 8, 8).numpy()
    left_out = np.linalg.svd(original)[1][:, 2:]
    apart = np.linalg.norm(blocks[0] - original, axis=(1, 2))
    assert np.allclose(apart, np.linalg.norm(left_out, axis=1))
    assert np.isclose(cut.singular_value(2, 3), left_out[:, 0].max())
    assert np.isnan(cut.singular_value(2, 0))


def test_a_network_of_low_rank_is_itself_from_its_rank_on_and_its_change_has_twice_the_rank():
    networks = make_networks([0, 1], TASK, units=12, constraint={"rank": 2})
    other = make_networks([5, 6], TASK, units=12, constraint={"rank": 2})
    assert cut_weights(networks).rank.tolist() == [2, 2]
    assert cut_change(networks, other).rank.tolist() == [4, 4]
    nothing = cut_change(networks, networks)
    assert nothing.rank.tolist() == [0, 0]
    assert torch.equal(
        nothing.at([1], [0]).weights().recurrent, networks.double().weights().recurrent[1:]
    )


def test_scores_are_those_of_networks_run_alone():
    networks = make_networks([0, 1, 2], TASK, units=8, constraint={"dale_ratio": 0.5})
    cut = cut_weights(networks)
    found = scores_by_rank(cut, [0, 2], [1, 3], TASK, TRIALS)
    assert list(found) == [0, 2]
    for network, own in found.items():
        for rank, score in own.items():
            alone = outputs_on(cut.at([network], [rank]), TRIALS.inputs)
            assert scores(TASK, alone, TRIALS)[0] == score
    # Nothing cut, the constraint still holds, so that these are the scores of the networks.
    whole = scores(TASK, outputs_on(networks, TRIALS.inputs), TRIALS)
    assert [own[max(own)] for own in found.values()] == [whole[0], whole[2]]


def test_eigenvalues_of_the_overlaps_are_those_of_the_jacobian_at_the_origin():
    networks = make_networks([0, 1], TASK, units=16, constraint={"rank": 3}).double()
    m, n = networks.factors()
    overlaps = (n.mT @ m / 16).numpy()
    for network in range(2):
        jacobian = networks.dynamics(network, np.zeros(BITS)).jacobian(torch.zeros(1, 16).double())
        assert networks.parts()["bias"][network].abs().max() == 0  # the origin rests
        values = np.linalg.eigvals(jacobian[0].detach().numpy())
        leading = values[np.argsort(-np.abs(values))]
        assert np.allclose(np.abs(leading[3:]), 0, atol=1e-6)
        expected = np.linalg.eigvals(overlaps[network])
        assert np.allclose(np.sort_complex(leading[:3]), np.sort_complex(expected), atol=1e-8)
