"""Two pulses an interval apart, a response as long after; and which interval was produced."""

import numpy as np
import pytest

from rnnpipe.tasks import Interval
from tests.helpers.experiments import experiment, faults


def onsets(values):
    """First step (trial,) at which values (trial, time) are not zero."""
    return (values != 0).argmax(axis=1)


@pytest.mark.parametrize("lines", ["two", "one"])
def test_the_response_comes_as_long_after_the_second_pulse_as_that_after_the_first(lines):
    task = Interval(lines=lines)
    trials = task.sample(500, np.random.default_rng(0))
    pulses = np.diff(trials.inputs.sum(-1), axis=1, prepend=0) > 0
    assert (pulses.sum(axis=1) == 2).all()
    ready, set_ = (np.nonzero(pulses)[1].reshape(-1, 2)).T
    go = onsets(trials.targets[..., 0])
    interval = trials.conditions[:, 0]
    assert (set_ - ready == interval).all() and (go - set_ == interval).all()
    assert {*interval} == {*range(10, 31, 2)}
    assert {*ready} == {*range(5, 16)}
    if lines == "two":
        assert (onsets(trials.inputs[..., 0]) == ready).all()
        assert (onsets(trials.inputs[..., 1]) == set_).all()


def test_pulses_and_responses_last_as_long_as_they_should_and_trials_hold_them_all():
    task = Interval(pulse=4, rest=7)
    trials = task.sample(300, np.random.default_rng(1))
    assert (trials.inputs.sum(axis=1) == 4).all() and (trials.targets.sum(axis=1) == 4).all()
    after = task.time - (onsets(trials.targets[..., 0]) + 4)
    assert after.min() == 7
    assert {*np.unique(trials.inputs), *np.unique(trials.targets)} == {0, 1}


def test_a_held_second_input_lasts_until_the_end_and_has_a_probe():
    task = Interval(second="held")
    second = task.sample(50, np.random.default_rng(2)).inputs[..., 1]
    assert (np.diff(second, axis=1) >= 0).all() and (second[:, -1] == 1).all()
    assert {name: x.tolist() for name, x in task.probes().items()} == {
        "rest": [0, 0],
        "set": [0, 1],
    }
    assert {name: x.tolist() for name, x in Interval().probes().items()} == {"rest": [0, 0]}


def test_the_response_weighs_as_much_as_all_else():
    trials = Interval().sample(100, np.random.default_rng(3))
    responding = trials.targets > 0
    weight = [np.where(part, trials.mask, 0).sum() for part in (responding, ~responding)]
    assert weight[0] == pytest.approx(weight[1], rel=1e-5)


@pytest.mark.parametrize("late", [-6, 0, 4])
def test_the_interval_produced_is_that_to_the_response(late):
    task = Interval()
    trials = task.sample(200, np.random.default_rng(4))
    outputs = np.roll(0.8 * trials.targets, late, axis=1)
    assert np.array_equal(task.produced(outputs, trials), trials.conditions[:, 0] + late)
    assert task.score(outputs, trials) == abs(late)


def test_without_a_response_the_interval_lasts_until_the_trials_end():
    task = Interval()
    trials = task.sample(200, np.random.default_rng(5))
    set_ = onsets(trials.inputs[..., 1])
    silent = np.full_like(trials.targets, 0.4)
    assert np.array_equal(task.produced(silent, trials), task.time - set_)
    at_once = np.ones_like(trials.targets)
    assert np.array_equal(task.produced(at_once, trials), -set_)
    assert not task.is_solved(task.score(silent, trials))
    assert not task.is_solved(task.score(at_once, trials))


def test_other_trials_intervals_score_what_two_independent_ones_differ_by():
    task = Interval(spacing=1, wait=[5, 5])
    rng = np.random.default_rng(6)
    trials = task.sample(20000, rng)
    other = trials.conditions[rng.permutation(20000), 0]
    go = (onsets(trials.inputs[..., 1]) + other)[:, None]
    outputs = (np.arange(task.time) >= go)[..., None].astype(float)
    # Of n whole numbers the mean difference is (n² - 1) / 3n.
    expected = (21**2 - 1) / (3 * 21)
    assert task.score(outputs, trials) == pytest.approx(expected, rel=0.02)
    assert not task.is_solved(expected)


def test_unseen_intervals_lie_between_those_trained():
    task = Interval(intervals=[10, 20], spacing=5)
    seen, unseen = (
        {*t.sample(100, np.random.default_rng(7)).conditions[:, 0]} for t in (task, task.unseen())
    )
    assert (seen, unseen) == ({10, 15, 20}, {12, 17})
    assert Interval(spacing=1).unseen() is None


def test_longer_trials_wait_longer_for_the_same_intervals():
    task = Interval(wait=[5, 10])
    trials = task.longer(3).sample(500, np.random.default_rng(8))
    ready = onsets(trials.inputs[..., 0])
    assert (ready.min(), ready.max()) == (15, 30)
    assert {*trials.conditions[:, 0]} == {*range(10, 31, 2)}
    assert trials.inputs.shape[1] == task.time + 20


def test_probes_and_pulses_go_by_the_names_of_the_lines():
    assert experiment(tasks={"interval": {"probes": {"p": {"set": 1}}}}).tasks["interval"]
    assert Interval(lines="one").pulses().keys() == {"pulse"}
    found = faults(tasks={"interval": {"lines": "one", "probes": {"p": {"set": 1}}}})
    assert "it has pulse" in found["tasks.interval.probes.p.set"]


def test_faults_name_the_key():
    found = faults(
        tasks={
            "a": {"kind": "interval", "pulse": 10},
            "b": {"kind": "interval", "lines": "one", "second": "held"},
            "c": {"kind": "interval", "spacing": 21},
            "d": {"kind": "interval", "intervals": [30, 10], "lines": "twoo", "solved": 0},
        }
    )
    assert "below the shortest interval, 10" in found["tasks.a.pulse"]
    assert "lines: two" in found["tasks.b.second"]
    assert "leaves one interval" in found["tasks.c.spacing"]
    assert "[shortest, longest]" in found["tasks.d.intervals"]
    assert 'did you mean "two"?' in found["tasks.d.lines"]
    assert "> 0" in found["tasks.d.solved"]
    assert len(found) == 6
