"""Networks train beside each other without touching each other, and obey their constraints."""

import numpy as np
import pytest
import torch

from rnnpipe.networks.constraints import violations
from rnnpipe.settings.sections.training import PARTS
from rnnpipe.tasks import FlipFlop, Integrator
from rnnpipe.training.fit import Fit, fit
from tests.helpers.networks import make_networks, replicates, training

TASK = FlipFlop(bits=2, time=12)
DALE = {"dale_ratio": 0.5, "autapses": False, "density": 0.8}
SEEDS = list(range(8))


def train(seeds, settings=None, constraint=None, task=TASK, **model) -> Fit:
    networks = make_networks(seeds, task, constraint=constraint, **model)
    return fit(networks, task, replicates(seeds), settings or training())


def same(one: Fit, rows_of_one: list[int], other: Fit, rows_of_other: list[int]) -> bool:
    a, b = one.networks.raw[rows_of_one], other.networks.raw[rows_of_other]
    facts = all(
        np.array_equal(one.summary[key][rows_of_one], other.summary[key][rows_of_other])
        for key in ("score", "steps", "stop_reason", "validation_loss")
    )
    return torch.equal(a, b) and facts


@pytest.mark.parametrize("units", [8, 13])
@pytest.mark.parametrize(
    "model",
    [
        {},
        {"cell": "ctrnn", "activation": "softplus", "noise": 0.1},
        {"cell": "gru"},
        {"cell": "lstm"},
        {"cell": "ugrnn"},
        pytest.param({"cell": "gru", "activation": "relu"}, marks=pytest.mark.slow),
        pytest.param({"cell": "lstm", "activation": "relu"}, marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("task", [TASK, FlipFlop(bits=1, time=12)], ids=["2 bits", "1 bit"])
def test_a_network_is_bit_for_bit_the_same_in_any_block(units, model, task):
    settings = training(weight_decay=1e-4, rate_penalty=1e-3, amsgrad=True, trials=7)
    model = {"units": units, "constraint": DALE, **model}
    whole = train(SEEDS, settings, task=task, **model)
    for block in ([0], [7], [2, 3, 4], [5, 6, 7]):
        part = train(block, settings, task=task, **model)
        assert same(whole, block, part, list(range(len(block))))


def test_one_that_diverges_or_ends_early_does_not_change_its_neighbours():
    settings = training(steps=60, stop={"score": 0.75}, learning_rate=0.05, schedule="constant")
    networks = make_networks(SEEDS, TASK)
    networks.raw[3] = torch.nan
    result = fit(networks, TASK, replicates(SEEDS), settings)
    ends = result.summary["steps"]
    assert result.summary["stop_reason"][3] == "diverged" and ends[3] == 1
    assert "score" in result.summary["stop_reason"] and len(set(ends)) > 2
    for seed in (s for s in SEEDS if s != 3):
        alone = fit(make_networks([seed], TASK), TASK, replicates([seed]), settings)
        assert same(result, [seed], alone, [0])
    rows = result.history["seed"] == 4
    assert result.history["step"][rows].tolist() == list(range(1, ends[4] + 1))


def test_constraints_hold_at_every_step_of_training():
    settings = training(learning_rate=0.5, schedule="constant")  # large steps cross zero
    networks = make_networks([0, 1], TASK, constraint=DALE)
    for steps in (1, 2, 5, 20):
        result = fit(
            networks, TASK, replicates([0, 1]), settings.model_copy(update={"steps": steps})
        )
        recurrent = result.networks.weights().recurrent.double().numpy()
        for network in range(2):
            assert violations(recurrent[network], networks.connectivity(network)) == (0, 0)
        assert not result.summary["sign_violations"].any()
        assert not result.summary["mask_violations"].any()


def test_training_learns():
    task = FlipFlop(bits=1, time=15)
    settings = training(steps=300, trials=16, learning_rate=0.01)
    result = train([0, 1], settings, task=task, units=12)
    assert (result.summary["score"] > 0.95).all()
    assert (result.summary["best_step"] > 100).all()


def test_the_best_weights_are_kept():
    # A rate this large ruins what was learnt; the score of the kept weights is the best seen.
    settings = training(
        steps=80, learning_rate=0.3, schedule="constant", validation={"every": 5, "trials": 64}
    )
    result = train([0, 1, 2], settings)
    history, summary = result.history, result.summary
    for row, seed in enumerate([0, 1, 2]):
        own = history["seed"] == seed
        at_best = history["validation_loss"][own & (history["step"] == summary["best_step"][row])]
        assert at_best == summary["validation_loss"][row]
    assert (summary["best_step"] < 80).any()


@pytest.mark.parametrize(
    ("chosen", "moved"),
    [
        ({"train": "recurrent_only"}, {"recurrent", "bias"}),
        ({"train": ["output", "input"]}, {"output", "input"}),
        ({"initial_state": "zero"}, set(PARTS) - {"initial_state"}),
        ({}, set(PARTS)),
    ],
)
def test_only_the_chosen_parameters_train(chosen, moved):
    before = make_networks([0], TASK).parts()
    after = train([0], training(**chosen)).networks.parts()
    assert {name for name in PARTS if not torch.equal(before[name], after[name])} == moved


def test_clipping_limits_each_networks_own_gradient():
    # With plain rates Adam is blind to a gradient's scale, its first moment is not.
    free = train([0, 1], training(clip=None, steps=1))
    tight = train([0, 1], training(clip=1e-6, steps=1))
    assert np.array_equal(free.history["gradient_norm"], tight.history["gradient_norm"])
    assert (free.history["gradient_norm"] > 1e-3).all()
    assert not torch.equal(free.networks.raw, tight.networks.raw)


def test_penalties_shrink_what_they_penalise():
    plain = train([0], training(steps=100))
    decayed = train([0], training(steps=100, weight_decay=0.1))
    quiet = train([0], training(steps=100, rate_penalty=10.0))
    norm = lambda result: result.networks.weights().recurrent.norm()  # noqa: E731
    assert norm(decayed) < 0.7 * norm(plain)
    x = torch.from_numpy(TASK.sample(20, np.random.default_rng(0)).inputs).swapaxes(0, 1)[None]
    assert quiet.networks.run(x).rates.norm() < 0.8 * plain.networks.run(x).rates.norm()


def test_progress_is_reported_at_every_validation_and_between():
    seen = []
    networks = make_networks([0, 1], Integrator(time=10))
    fit(networks, Integrator(time=10), replicates([0, 1]), training(steps=40), seen.append)
    validated = [p.step for p in seen if np.isfinite(p.validation_loss)]
    assert validated == [10, 20, 30, 40] and seen[-1].step == 40
    assert {16, 32} < {p.step for p in seen}
    assert all(p.training == 2 and np.isfinite(p.loss) for p in seen)
