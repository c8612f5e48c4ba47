"""Half of the trials match, and neither item alone tells which."""

import numpy as np
import pytest

from rnnpipe.tasks import Match


def items(trials, task):
    """Sample and test of each trial, by the pattern nearest to what is shown."""
    shown = trials.inputs[..., 1:]
    sample = shown[:, 5]
    go = trials.inputs[..., 0].argmin(1)
    test = shown[np.arange(len(go)), go - 1]
    return [(x @ task.patterns.T).argmax(-1) for x in (sample, test)]


@pytest.mark.parametrize("encoding", ["lines", "ring"])
def test_match_is_right_where_both_items_are_the_same(encoding):
    task = Match(items=4, encoding=encoding)
    trials = task.sample(2000, np.random.default_rng(0))
    sample, test = items(trials, task)
    assert np.array_equal(trials.targets[:, -1, 1] == 1, sample == test)
    assert (trials.targets[:, -1, 1:].sum(-1) == 1).all()
    assert np.array_equal(sample, trials.conditions[:, 0])


def test_half_match_and_every_other_pair_is_as_likely():
    task = Match(items=3)
    sample, test = items(task.sample(20000, np.random.default_rng(1)), task)
    pairs = np.zeros((3, 3))
    np.add.at(pairs, (sample, test), 1 / 20000)
    expected = np.full((3, 3), 1 / 12) + np.eye(3) / 12
    assert pairs == pytest.approx(expected, abs=0.01)


def test_knowing_only_one_item_is_chance():
    task = Match(items=2)
    trials = task.sample(4000, np.random.default_rng(2))
    for item in items(trials, task):
        guess = np.stack([np.zeros(4000), item == 0, item == 1], axis=-1)
        outputs = np.repeat(guess[:, None], task.time, axis=1)
        assert task.score(outputs, trials) == pytest.approx(0.5, abs=0.03)


def test_items_are_shown_for_their_steps_alone():
    trials = Match(items=4, delay=[10, 15]).sample(100, np.random.default_rng(3))
    assert (trials.inputs[..., 1:].sum((1, 2)) == 10).all()
    assert not trials.inputs[:, :5, 1:].any() and not trials.inputs[:, 10:20, 1:].any()


def test_unseen_directions_lie_between_those_trained():
    task = Match(items=4, encoding="ring")
    assert np.allclose(task.patterns @ task.unseen().patterns.T, np.cos(np.pi / 4) * SIGNS)
    assert Match(items=4).unseen() is None


SIGNS = np.array([[1, -1, -1, 1], [1, 1, -1, -1], [-1, 1, 1, -1], [-1, -1, 1, 1]])


def test_the_delay_is_probed_and_items_are_its_pulses():
    task = Match(items=3)
    assert {name: x.tolist() for name, x in task.probes().items()} == {"delay": [1, 0, 0, 0]}
    assert np.stack(list(task.pulses().values())).tolist() == [
        [1, 1, 0, 0],
        [1, 0, 1, 0],
        [1, 0, 0, 1],
    ]
    assert task.channels == ("fixation", "item1", "item2", "item3")
    assert Match(items=3, encoding="ring").channels == ("fixation", "cos", "sin")
