"""Any network as a map of state and input: torch's modules, step functions, given weights."""

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from rnnpipe.dynamics.maps import Driven
from rnnpipe.library.autodiff import FLOAT32, driven_by
from rnnpipe.library.bounds import bounded
from rnnpipe.library.modules import (
    driven_module,
    float64_copy,
    is_recurrent,
    state_units,
    unwrapped,
)
from rnnpipe.library.network import Network
from rnnpipe.library.states import as_inputs, as_states
from rnnpipe.library.trained import TrainedNetwork

Step = Callable[..., Any]
# Names of arguments by which a step says that it takes the input first.
INPUT_NAMES = ("input", "inputs", "x", "u")
STATE_NAMES = ("state", "states", "hidden", "h", "hx", "h0")


def as_driven(
    step: Step | nn.Module | Network | TrainedNetwork, states: Any, inputs: Any, bounds: Any = None
) -> tuple[Driven, Tensor, Tensor]:
    """The map of a step, module or network of given weights, the states, and the input.

    Bounds, where they are given, are the box that the map is said to map into itself.

    Returns
    -------
    network
        The map.
    states
        (state, unit).
    x
        (input,) for all states, or (state, input).

    Raises
    ------
    TypeError, ValueError
        If the step, the states, the inputs and the bounds do not fit each other.
    """
    network, h, x = _as_driven(step, states, inputs)
    if bounds is None:
        return network, h, x
    held = torch.unique(x, dim=0) if x.ndim == 2 else x[None]
    return bounded(network, bounds, h, held), h, x


def _as_driven(
    step: Step | nn.Module | Network | TrainedNetwork, states: Any, inputs: Any
) -> tuple[Driven, Tensor, Tensor]:
    step = step.map if isinstance(step, TrainedNetwork) else unwrapped(step)
    if isinstance(step, Network):
        h = as_states(states)
        return _checked(step.driven, h, inputs, "network")
    if isinstance(step, nn.Module) and is_recurrent(step):
        return _of_module(step, states, inputs)
    if isinstance(step, type):
        raise TypeError(f"the step is the class {step.__name__}; give a module made of it")
    if not callable(step):
        raise TypeError(f"the step must be a function or a module, not {type(step).__name__}")
    h = as_states(states)
    x = None if inputs is None else as_inputs(inputs, len(h))
    if x is not None:
        _check_order(step)
    tried = None if x is None else (x if x.ndim == 2 else x.expand(len(h), -1))
    if isinstance(step, nn.Module):
        arguments = "state" if x is None else "state, input"
        advice = f"the module is called as module({arguments}){_recurrent_inside(step)}"
        network = driven_by(float64_copy(step), h, tried, advice)
    else:
        network = driven_by(step, h, tried, FLOAT32)
    return network, h, torch.zeros(0, dtype=torch.float64) if x is None else x


def _of_module(module: nn.Module, states: Any, inputs: Any) -> tuple[Driven, Tensor, Tensor]:
    units = state_units(module)
    pair = "; an LSTM's state is (h, c)" if units == 2 * module.hidden_size else ""
    return _checked(driven_module(module), as_states(states, units), inputs, "module", pair)


def _checked(
    network: Driven, h: Tensor, inputs: Any, what: str, hint: str = ""
) -> tuple[Driven, Tensor, Tensor]:
    """A map of known sizes, with states and an input that fit it."""
    x = None if inputs is None else as_inputs(inputs, len(h))
    x = torch.zeros(network.inputs, dtype=torch.float64) if x is None else x
    if x.shape[-1] != network.inputs:
        raise ValueError(f"the {what} has {network.inputs} inputs; {x.shape[-1]} are given")
    if h.shape[1] != network.units:
        raise ValueError(
            f"the {what}'s state has {network.units} variables; the states have {h.shape[1]}{hint}"
        )
    return network, h, x


def _check_order(step: Step) -> None:
    """Refuse a step whose arguments are named as if the input came first."""
    called = getattr(step, "forward", step)
    try:
        names = [name.lower() for name in inspect.signature(called).parameters][:2]
    except (TypeError, ValueError):  # some functions of C have no signature
        return
    if len(names) == 2 and names[0] in INPUT_NAMES and names[1] in STATE_NAMES:
        raise ValueError(
            f"a step is called as step(state, input), and its arguments are ({', '.join(names)}); "
            f"give lambda h, x: step(x, h)"
        )


def _recurrent_inside(module: nn.Module) -> str:
    """Advice to give the recurrent part of a module alone."""
    parts = [name for name, part in module.named_modules() if is_recurrent(part)]
    return f"; its recurrent part alone is module.{parts[0]}" if len(parts) == 1 else ""
