"""Evidence has the mean and the noise that it should, and an ideal observer scores as predicted."""

import numpy as np
import pytest
from scipy.stats import norm

from rnnpipe.tasks import Decision


def evidence(trials):
    """Evidence of the stimulus (trial, step, choice) of the default trials."""
    return trials.inputs[:, 5:25, 1:].astype(float)


def test_coherence_is_the_difference_of_the_evidence():
    trials = Decision(noise=0.0).sample(300, np.random.default_rng(0))
    shown = evidence(trials)
    assert np.allclose(shown[..., 0] - shown[..., 1], trials.conditions[:, 5:25], atol=1e-6)
    assert np.allclose(shown.sum(-1), 1, atol=1e-6)
    assert not trials.inputs[:, :5, 1:].any() and not trials.inputs[:, 25:, 1:].any()


def test_every_signed_coherence_is_as_likely():
    condition = Decision().sample(20000, np.random.default_rng(1)).conditions[:, 0]
    values, counts = np.unique(condition, return_counts=True)
    sizes = np.array([0.032, 0.064, 0.128, 0.256, 0.512])
    assert np.allclose(values, [*-sizes[::-1], *sizes])
    assert counts / 20000 == pytest.approx(np.full(10, 0.1), abs=0.01)


def test_choice_one_is_right_where_the_coherence_is_positive():
    trials = Decision().sample(200, np.random.default_rng(2))
    answer = trials.targets[:, -1]
    assert np.array_equal(answer[:, 1] == 1, trials.conditions[:, 0] > 0)
    assert (answer[:, 1:].sum(-1) == 1).all()


def test_noise_is_independent_from_step_to_step_and_choice_to_choice():
    trials = Decision(noise=0.2).sample(5000, np.random.default_rng(3))
    mean = (1 + trials.conditions[:, 5:25, None] * [1, -1]) / 2
    noise = evidence(trials) - mean
    assert noise.std() == pytest.approx(0.2, rel=0.01)
    assert np.corrcoef(noise[..., 0].ravel(), noise[..., 1].ravel())[0, 1] == pytest.approx(
        0, abs=0.02
    )
    assert np.corrcoef(noise[:, 1:].ravel(), noise[:, :-1].ravel())[0, 1] == pytest.approx(
        0, abs=0.02
    )


@pytest.mark.parametrize("coherence", [0.032, 0.128])
def test_summing_all_evidence_is_right_as_often_as_theory_says(coherence):
    task = Decision(coherences=[coherence])
    trials = task.sample(20000, np.random.default_rng(4))
    total = evidence(trials).sum(1)
    outputs = np.repeat(np.insert(total, 0, 0, axis=1)[:, None], task.time, axis=1)
    ideal = norm.cdf(coherence * np.sqrt(20 / 2) / 0.2)
    assert task.score(outputs, trials) == pytest.approx(ideal, abs=0.01)


def test_the_ideal_observer_solves_the_default_task():
    task = Decision()
    ideal = norm.cdf(np.array(task.coherences) * np.sqrt(20 / 2) / 0.2).mean()
    assert ideal == pytest.approx(0.90, abs=0.005)
    assert task.is_solved(ideal) and not task.is_solved(0.75)


def test_longer_trials_lengthen_the_delay_or_without_one_the_stimulus():
    assert Decision(delay=(5, 15)).longer(2).time == 65
    immediate = Decision(delay=(0, 0)).longer(2)
    assert (immediate.stimulus, immediate.time) == (40, 55)


def test_unseen_coherences_lie_between_those_trained():
    task = Decision(coherences=[0.4, 0.1, 0.2])
    assert task.unseen().coherences == pytest.approx([0.15, 0.3])
    assert Decision(coherences=[0.1]).unseen() is None


def test_probes_and_pulses_hold_the_fixation():
    task = Decision()
    assert {name: x.tolist() for name, x in task.probes().items()} == {
        "delay": [1, 0, 0],
        "stimulus": [1, 0.5, 0.5],
    }
    assert np.stack(list(task.pulses().values())) == pytest.approx(
        np.array([[1, 0.756, 0.244], [1, 0.244, 0.756]])
    )
