"""The integrator's target is the sum of its velocities, in either encoding."""

import numpy as np
import pytest

from rnnpipe.tasks import Integrator


@pytest.mark.parametrize("encoding", ["angle", "vector"])
def test_targets_decode_to_the_summed_velocity(encoding):
    task = Integrator(encoding=encoding, angles=2)
    trials = task.sample(20, np.random.default_rng(0))
    heading = np.cumsum(trials.inputs.astype(float), axis=1)
    difference = np.exp(1j * (task.decode(trials.targets) - heading))
    assert np.abs(np.angle(difference)).max() < 1e-5
    assert np.abs(trials.targets).max() <= 1


@pytest.mark.parametrize("encoding", ["angle", "vector"])
def test_encoding_and_decoding_are_inverse(encoding):
    task = Integrator(encoding=encoding)
    headings = np.linspace(-3.1, 3.1, 9)[:, None]
    assert np.allclose(task.decode(task.encode(headings)), headings)


def test_velocities_are_drawn_from_the_list_and_held():
    task = Integrator(redraw=0.05)
    inputs = task.sample(2000, np.random.default_rng(1)).inputs
    assert np.allclose(np.unique(inputs), task.speeds)
    changes = (np.diff(inputs, axis=1) != 0).mean()
    assert changes == pytest.approx(0.05 * 5 / 6, abs=0.005)


def test_noise_is_on_the_input_and_not_in_the_heading():
    quiet = Integrator(noise=0.0).sample(50, np.random.default_rng(2))
    noisy = Integrator(noise=0.01).sample(50, np.random.default_rng(2))
    assert np.array_equal(quiet.targets, noisy.targets)
    assert (noisy.inputs - quiet.inputs).std() == pytest.approx(0.01, rel=0.05)


def test_the_error_is_circular():
    task = Integrator(encoding="angle")
    trials = task.sample(5, np.random.default_rng(3))
    shifted = trials.targets + 10 / 180
    assert task.score(shifted, trials) == pytest.approx(10, abs=1e-3)


def test_a_cue_at_the_first_step_says_where_the_trial_starts():
    trials = Integrator(angles=2, start="cued").sample(400, np.random.default_rng(4))
    cue = trials.inputs[:, 0, 2:].astype(float)
    first = np.arctan2(cue[:, 1::2], cue[:, ::2])
    assert not trials.inputs[:, 1:, 2:].any()
    heading = first[:, None] + np.cumsum(trials.inputs[..., :2].astype(float), axis=1)
    difference = Integrator(angles=2).decode(trials.targets) - heading
    assert np.abs(np.angle(np.exp(1j * difference))).max() < 1e-5
    assert np.abs(np.exp(1j * first).mean(0)).max() < 0.15


def test_outputs_report_the_first_heading():
    task = Integrator(angles=2)
    trials = task.sample(3, np.random.default_rng(5))
    difference = task.report(trials.targets) - trials.conditions
    assert np.abs(np.angle(np.exp(1j * difference))).max() < 1e-5
