"""The state in what a step returns: a tensor, or a tuple as torch's modules return it."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Form = Callable[[Any], Tensor]


def form_of(result: Any, h: Tensor) -> Form:
    """How the state is to be taken from what a step returned for states h (batch, unit).

    A tensor is the state. Of a pair, the second is the state, as of a torch
    module that returns (output, state); unless the two are (h, c), whose
    variables together are those of the state. A state may itself be (h, c),
    and may have torch's axis of one layer in front.

    Returns
    -------
    callable
        What the step returned -> (batch, unit).

    Raises
    ------
    TypeError
        If the step returned no tensor and no such pair.
    ValueError
        If a pair may be read in two ways.
    """
    if isinstance(result, Tensor):
        return lambda r: _leaf(r, h.ndim)
    if not _is_pair(result):
        raise TypeError(
            f"the step must return a tensor of states, not {_told(result)}; or a pair of tensors, "
            "(output, state) or (h, c)"
        )
    first, last = result
    if _is_pair(last) and all(isinstance(part, Tensor) for part in last):
        return lambda r: _joined(r[1], h.ndim)
    if not isinstance(last, Tensor):
        raise TypeError(f"the second of a pair is the state, a tensor, not {_told(last)}")
    state = _leaf(last, h.ndim)
    other = _leaf(first, h.ndim) if isinstance(first, Tensor) else None
    same = other is not None and other.shape == state.shape and torch.equal(other, state)
    if state.shape == h.shape:
        if other is not None and other.shape == h.shape and not same:
            raise ValueError(
                "the step returns two tensors that may both be the state; return the state alone"
            )
        return lambda r: _leaf(r[1], h.ndim)
    joins = other is not None and (*h.shape[:-1], other.shape[-1] + state.shape[-1]) == h.shape
    if joins and same and bool(state.any()):
        raise ValueError(
            "the step returns the same tensor twice, each half a state: (h, c) is needed, "
            "and (output, h) lacks c"
        )
    return (lambda r: _joined(r, h.ndim)) if joins else (lambda r: _leaf(r[1], h.ndim))


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2


def _leaf(state: Tensor, axes: int) -> Tensor:
    """A state without torch's axis of one layer."""
    return state[0] if state.ndim == axes + 1 and len(state) == 1 else state


def _joined(pair: Any, axes: int) -> Tensor:
    return torch.cat([_leaf(part, axes) for part in pair], dim=-1)


def _told(value: Any) -> str:
    kind = type(value).__name__
    return f"{kind} of {len(value)}" if isinstance(value, tuple | list) else kind
