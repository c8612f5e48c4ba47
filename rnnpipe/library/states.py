"""States and inputs as users have them: arrays, tensors, and tuples as torch returns them."""

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

# The last step of an output is the final state to the last digits, in whatever precision.
SAME = 1e-6


def as_states(states: Any, units: int | None = None) -> Tensor:
    """Read states as (state, unit), float64, on the CPU.

    Parameters
    ----------
    states
        An array, a tensor, a list of them, or a packed sequence, (..., unit). A
        tuple is what a torch module returns: (h, c), of one shape, whose
        variables are put one behind the other; (output, (h, c)), of which
        (h, c) is taken, since the output holds no c; (output, h_n), of which
        the output is taken, where h_n (1, batch, unit) is its last step.
    units
        State variables of the network, where they are known.

    Raises
    ------
    ValueError
        If the values are no numbers, or a tuple may be read in two ways or in none.
    """
    if isinstance(states, PackedSequence):
        return as_rows(states.data, "states")
    if not isinstance(states, tuple) or not any(map(_holds_arrays, states)):
        return as_rows(states, "states")
    if len(states) != 2:
        raise ValueError(
            f"a tuple of {len(states)} arrays is neither (h, c) nor (output, h_n); "
            "give states as one array (..., state)"
        )
    output, last = states
    if isinstance(last, tuple):
        return as_states(last, units)
    if isinstance(output, PackedSequence):
        return as_rows(output.data, "states")
    return _pair(_numbers(output, "states"), _numbers(last, "states"), units)


def _pair(first: Tensor, second: Tensor, units: int | None) -> Tensor:
    """Two arrays as (h, c) or as (output, h_n)."""
    alike, is_output = first.shape == second.shape, _is_last_step(second, first)
    joins = alike and units in (None, 2 * first.shape[-1])
    if joins and bool(first.any()) and torch.equal(first, second):
        raise ValueError(
            "the two arrays of the pair hold the same numbers: (h, c) is needed, or the states "
            "as one array; an output and the h_n returned with it lack c"
        )
    if is_output and not joins:
        return as_rows(first, "states")
    if alike:
        return torch.cat([as_rows(first, "states"), as_rows(second, "states")], dim=1)
    raise ValueError(
        f"a pair of states is (h, c), of one shape, or (output, h_n) as a module returns it, "
        f"not arrays of shapes {tuple(first.shape)} and {tuple(second.shape)} of which the second "
        "is no last step of the first; give states as one array (..., state)"
    )


def _is_last_step(last: Tensor, output: Tensor) -> bool:
    """Whether `last` (1, batch, unit) or (1, unit) is the last step of an output."""
    if last.ndim != output.ndim or last.ndim not in (2, 3) or len(last) != 1 or not len(output):
        return False
    ends = [output[-1]] if output.ndim == 2 else [output[-1], output[:, -1]]
    return any(
        end.shape == last[0].shape and torch.allclose(end, last[0], rtol=SAME, atol=SAME)
        for end in ends
    )


def as_inputs(inputs: Any, states: int) -> Tensor:
    """Read one input (input,), or one per state (state, input).

    Raises
    ------
    ValueError
        If inputs are not finite or not as many as the states.
    """
    x = as_rows(inputs, "inputs")
    if _numbers(inputs, "inputs").ndim == 1:
        x = x[0]
    elif len(x) != states:
        raise ValueError(f"{len(x)} inputs are given for {states} states; give one, or one each")
    if not bool(torch.isfinite(x).all()):
        raise ValueError("inputs must be finite")
    return x


def as_rows(values: Any, name: str) -> Tensor:
    """Read numbers (..., column) as (row, column), float64, on the CPU."""
    array = _numbers(values, name)
    if array.ndim == 0:
        raise ValueError(f"{name} must be an array (..., {name[:-1]}), not a single number")
    if array.numel() == 0:
        raise ValueError(f"{name} are empty, of shape {tuple(array.shape)}")
    return array.reshape(-1, array.shape[-1])


def _holds_arrays(value: Any) -> bool:
    inside = isinstance(value, tuple) and any(map(_holds_arrays, value))
    return inside or isinstance(value, Tensor | np.ndarray | PackedSequence)


def _numbers(values: Any, name: str) -> Tensor:
    if isinstance(values, list) and values and all(isinstance(v, Tensor) for v in values):
        values = [v.detach().cpu().double().numpy() for v in values]
    if isinstance(values, Tensor):
        values = values.detach().cpu().resolve_conj()
        values = values.numpy() if values.is_complex() else values.double().numpy()
    try:
        array = np.asarray(values)
        if np.iscomplexobj(array):
            raise ValueError("complex ones have no map of real states")
        return torch.from_numpy(np.array(array, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be an array of real numbers ({error})") from None
