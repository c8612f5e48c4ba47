"""States as users have them, and what is refused because it may be read in two ways."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import rnnpipe
from rnnpipe.library.states import as_states

TIMES, BATCH, UNITS = 7, 3, 4
X = torch.randn(TIMES, BATCH, 2, generator=torch.Generator().manual_seed(0))


def rows(array):
    return torch.as_tensor(array).detach().double().reshape(-1, array.shape[-1])


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU])
def test_of_output_and_last_state_the_output_is_taken(kind, batch_first):
    output, last = kind(2, UNITS, batch_first=batch_first)(X)
    assert torch.equal(as_states((output, last), UNITS), rows(output))
    assert torch.equal(as_states((output, last)), rows(output))


def test_of_an_lstm_the_state_is_taken_since_its_output_lacks_c():
    output, (h, c) = nn.LSTM(2, UNITS)(X)
    both = torch.cat([rows(h), rows(c)], dim=1)
    for given in ((output, (h, c)), (h, c), (h[0], c[0])):
        assert torch.equal(as_states(given, 2 * UNITS), both)
        assert torch.equal(as_states(given), both)


def test_packed_sequences_are_states():
    packed = pack_padded_sequence(X, [7, 5, 2])
    output, last = nn.GRU(2, UNITS)(packed)
    assert torch.equal(as_states(output), rows(output.data)) and len(output.data) == 14
    assert torch.equal(as_states((output, last)), rows(output.data))


@pytest.mark.parametrize(
    "states",
    [
        X.half(),
        X.bfloat16(),
        X.numpy().astype(np.float32),
        X.clone().requires_grad_() * 1,
        list(X),
        [x.requires_grad_() for x in X.clone().unbind()],
        X.numpy().tolist(),
    ],
    ids=["half", "bfloat16", "float32", "graph", "list", "leaves", "numbers"],
)
def test_whatever_the_numbers_are_they_become_float64(states):
    read = as_states(states)
    assert read.dtype == torch.float64 and read.shape == (TIMES * BATCH, 2)
    torch.testing.assert_close(read, rows(X), rtol=1e-2, atol=1e-2)


def test_a_list_is_an_array_and_a_tuple_of_numbers_too():
    assert as_states([X[0], X[1]]).shape == (2 * BATCH, 2)
    assert torch.equal(as_states(((1.0, 2.0), (3.0, 4.0))), torch.tensor([[1.0, 2], [3, 4]]))


H = X[0]


@pytest.mark.parametrize(
    ("states", "units", "message"),
    [
        ((H, H), None, "hold the same numbers"),
        ((H, H), 4, "hold the same numbers"),
        ((X, X[:1]), None, r"is no last step of the first"),
        ((X, H, H), None, r"tuple of 3 arrays is neither \(h, c\) nor \(output, h_n\)"),
        (np.zeros((0, 3)), None, r"states are empty, of shape \(0, 3\)"),
        ([], None, "states are empty"),
        (X.to(torch.complex64), None, "array of real numbers"),
        ("states", None, "array of real numbers"),
        ([[1.0, 2.0], [3.0]], None, "array of real numbers"),
    ],
)
def test_what_is_ambiguous_or_no_state_is_refused(states, units, message):
    with pytest.raises(ValueError, match=message):
        as_states(states, units)


def test_an_output_of_an_lstm_alone_is_refused_by_name():
    module = nn.LSTM(2, UNITS)
    output, (h, _) = module(X)
    for states in (output, (output, h)):
        with pytest.raises(ValueError, match=r"has 8 variables; .* an LSTM's state is \(h, c\)"):
            rnnpipe.find_fixed_points(module, states)
