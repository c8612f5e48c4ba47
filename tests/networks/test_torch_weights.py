import numpy as np
import pytest
import torch
from torch import nn

from rnnpipe.networks.torch_weights import readout_parts, recurrent_parts

UNITS, INPUTS = 5, 3
MODULES = [
    (nn.RNN, nn.RNNCell, "vanilla", 1, 1),
    (nn.GRU, nn.GRUCell, "gru", 3, 4),
    (nn.LSTM, nn.LSTMCell, "lstm", 4, 4),
]


@pytest.mark.parametrize(("layer", "cell", "kind", "gates", "biases"), MODULES)
def test_layers_and_cells_of_the_same_weights_read_alike(layer, cell, kind, gates, biases):
    one, single = layer(INPUTS, UNITS), cell(INPUTS, UNITS)
    names = {name.removesuffix("_l0"): value for name, value in one.state_dict().items()}
    single.load_state_dict(names)
    parts, same = (recurrent_parts(m.state_dict(), kind) for m in (one, single))
    assert parts["input"].shape == (gates * UNITS, INPUTS)
    assert parts["recurrent"].shape == (gates * UNITS, UNITS)
    assert parts["bias"].shape == (biases * UNITS,)
    for name, value in parts.items():
        assert value.dtype == np.float64
        assert np.array_equal(value, same[name])


@pytest.mark.parametrize(("layer", "_", "kind", "gates", "biases"), MODULES)
def test_without_bias_the_bias_is_zero(layer, _, kind, gates, biases):
    parts = recurrent_parts(layer(INPUTS, UNITS, bias=False).state_dict(), kind)
    assert not parts["bias"].any() and len(parts["bias"]) == biases * UNITS


def test_parts_are_found_behind_their_prefixes():
    model = nn.ModuleDict({"rnn": nn.GRU(INPUTS, UNITS), "fc": nn.Linear(UNITS, 2)})
    state = model.state_dict()
    parts = recurrent_parts(state, "gru", "rnn.") | readout_parts(state, "fc.")
    assert parts["recurrent"].shape == (15, 5) and parts["output"].shape == (2, 5)
    assert np.allclose(parts["output_bias"], model["fc"].bias.detach().numpy())


def broken(**changes):
    return {**nn.GRU(INPUTS, UNITS).state_dict(), **changes}


@pytest.mark.parametrize(
    ("state", "cell", "message"),
    [
        ({}, "gru", "lacks weight_hh_l0; its keys are none"),
        ({"a": torch.ones(1)}, "gru", "lacks weight_hh_l0; its keys are a"),
        (broken(), "lstm", r"weight_hh_l0 has shape \(15, 5\); the lstm needs \(20, 5\)"),
        (broken(weight_ih_l0=torch.ones(14, 3)), "gru", r"weight_ih_l0 has shape \(14, 3\)"),
        (broken(bias_hh_l0=torch.ones(5)), "gru", r"bias_hh_l0 has shape \(5,\)"),
        (broken(weight_hh_l0=torch.full((15, 5), torch.nan)), "gru", "NaN or infinity"),
        (nn.GRU(3, 5, num_layers=2).state_dict(), "gru", "weight_hh_l1 belongs to a second layer"),
        (nn.GRU(3, 5, bidirectional=True).state_dict(), "gru", "weight_hh_l0_reverse"),
        (nn.LSTM(3, 5, proj_size=2).state_dict(), "lstm", "weight_hr_l0"),
        (broken(), "ugrnn", "torch has no module of cell 'ugrnn'"),
        (broken(weight_hh_l0="hello"), "gru", "is no tensor but str"),
    ],
)
def test_what_is_wrong_is_named(state, cell, message):
    with pytest.raises(ValueError, match=message):
        recurrent_parts(state, cell)


def test_a_readout_that_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"lacks fc.weight"):
        readout_parts({}, "fc.")
    with pytest.raises(ValueError, match=r"bias has shape \(3,\); the readout needs \(2,\)"):
        readout_parts({"weight": torch.ones(2, 5), "bias": torch.ones(3)})
