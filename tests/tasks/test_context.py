"""The cued stream is summed, and the other makes no difference."""

import numpy as np
import pytest

from rnnpipe.tasks import Context
from rnnpipe.tasks.context import cued_stream


def test_the_target_is_the_running_sum_of_the_cued_stream():
    trials = Context().sample(50, np.random.default_rng(0))
    streams, cue = trials.inputs[..., :2], trials.inputs[..., 2:]
    assert (cue.sum(-1) == 1).all() and (cue == cue[:, :1]).all()
    cued = (streams * cue).sum(-1).astype(float)
    assert np.allclose(trials.targets[..., 0], 0.08 * np.cumsum(cued, axis=1), atol=1e-5)
    assert np.allclose(trials.conditions, trials.targets[..., 0])


def test_either_stream_is_cued_as_often_and_drifts_as_said():
    trials = Context(time=400).sample(2000, np.random.default_rng(1))
    assert trials.inputs[:, 0, 2].mean() == pytest.approx(0.5, abs=0.04)
    means = trials.inputs[..., :2].mean(1)
    # Uniform in ±0.5, and the mean of 400 steps of noise.
    assert means.std() == pytest.approx(np.sqrt(1 / 12 + 0.25 / 400), rel=0.03)
    within = trials.inputs[..., :2] - means[:, None]
    assert within.std() == pytest.approx(0.5, rel=0.01)


def test_ignoring_the_cue_explains_half_at_most():
    task = Context()
    trials = task.sample(2000, np.random.default_rng(2))
    both = 0.08 * np.cumsum(trials.inputs[..., :2].mean(-1, keepdims=True), axis=1)
    assert task.score(both, trials) == pytest.approx(0.5, abs=0.03)


def test_contexts_are_probed_without_evidence():
    probes = Context().probes()
    assert list(probes) == ["context1", "context2"]
    assert np.stack(list(probes.values())).tolist() == [[0, 0, 1, 0], [0, 0, 0, 1]]


@pytest.mark.parametrize(("probe", "stream"), [("context1", 0), ("cue12", 11), ("rest", None)])
def test_a_probe_cues_the_stream_of_its_number(probe, stream):
    assert cued_stream(probe) == stream
