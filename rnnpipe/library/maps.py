"""Any network as a map of state and input: torch's recurrent modules, and step functions.

The Jacobians of modules are known in closed form; those of a function come from automatic
differentiation.
"""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from rnnpipe.dynamics.maps import Driven
from rnnpipe.networks.cells import CELLS, Weights, driven
from rnnpipe.networks.torch_weights import recurrent_parts

Step = Callable[..., Tensor]
LAYERS = {nn.RNN: "vanilla", nn.GRU: "gru", nn.LSTM: "lstm"}
SINGLE = {nn.RNNCell: "vanilla", nn.GRUCell: "gru", nn.LSTMCell: "lstm"}
# A step that treats each state by itself gives the same for one as among others.
ALIKE = 1e-9


def as_states(states: Any) -> Tensor:
    """States (..., unit), or a pair (h, c) of them, as (state, unit), float64, on the CPU."""
    if isinstance(states, tuple | list) and len(states) == 2 and np.ndim(states[0]) > 1:
        return torch.cat([_rows(part, "states") for part in states], dim=1)
    return _rows(states, "states")


def _rows(values: Any, name: str) -> Tensor:
    if isinstance(values, Tensor):
        values = values.detach().cpu().double()
    array = torch.as_tensor(np.asarray(values, dtype=np.float64))
    if array.ndim == 0:
        raise ValueError(f"{name} must be an array (..., {name[:-1]}), not a single number")
    return array.reshape(-1, array.shape[-1])


def as_driven(step: Step | nn.Module, states: Tensor, inputs: Any) -> tuple[Driven, Tensor]:
    """The map of a step or module, and its input: (input,) for all states or (state, input)."""
    x = None if inputs is None else _as_inputs(inputs, len(states))
    if isinstance(step, nn.Module) and is_recurrent(step):
        network = driven_module(step)
        x = torch.zeros(network.inputs, dtype=torch.float64) if x is None else x
        if x.shape[-1] != network.inputs:
            raise ValueError(f"the module has {network.inputs} inputs; {x.shape[-1]} are given")
        if states.shape[1] != network.units:
            raise ValueError(
                f"the module's state has {network.units} variables; "
                f"the states have {states.shape[1]}"
            )
        return network, x
    if not callable(step):
        raise TypeError(f"the step must be a function or a module, not {type(step).__name__}")
    if isinstance(step, nn.Module):
        step = copy.deepcopy(step).cpu().double().eval().requires_grad_(False)
    tried = None if x is None else (x if x.ndim == 2 else x.expand(len(states), -1))
    network = driven_by(step, states, tried)
    return network, torch.zeros(0, dtype=torch.float64) if x is None else x


def _as_inputs(inputs: Any, states: int) -> Tensor:
    """One input (input,) or one per state (state, input)."""
    x = _rows(inputs, "inputs")
    if np.ndim(inputs) == 1:
        x = x[0]
    elif len(x) != states:
        raise ValueError(f"{len(x)} inputs are given for {states} states; give one, or one each")
    if not bool(torch.isfinite(x).all()):
        raise ValueError("inputs must be finite")
    return x


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


def driven_by(step: Callable[..., Tensor], states: Tensor, inputs: Tensor | None) -> Driven:
    """A step function as a map of state and input, differentiated automatically.

    `torch.func` differentiates all states at once; where it cannot take the
    function (data-dependent control flow, operations in place) rows are formed
    one by one, each for all states together.

    Parameters
    ----------
    step
        (batch, unit) -> (batch, unit), or with inputs (batch, unit), (batch,
        input) -> (batch, unit); float64, each state by itself.
    states
        (state, unit), some to try it on.
    inputs
        (state, input), likewise; None for a step without an input.

    Raises
    ------
    TypeError
        If the step does not return a tensor.
    ValueError
        If it returns another shape, another type, or mixes the states.
    """
    held = 0 if inputs is None else inputs.shape[1]

    def call(h: Tensor, x: Tensor) -> Tensor:
        # A copy, since the step may work in place.
        return step(h.clone()) if inputs is None else step(h.clone(), x.clone())

    x = torch.zeros(len(states), 0, dtype=states.dtype) if inputs is None else inputs
    _try(call, states[:3], x[:3])
    return Driven(
        step=torch.no_grad()(call),
        jacobian=_jacobian(call, 0, states[:2], x[:2]),
        input_jacobian=(lambda h, x: h.new_zeros(*h.shape, 0))
        if inputs is None
        else _jacobian(call, 1, states[:2], x[:2]),
        units=states.shape[1],
        inputs=held,
        unbounded="no box is known that the step maps into itself",
    )


def _try(call: Callable[[Tensor, Tensor], Tensor], h: Tensor, x: Tensor) -> None:
    try:
        with torch.no_grad():
            after = call(h, x)
    except Exception as error:
        raise ValueError(
            f"the step failed on float64 states of shape {tuple(h.shape)} ({error}); if it holds "
            "a float32 module, pass the module itself, or use copy.deepcopy(module).double()"
        ) from error
    if not isinstance(after, Tensor):
        raise TypeError(f"the step must return a tensor of states, not {type(after).__name__}")
    if after.shape != h.shape:
        raise ValueError(
            f"the step must return states of shape {tuple(h.shape)}, not {tuple(after.shape)}"
        )
    if after.dtype != h.dtype:
        raise ValueError(f"the step must return float64 for float64 states, not {after.dtype}")
    with torch.no_grad():
        alone = torch.cat([call(h[i : i + 1], x[i : i + 1]) for i in range(len(h))])
    if not torch.allclose(alone, after, rtol=ALIKE, atol=ALIKE, equal_nan=True):
        raise ValueError("the step mixes the states of a batch; each must be updated by itself")


def _jacobian(
    call: Callable[[Tensor, Tensor], Tensor], argument: int, h: Tensor, x: Tensor
) -> Callable[[Tensor, Tensor], Tensor]:
    """The Jacobian by state (0) or input (1), by the first way that works on these states."""
    batched = torch.func.vmap(
        torch.func.jacrev(lambda h, x: call(h[None], x[None])[0], argnums=argument)
    )

    def detached(h: Tensor, x: Tensor) -> Tensor:
        return batched(h, x).detach()

    try:
        expected = _by_rows(call, argument, h, x)
    except RuntimeError as error:
        raise ValueError(
            f"the step cannot be differentiated ({error}); does it detach or use no_grad?"
        ) from error
    try:
        if torch.allclose(detached(h, x), expected, rtol=1e-9, atol=1e-12, equal_nan=True):
            return detached
    except Exception:  # whatever keeps torch.func from it
        pass
    return lambda h, x: _by_rows(call, argument, h, x)


def _by_rows(
    call: Callable[[Tensor, Tensor], Tensor], argument: int, h: Tensor, x: Tensor
) -> Tensor:
    """The Jacobian (batch, unit, column), each row for all states by one backward pass."""
    arguments = [h.detach(), x.detach()]
    arguments[argument].requires_grad_()
    with torch.enable_grad():
        after = call(*arguments)
        rows = [
            torch.autograd.grad(
                after[:, i].sum(), arguments[argument], retain_graph=True, materialize_grads=True
            )[0]
            for i in range(after.shape[1])
        ]
    arguments[argument].requires_grad_(False)
    return torch.stack(rows, dim=1)
