"""Networks of low rank: W = m nᵀ / N exactly, thin scans with their gradients, given loadings."""

import numpy as np
import pytest
import torch

from rnnpipe.networks.cells import LowRankWeights, Weights
from rnnpipe.networks.weights_file import load_networks, save_networks
from rnnpipe.settings import TrainingSettings
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.fit import fit
from tests.helpers.networks import (
    make_cell,
    make_networks,
    random_states,
    random_weights,
    replicates,
    training,
)

NETWORKS, TIME, TRIALS, UNITS, INPUTS = 2, 4, 3, 5, 2
TASK = FlipFlop(bits=2, time=12)


def arguments(rank: int) -> list[torch.Tensor]:
    """Inputs, and what a scan of low rank depends on."""
    w = random_weights(NETWORKS, UNITS, INPUTS, 1)
    factors = (random_states((NETWORKS, UNITS, rank), seed) for seed in (7, 8))
    x = random_states((NETWORKS, TIME, TRIALS, INPUTS), 1)
    return [x, w.input, w.bias, w.initial_state, *factors]


def thin(
    w_in: torch.Tensor, bias: torch.Tensor, h0: torch.Tensor, m: torch.Tensor, n: torch.Tensor
) -> LowRankWeights:
    nothing = torch.zeros(())
    return LowRankWeights(w_in, m @ n.mT, bias, nothing, nothing, h0, m, n)


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("cell", ["vanilla", "leaky", "ctrnn"])
class TestTheThinScan:
    def test_states_and_rates_are_those_of_the_product(self, cell, rank):
        noise = random_states((NETWORKS, TIME, TRIALS, UNITS), 4)
        x, *parts = arguments(rank)
        weights = thin(*parts)
        full = Weights(**{name: getattr(weights, name) for name in Weights.__annotations__})
        assert full.factors is None
        for activation in ("tanh", "softplus"):
            cell_ = make_cell(cell, activation)
            for one, other in zip(
                cell_.scan(x, weights, noise), cell_.scan(x, full, noise), strict=True
            ):
                assert torch.allclose(one, other, rtol=1e-11, atol=1e-12)

    def test_gradcheck(self, cell, rank):
        cell_, inputs = make_cell(cell, "tanh"), arguments(rank)
        assert torch.autograd.gradcheck(
            lambda x, *parts: cell_.scan(x, thin(*parts)), [a.requires_grad_() for a in inputs]
        )


def test_the_effective_weights_are_m_times_n_over_the_units():
    networks = make_networks([0, 1], TASK, units=16, constraint={"rank": 2})
    m, n = networks.factors()
    assert networks.rank == 2 and m.shape == (2, 16, 2)
    weights = networks.weights()
    assert torch.allclose(weights.recurrent, m @ n.mT / 16, rtol=1e-6)
    assert [np.linalg.matrix_rank(w) for w in weights.recurrent.numpy()] == [2, 2]
    assert make_networks([0], TASK).rank is None and make_networks([0], TASK).factors() is None


@pytest.mark.parametrize("cell", ["vanilla", "ctrnn"])
@pytest.mark.parametrize("rank", [1, 2])
def test_training_keeps_the_rank_and_no_bit_depends_on_the_block(cell, rank):
    settings = training(weight_decay=1e-4, trials=7)
    model = {"units": 13, "constraint": {"rank": rank}, "cell": cell}

    def trained(seeds: list[int]):
        return fit(make_networks(seeds, TASK, **model), TASK, replicates(seeds), settings)

    whole = trained([0, 1, 2, 3])
    for block in ([0], [2, 3]):
        assert torch.equal(whole.networks.raw[block], trained(block).networks.raw)
    start = make_networks([0, 1, 2, 3], TASK, **model)
    for one, other in zip(start.factors(), whole.networks.factors(), strict=True):
        assert (one != other).all()
    singular = torch.linalg.svdvals(whole.networks.double().weights().recurrent)
    assert (singular[:, rank:] < 1e-12 * singular[:, :1]).all()


@pytest.mark.slow
def test_a_network_of_rank_one_learns_to_hold_a_bit():
    task = FlipFlop(bits=1, time=15)
    settings = training(steps=300, trials=16, learning_rate=0.02)
    networks = make_networks([0, 1], task, units=32, constraint={"rank": 1})
    assert (fit(networks, task, replicates([0, 1]), settings).summary["score"] > 0.95).all()


def test_loadings_have_the_covariance_given():
    units, given = 1500, {"m0 n0": 1.5, "m0 m0": 2.0, "n0 n0": 2.0, "n0 input1": 0.5}
    loadings = {**given, "m0 output0": -0.7}
    networks = make_networks([0], TASK, units=units, constraint={"rank": 1, "loadings": loadings})
    m, n = (factor[0, :, 0].double().numpy() for factor in networks.factors())
    weights = networks.weights()
    vectors = {
        "m0": m,
        "n0": n,
        "input1": weights.input[0, :, 1].double().numpy(),
        "output0": weights.output[0, 0].double().numpy() * units,
        "output1": weights.output[0, 1].double().numpy() * units,
    }
    for pair in loadings:
        one, other = (vectors[name] for name in pair.split())
        assert np.mean(one * other) == pytest.approx(loadings[pair], abs=0.3)
    assert np.mean(vectors["output1"] ** 2) == pytest.approx(1, abs=0.15)
    assert np.mean(vectors["output1"] * m) == pytest.approx(0, abs=0.15)


def test_a_weights_file_gives_m_and_n_back(tmp_path):
    networks = make_networks([3, 4], TASK, constraint={"rank": 2})
    path = tmp_path / "weights.pt"
    save_networks(path, networks, [3, 4], TrainingSettings())
    factors = torch.load(path, weights_only=True)["factors"]
    assert torch.equal(factors["m"] @ factors["n"].mT / 8, networks.weights().recurrent)
    read, seeds = load_networks(path, {"units": 8, "inputs": 2, "outputs": 2})
    assert (read.rank, seeds) == (2, [3, 4]) and torch.equal(read.raw, networks.raw)


def test_a_trained_network_is_searched_by_its_factors():
    networks = make_networks([0], TASK, constraint={"rank": 2})
    rates = networks.dynamics(0, np.zeros(2)).rates
    m, n = rates.factors
    assert m.shape == n.shape == (8, 2)
    assert torch.allclose(m @ n.mT, rates.recurrent, rtol=1e-12, atol=1e-15)
