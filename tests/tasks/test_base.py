"""What holds for every task: an oracle scores best, a shuffled one scores chance."""

import numpy as np
import pytest

from rnnpipe.tasks import (
    Antisaccade,
    Context,
    Decision,
    FlipFlop,
    Integrator,
    Interval,
    Match,
    SineWave,
    Task,
)
from rnnpipe.tasks.base import held
from tests.helpers.experiments import read_task

TASKS = [
    (FlipFlop(), 1.0, 0.5),
    (FlipFlop(bits=1, probability=0.5), 1.0, 0.5),
    (Integrator(), 0.0, 90.0),
    (Integrator(encoding="angle"), 0.0, 90.0),
    (Integrator(start="cued"), 0.0, 90.0),
    (Integrator(angles=2, redraw=1.0, noise=0.01), 0.0, 90.0),
    (SineWave(time=50), 1.0, -1.0),
    (Context(), 1.0, -1.0),
]
# Trials of 50 steps too, but in epochs.
OF_EPOCHS = [
    (Decision(delay=[5, 15]), 1.0, 0.5),
    (Decision(coherences=[0.1, 0.3], stimulus=30, delay=[2, 5]), 1.0, 0.5),
    (Match(delay=[10, 25]), 1.0, 0.5),
    (Match(items=4, encoding="ring", delay=[10, 25]), 1.0, 0.5),
    (Antisaccade(delay=[10, 30]), 0.0, 90.0),
]
# What a random interval scores, `test_interval.py` says.
OF_PULSES = [
    (Interval(intervals=[6, 16], wait=[2, 4], rest=11), 0.0, None),
    (Interval(intervals=[6, 16], wait=[2, 4], rest=11, second="held"), 0.0, None),
    (Interval(intervals=[6, 16], wait=[2, 4], rest=11, lines="one"), 0.0, None),
]


@pytest.mark.parametrize(("task", "best", "chance"), TASKS + OF_EPOCHS + OF_PULSES)
class TestEveryTask:
    def test_shapes_and_types(self, task: Task, best, chance):
        trials = task.sample(7, np.random.default_rng(0))
        assert trials.inputs.shape == (7, 50, task.inputs)
        assert trials.targets.shape == trials.mask.shape == (7, 50, task.outputs)
        assert trials.conditions.shape == (7, 50)
        assert trials.inputs.dtype == trials.targets.dtype == trials.mask.dtype == np.float32

    def test_trials_follow_from_the_generator(self, task: Task, best, chance):
        one, two = (task.sample(5, np.random.default_rng(4)) for _ in range(2))
        assert np.array_equal(one.inputs, two.inputs)
        assert not np.array_equal(one.inputs, task.sample(5, np.random.default_rng(5)).inputs)

    def test_an_oracle_scores_best(self, task: Task, best, chance):
        trials = task.sample(50, np.random.default_rng(1))
        assert task.score(trials.targets, trials) == pytest.approx(best, abs=1e-2)
        assert task.is_solved(best)

    def test_unseen_values_can_be_done_right(self, task: Task, best, chance):
        unseen = task.unseen()
        if unseen is not None:
            trials = unseen.sample(50, np.random.default_rng(7))
            assert task.score(trials.targets, trials) == pytest.approx(best, abs=1e-2)

    def test_probes_and_pulses_are_inputs(self, task: Task, best, chance):
        assert len(task.channels) == task.inputs
        for x in (*task.probes().values(), *task.pulses().values()):
            assert x.shape == (task.inputs,)


@pytest.mark.parametrize(("task", "best", "chance"), TASKS)
class TestTasksOfAnyLength:
    def test_a_shuffled_oracle_scores_chance(self, task: Task, best, chance):
        rng = np.random.default_rng(2)
        # Headings start at 0 and become uniform with time.
        task = task.model_copy(update={"time": 5000})
        trials = task.sample(10, rng)
        shuffled = trials.targets.reshape(-1, task.outputs)[rng.permutation(10 * task.time)]
        score = task.score(shuffled.reshape(trials.targets.shape), trials)
        assert score == pytest.approx(chance, rel=0.04)
        assert not task.is_solved(score)
        assert not task.is_solved(float("nan"))

    def test_longer_trials_are_the_same_task(self, task: Task, best, chance):
        trials = task.longer(3).sample(20, np.random.default_rng(6))
        assert trials.inputs.shape == (20, 150, task.inputs)
        assert task.score(trials.targets, trials) == pytest.approx(best, abs=1e-2)
        assert task.sample(1, np.random.default_rng(6)).inputs.shape[1] == 50


@pytest.mark.parametrize(("task", "best", "chance"), OF_EPOCHS)
class TestTasksOfEpochs:
    def test_other_trials_answers_score_chance(self, task: Task, best, chance):
        rng = np.random.default_rng(2)
        trials = task.sample(4000, rng)
        answer = trials.targets[rng.permutation(4000), -1:]
        score = task.score(np.repeat(answer, trials.targets.shape[1], axis=1), trials)
        assert score == pytest.approx(chance, rel=0.04)
        assert not task.is_solved(score)
        assert not task.is_solved(float("nan"))

    def test_longer_trials_are_the_same_task(self, task: Task, best, chance):
        trials = task.longer(3).sample(20, np.random.default_rng(6))
        assert trials.inputs.shape == (20, 50 + 2 * task.delay[1], task.inputs)
        assert task.score(trials.targets, trials) == pytest.approx(best, abs=1e-2)
        assert task.sample(1, np.random.default_rng(6)).inputs.shape[1] == 50


def test_held_values_last_until_renewed():
    values = np.stack([np.arange(5.0), 10 + np.arange(5.0)], axis=1)
    renewed = np.array([[1, 0, 1, 0, 0], [1, 0, 0, 0, 1]], dtype=bool).T
    assert held(values, renewed).T.tolist() == [[0, 0, 2, 2, 2], [10, 10, 10, 10, 14]]


def test_settings_name_a_task():
    task = read_task({"kind": "flipflop", "bits": 2, "time": 9, "training": {}})
    assert (task.inputs, task.sample(1, np.random.default_rng(0)).inputs.shape[1]) == (2, 9)
