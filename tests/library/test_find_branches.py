import numpy as np
import pytest
import torch
from torch import nn

import rnnpipe

VALUES = np.linspace(-1, 1, 11)
FEW = {"mixtures": 32, "box": 32}


def hysteresis(h, x):
    return torch.tanh(2 * h + x)


def visited(units=1):
    return np.random.default_rng(0).uniform(-1, 1, (100, units))


def test_a_function_with_an_input_is_followed_round_its_folds():
    found = rnnpipe.find_branches(hysteresis, visited(), [0.0], VALUES, **FEW)
    assert found.event_kind.tolist() == ["fold", "fold"]
    h = 1 / np.sqrt(2)
    assert np.sort(found.event_value) == pytest.approx(
        [np.arctanh(h) - 2 * h, 2 * h - np.arctanh(h)]
    )
    states, x = torch.from_numpy(found.states), torch.from_numpy(found.value)[:, None]
    torch.testing.assert_close(hysteresis(states, x), states, atol=1e-9, rtol=0)


def test_every_option_of_the_search_may_be_given():
    options = {"searches": 3, "mixtures": 32, "box": 32, "rounds": 4, "step": 0.2, "steps": 400}
    found = rnnpipe.find_branches(hysteresis, visited(), [0.0], VALUES, **options)
    assert found.event_kind.tolist() == ["fold", "fold"]


def test_a_module_is_swept_along_the_channel_named():
    torch.manual_seed(0)
    module = nn.RNN(2, 4)
    found = rnnpipe.find_branches(module, visited(4), [0.5, 0.0], VALUES, channel=1, **FEW)
    ends = found.states[np.abs(np.abs(found.value) - 1) < 1e-12]
    for h, x in zip(ends, found.value[np.abs(np.abs(found.value) - 1) < 1e-12], strict=True):
        at = rnnpipe.find_fixed_points(module, visited(4), [0.5, x], **FEW)
        assert np.linalg.norm(at.fixed().states - h, axis=1).min() < 1e-8


@pytest.mark.parametrize(
    ("inputs", "values", "options", "error", "message"),
    [
        (None, VALUES, {}, ValueError, "the step failed"),
        (np.zeros((100, 1)), VALUES, {}, ValueError, "give one input"),
        ([0.0], VALUES, {"channel": 1}, ValueError, "no channel 1; there are 1"),
        ([0.0], [1.0], {}, ValueError, "at least two"),
        ([0.0], [0.0, 2.0, 1.0], {}, ValueError, "ascend or descend"),
        ([0.0], [1.0, 1.0], {}, ValueError, "ascend or descend"),
        ([0.0], [0.0, np.nan], {}, ValueError, "are finite"),
        ([0.0], ["low", "high"], {}, ValueError, "values must be an array of real numbers"),
        ([0.0], VALUES, {"channel": 0.5}, ValueError, "no channel 0.5; there are 1"),
        ([0.0], VALUES, {"channel": -1}, ValueError, "no channel -1; there are 1"),
        ([0.0], VALUES, {"round": 1}, TypeError, "unknown option round"),
    ],
)
def test_what_does_not_fit_is_refused(inputs, values, options, error, message):
    with pytest.raises(error, match=message):
        rnnpipe.find_branches(hysteresis, visited(), inputs, values, **options)
