"""The sine's frequency is the one its input tells, and probes say which they stand for."""

import numpy as np
import pytest

from rnnpipe.tasks import SineWave


def test_targets_turn_at_the_frequency_of_the_condition():
    trials = SineWave(time=200).sample(20, np.random.default_rng(0))
    y, omega = trials.targets[..., 0].astype(float), trials.conditions[:, :1]
    # sin(a + w) + sin(a - w) = 2 cos(w) sin(a)
    assert np.allclose(y[:, 2:] + y[:, :-2], 2 * np.cos(omega) * y[:, 1:-1], atol=1e-5)
    assert np.allclose(y[:, 0], np.sin(omega[:, 0]), atol=1e-6)


def test_the_input_is_constant_and_tells_the_frequency():
    trials = SineWave().sample(500, np.random.default_rng(1))
    x, omega = trials.inputs[..., 0], trials.conditions[:, 0]
    assert (x == x[:, :1]).all()
    assert np.allclose((x[:, 0] - 0.25) * 51, (omega - 0.1) / 0.5 * 50, atol=1e-4)
    assert len(np.unique(omega)) == 51
    assert (omega.min(), omega.max()) == pytest.approx((0.1, 0.6))


def test_probes_stand_for_the_frequencies_that_their_inputs_tell():
    task = SineWave()
    conditions = task.probe_conditions()
    assert len(conditions) == 11
    assert conditions["frequency0"] == pytest.approx(0.1)
    assert conditions["frequency25"] == pytest.approx(0.35)
    task = SineWave(probes={"between": {"input1": 0.25 + 0.5 / 51}})
    assert task.probe_conditions() == {"between": pytest.approx(0.105)}


def test_unseen_frequencies_lie_between_those_trained():
    task = SineWave(frequencies=6)
    seen = set(task.sample(200, np.random.default_rng(2)).conditions[:, 0].round(6))
    unseen = set(task.unseen().sample(200, np.random.default_rng(2)).conditions[:, 0].round(6))
    assert unseen == {0.15, 0.25, 0.35, 0.45, 0.55}
    assert not seen & unseen
