"""The rule decides whether the direction shown or its opposite is to be reported."""

import numpy as np
import pytest

from rnnpipe.tasks import Antisaccade


def drawn(n_trials=2000, task=None):
    return (task or Antisaccade()).sample(n_trials, np.random.default_rng(0))


def rotated(outputs, angle):
    turned = (outputs[..., 1] + 1j * outputs[..., 2]) * np.exp(1j * angle)
    return np.stack([outputs[..., 0], turned.real, turned.imag], axis=-1)


def test_pro_asks_for_the_direction_shown_and_anti_for_its_opposite():
    trials = drawn()
    shown, rule, asked = trials.inputs[:, 5, 1:3], trials.inputs[:, 5, 3:], trials.targets[:, -1]
    sign = np.where(rule[:, :1] == 1, 1, -1)
    assert np.allclose(asked[:, 1:], sign * shown, atol=1e-6)
    assert rule[:, 0].mean() == pytest.approx(0.5, abs=0.04)


def test_one_rule_holds_all_through_a_trial():
    rule = drawn().inputs[..., 3:]
    assert (rule.sum(-1) == 1).all() and (rule == rule[:, :1]).all()


def test_the_condition_is_the_direction_to_report():
    trials = drawn()
    reported = Antisaccade().report(trials.targets)
    response = trials.targets[..., 0] == 0
    difference = np.exp(1j * (reported - trials.conditions))[response]
    assert np.abs(np.angle(difference)).max() < 1e-5
    assert np.isnan(reported[~response]).all()
    assert (np.abs(trials.conditions) <= np.pi).all()


def test_directions_are_shown_for_their_steps_and_as_often():
    trials = drawn()
    assert (np.abs(trials.inputs[..., 1:3]).sum(-1) > 0).sum(1).tolist() == [5] * 2000
    angle = np.arctan2(trials.inputs[:, 5, 2], trials.inputs[:, 5, 1])
    number = np.rint(angle / (np.pi / 4)).astype(int) % 8
    assert np.bincount(number) / 2000 == pytest.approx(np.full(8, 1 / 8), abs=0.03)


@pytest.mark.parametrize("degrees", [-25, 10, 170])
def test_the_score_is_the_angle_by_which_responses_are_off(degrees):
    trials = drawn(50)
    off = rotated(trials.targets, np.radians(degrees))
    assert Antisaccade().score(off, trials) == pytest.approx(abs(degrees), abs=1e-3)


def test_ignoring_the_rule_errs_by_a_right_angle():
    trials = drawn()
    anti = trials.inputs[..., 4:] == 1
    always_pro = np.where(anti, -trials.targets, trials.targets)
    assert Antisaccade().score(always_pro, trials) == pytest.approx(90, abs=5)


def test_unseen_directions_lie_between_those_trained():
    trials = drawn(task=Antisaccade(directions=4).unseen())
    assert set(np.degrees(trials.conditions[:, 0]).round()) == {-135, -45, 45, 135}


def test_the_delay_is_probed_under_both_rules():
    probes = {name: x.tolist() for name, x in Antisaccade().probes().items()}
    assert probes == {"pro": [1, 0, 0, 1, 0], "anti": [1, 0, 0, 0, 1]}
