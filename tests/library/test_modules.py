import pytest
import torch
from torch import nn

from rnnpipe.library.maps import driven_module, is_recurrent

MODULES = [
    nn.RNN(3, 6),
    nn.RNN(3, 6, nonlinearity="relu", bias=False),
    nn.GRU(3, 6, batch_first=True),
    nn.LSTM(3, 6),
    nn.RNNCell(3, 6),
    nn.GRUCell(3, 6, bias=False),
    nn.LSTMCell(3, 6),
]


def torch_step(module, h, x):
    """One update by the module itself, of states (batch, state) under inputs (batch, input)."""
    module = module.double()
    pair = isinstance(module, nn.LSTM | nn.LSTMCell)
    state = tuple(h.chunk(2, -1)) if pair else h
    if isinstance(module, nn.RNNCell | nn.GRUCell | nn.LSTMCell):
        after = module(x, state)
    else:
        layered = tuple(s[None].contiguous() for s in state) if pair else state[None]
        sequence = x[:, None] if module.batch_first else x[None]
        _, after = module(sequence, layered)
        after = tuple(s[0] for s in after) if pair else after[0]
    return torch.cat(after, dim=-1) if pair else after


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_the_map_is_the_module_to_the_last_digits(module):
    module = module.double()
    driven = driven_module(module)
    rng = torch.Generator().manual_seed(0)
    h = torch.randn(4, driven.units, generator=rng, dtype=torch.float64)
    x = torch.randn(4, driven.inputs, generator=rng, dtype=torch.float64)
    with torch.no_grad():
        torch.testing.assert_close(driven.step(h, x), torch_step(module, h, x), atol=1e-14, rtol=0)
    for i in range(4):
        expected = torch.autograd.functional.jacobian(
            lambda s, i=i: torch_step(module, s[None], x[i : i + 1])[0], h[i]
        )
        torch.testing.assert_close(driven.jacobian(h, x)[i], expected, atol=1e-12, rtol=0)


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (nn.GRU(3, 6, num_layers=2), "GRU has num_layers = 2; only num_layers = 1"),
        (nn.LSTM(3, 6, bidirectional=True), "bidirectional = True"),
        (nn.LSTM(3, 6, proj_size=2), "proj_size = 2"),
    ],
)
def test_modules_that_are_no_map_of_one_state_are_refused(module, message):
    with pytest.raises(ValueError, match=message):
        driven_module(module)


def test_other_modules_are_not_taken_for_recurrent_ones():
    assert not is_recurrent(nn.Linear(3, 3)) and not is_recurrent(len)
    assert all(is_recurrent(module) for module in MODULES)
