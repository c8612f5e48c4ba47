"""Losses weigh what their mask says; scores are those of each network's own trials."""

import numpy as np
import torch

from rnnpipe.tasks import FlipFlop
from rnnpipe.training.evaluation import evaluate, masked_mse
from tests.helpers.networks import make_networks

TASK = FlipFlop(bits=2, time=12)


def test_masked_errors_are_weighted_means():
    outputs, targets = torch.ones(2, 3, 4, 1), torch.zeros(2, 3, 4, 1)
    mask = torch.zeros(2, 3, 4, 1)
    mask[:, 1] = 1
    outputs[0, 1] = 3
    outputs[:, 0] = 99
    assert masked_mse(outputs, targets, mask).tolist() == [9.0, 1.0]


def test_every_network_is_scored_on_its_own_trials():
    networks = make_networks([0, 1], TASK)
    trials = [TASK.sample(20, np.random.default_rng(k)) for k in range(2)]
    scores, losses = evaluate(networks, TASK, trials)
    for k in range(2):
        alone, loss = evaluate(networks.select([k]), TASK, [trials[k]])
        assert (alone[0], loss[0]) == (scores[k], losses[k])
    swapped, _ = evaluate(networks, TASK, trials[::-1])
    assert (swapped != scores).any()


def test_a_network_that_is_not_finite_has_no_score():
    networks = make_networks([0, 1], TASK)
    networks.raw[1] = torch.nan
    scores, losses = evaluate(networks, TASK, [TASK.sample(5, np.random.default_rng(0))] * 2)
    assert np.isfinite([scores[0], losses[0]]).all()
    assert np.isnan([scores[1], losses[1]]).all()
