"""The Jacobians of any step function, by automatic differentiation."""

from collections.abc import Callable

import torch
from torch import Tensor

from rnnpipe.dynamics.maps import Driven

# A step that treats each state by itself gives the same for one as among others.
ALIKE = 1e-9


def driven_by(step: Callable[..., Tensor], states: Tensor, inputs: Tensor | None) -> Driven:
    """A step function as a map of state and input, with Jacobians of its own.

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
    """The Jacobian by state (0) or input (1), by whichever way works on these states."""
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
    """(batch, unit, column): each row for all states by one backward pass."""
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
