"""Epochs come one after the other, delays are spread, and the response outweighs the fixation."""

import numpy as np
import pytest

from rnnpipe.tasks import Match
from rnnpipe.tasks.epochs import GRACE, RESPONSE_WEIGHT, Epochs, answered, right_choices

EPOCHS = Epochs(fixation=3, stimulus=4, delay=(2, 6), response=5, test=3)


def drawn(epochs=EPOCHS, n_trials=500):
    return epochs.draw(n_trials, np.random.default_rng(0))


def answers(n_trials=500):
    return np.eye(2)[np.random.default_rng(1).integers(2, size=n_trials)]


def trials(n_trials=500):
    inputs = np.zeros((n_trials, EPOCHS.time, 1))
    return drawn(n_trials=n_trials).trials(inputs, answers(n_trials), np.arange(n_trials))


def test_epochs_follow_one_another():
    timing = drawn()
    assert timing.stimulus.shape == (500, 3 + 4 + 6 + 3 + 5)
    assert (timing.stimulus.argmax(1) == 3).all() and (timing.stimulus.sum(1) == 4).all()
    assert (timing.test.sum(1) == 3).all()
    assert (timing.test.argmax(1) + 3 == timing.response.argmax(1)).all()
    assert timing.response[:, -1].all() and timing.response.sum(1).min() == 5


def test_every_delay_is_as_likely_and_no_other_occurs():
    delays = drawn(n_trials=5000).test.argmax(1) - 7
    counts = np.bincount(delays)
    assert not counts[:2].any() and len(counts) == 7
    assert counts[2:] / 5000 == pytest.approx(np.full(5, 0.2), abs=0.03)


def test_longer_is_a_longer_delay_alone():
    task = Match(fixation=3, sample=4, delay=(2, 6), response=5, test=3)
    assert task.epochs == EPOCHS
    longer = task.longer(4)
    timing = drawn(longer.epochs)
    delays = timing.test.argmax(1) - 7
    assert (delays.min(), delays.max()) == (8, 24)
    assert longer.time == longer.epochs.time == EPOCHS.time + 3 * 6
    assert (timing.stimulus.sum(1) == 4).all() and timing.response.sum(1).min() == 5


def test_fixation_is_asked_for_while_it_is_shown_and_the_answer_afterwards():
    batch, response = trials(), drawn().response
    assert np.array_equal(batch.inputs[..., 0], ~response)
    assert np.array_equal(batch.targets[..., 0], batch.inputs[..., 0])
    assert not batch.targets[~response][:, 1:].any()
    shown = np.repeat(answers()[:, None], response.shape[1], axis=1)
    assert np.array_equal(batch.targets[response][:, 1:], shown[response])


def test_weights_are_one_then_none_for_the_grace_then_the_response_weight():
    for weights, go in zip(trials().mask, drawn().response.argmax(1), strict=True):
        assert (weights[:go] == 1).all()
        assert not weights[go : go + GRACE].any()
        assert (weights[go + GRACE :] == RESPONSE_WEIGHT).all()


def test_only_the_counted_response_answers():
    batch = trials()
    counted = drawn().counted[..., None]
    noise = np.random.default_rng(2).standard_normal(batch.targets.shape)
    elsewhere = np.where(counted, batch.targets, 10 * noise)
    assert np.allclose(answered(elsewhere, batch), answers())
    assert right_choices(elsewhere, batch) == 1
    assert right_choices(np.where(counted, -batch.targets, batch.targets), batch) == 0


def test_the_mean_over_the_response_decides_and_not_its_single_steps():
    batch = trials()
    wrong_once = batch.targets.copy()
    last = wrong_once[:, -1, 1:].copy()
    wrong_once[:, -1, 1:] = 1 - last
    assert right_choices(wrong_once, batch) == 1
