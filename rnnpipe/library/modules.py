"""Recurrent modules of `torch.nn` as maps of state and input, with closed-form Jacobians."""

import torch
from torch import nn

from rnnpipe.dynamics.maps import Driven
from rnnpipe.networks.cells import CELLS, Weights, driven
from rnnpipe.networks.torch_weights import recurrent_parts

LAYERS = {nn.RNN: "vanilla", nn.GRU: "gru", nn.LSTM: "lstm"}
SINGLE = {nn.RNNCell: "vanilla", nn.GRUCell: "gru", nn.LSTMCell: "lstm"}


def is_recurrent(module: object) -> bool:
    """Whether a module is one that `driven_module` knows."""
    return isinstance(module, (*LAYERS, *SINGLE))


def driven_module(module: nn.Module) -> Driven:
    """A recurrent module as a map of state and input, on float64 copies of its weights.

    The state of an LSTM is (h, c), one behind the other.

    Raises
    ------
    ValueError
        If the module has several layers, two directions or a projection, or
        weights that are not finite.
    """
    kinds = {**LAYERS, **SINGLE}
    cell = next(name for kind, name in kinds.items() if isinstance(module, kind))
    activation = getattr(module, "nonlinearity", "tanh")
    if isinstance(module, tuple(LAYERS)):
        for name, plain in (("num_layers", 1), ("bidirectional", False), ("proj_size", 0)):
            if (found := getattr(module, name)) != plain:
                raise ValueError(
                    f"{type(module).__name__} has {name} = {found}; only {name} = {plain} is a "
                    "map of one state"
                )
    parts = recurrent_parts(module.state_dict(), cell)
    tensors = {name: torch.from_numpy(part)[None] for name, part in parts.items()}
    units = parts["recurrent"].shape[1]
    return driven(
        CELLS[cell](activation, 1.0),
        Weights(
            **tensors,
            output=torch.empty(1, 0, units, dtype=torch.float64),
            output_bias=torch.empty(1, 0, dtype=torch.float64),
            initial_state=torch.zeros(1, CELLS[cell].state_blocks * units, dtype=torch.float64),
        ),
    )
