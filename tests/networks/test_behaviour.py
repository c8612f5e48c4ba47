"""Networks are scored on more than they learnt, by the task that made the trials."""

import numpy as np
import pytest
import torch

from rnnpipe.networks.behaviour import outputs_on, scores, settings_of, with_noise
from rnnpipe.networks.stack import NetworkStack, as_batch
from rnnpipe.settings.sections.analysis import BehaviourSettings
from rnnpipe.tasks import FlipFlop, Integrator, SineWave
from tests.helpers.networks import make_networks

WANTED = BehaviourSettings(trials=6, longer=(4, 2), noise=(0.5,))


@pytest.mark.parametrize("task", [FlipFlop(time=10), Integrator(time=10), SineWave(time=10)])
def test_settings_end_with_the_longest_trials(task):
    settings = list(settings_of(task, "task", WANTED))
    named = [(s.name, s.trials.inputs.shape[1]) for s in settings]
    assert named == [
        ("noise", 10),
        ("unseen", 10),
        ("trained", 10),
        ("longer", 20),
        ("longer", 40),
    ]
    assert [s.level for s in settings if s.name in ("noise", "longer")] == [0.5, 2, 4]


@pytest.mark.parametrize("task", [FlipFlop(time=10), Integrator(time=10), SineWave(time=10)])
def test_an_oracle_scores_best_in_every_setting(task):
    best = 0.0 if isinstance(task, Integrator) else 1.0
    for setting in settings_of(task, "task", WANTED):
        outputs = np.stack([setting.trials.targets, np.full_like(setting.trials.targets, np.inf)])
        found = scores(setting.task, outputs, setting.trials)
        assert found[0] == pytest.approx(best, abs=1e-3)
        assert np.isnan(found[1])


def test_noise_is_of_its_size_and_silent_channels_stay_silent():
    inputs = np.random.default_rng(0).standard_normal((200, 50, 3)).astype(np.float32) * 2
    inputs[..., 1] = 0
    noise = with_noise(inputs, 0.3, np.random.default_rng(1)) - inputs
    assert noise[..., [0, 2]].std() == pytest.approx(0.6, rel=0.02)
    assert (noise[..., 1] == 0).all()


def test_all_networks_see_the_same_inputs():
    networks = make_networks([0, 1, 2], FlipFlop(bits=2, time=7))
    trials = FlipFlop(bits=2, time=7).sample(5, np.random.default_rng(0))
    outputs = outputs_on(networks, trials.inputs)
    assert outputs.shape == (len(networks), 5, 7, 2)
    one = networks.select([1]).double()
    with torch.no_grad():
        alone = one.run(as_batch([trials], one.raw)[0]).outputs[0].transpose(0, 1)
    assert np.allclose(outputs[1], alone, atol=1e-12)


def test_networks_that_do_not_fit_at_once_run_in_turn(monkeypatch):
    networks = make_networks(range(5), FlipFlop(bits=2, time=7))
    inputs = FlipFlop(bits=2, time=7).sample(5, np.random.default_rng(0)).inputs
    whole = outputs_on(networks, inputs)
    runs = []
    run = NetworkStack.run
    monkeypatch.setattr(NetworkStack, "run", lambda self, x: runs.append(len(self)) or run(self, x))
    monkeypatch.setattr("rnnpipe.networks.stack.STATE_BYTES", 1)
    assert np.array_equal(outputs_on(networks, inputs), whole)
    assert runs == [1] * 5
