"""The flip-flop's targets are the last pulses, and its machine sets one bit."""

import numpy as np
import pytest

from rnnpipe.tasks import FlipFlop


def test_targets_are_the_last_non_zero_inputs():
    trials = FlipFlop(bits=2, probability=0.3, time=30).sample(20, np.random.default_rng(0))
    for x, y in zip(trials.inputs, trials.targets, strict=True):
        state = np.zeros(2)
        for now, target in zip(x, y, strict=True):
            state = np.where(now != 0, now, state)
            assert np.array_equal(target, state)


def test_pulses_come_at_their_rate_and_at_the_start():
    trials = FlipFlop(probability=0.2).sample(2000, np.random.default_rng(1))
    assert (trials.inputs[:, 0] != 0).all()
    assert (trials.inputs[:, 1:] != 0).mean() == pytest.approx(0.2, abs=0.005)
    assert trials.inputs.mean() == pytest.approx(0, abs=0.005)


def test_the_condition_names_the_pattern():
    trials = FlipFlop(bits=3).sample(10, np.random.default_rng(2))
    bits = (trials.conditions[..., None].astype(int) >> np.arange(3)) & 1
    assert np.array_equal(bits * 2 - 1, trials.targets)


def test_the_score_leaves_out_the_pulses_own_steps():
    task = FlipFlop()
    trials = task.sample(10, np.random.default_rng(3))
    wrong_at_pulses = np.where(trials.inputs != 0, -trials.targets, trials.targets)
    assert task.score(wrong_at_pulses, trials) == 1.0


def test_a_pulse_sets_its_bit_alone():
    task = FlipFlop(bits=3)
    readouts = np.array([[0.9, -1.1, 1.0], [-1.0, -0.8, 0.9]])
    after = task.after_pulse(readouts, "bit 2 +")
    assert after.tolist() == [[1, 1, 1], [-1, 1, 1]]
    assert len(task.pulses()) == 6
    assert task.machine_states == 8
