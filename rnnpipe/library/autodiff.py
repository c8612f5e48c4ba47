"""A step function as a map of state and input, differentiated automatically."""

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from rnnpipe.dynamics.maps import Driven, Linear
from rnnpipe.library.returned import Form, form_of

Call = Callable[[Tensor, Tensor], Tensor]
# A step that treats each state by itself gives the same for one as among others.
ALIKE = 1e-9
# So many copies of a state are updated twice: dropout or noise changes one of them.
COPIES = 100
FLOAT32 = (
    "if it holds a float32 module, pass the module itself, or use copy.deepcopy(module).double()"
)


def driven_by(
    step: Callable[..., Any], states: Tensor, inputs: Tensor | None, advice: str = FLOAT32
) -> Driven:
    """A step function as a map of state and input.

    Parameters
    ----------
    step, states, inputs, advice
        As for `checked_call`.

    Raises
    ------
    TypeError, ValueError
        As `checked_call`, and if the step cannot be differentiated.
    """
    x = torch.zeros(len(states), 0, dtype=states.dtype) if inputs is None else inputs
    return driven_by_call(checked_call(step, states, inputs, advice), states, x)


def checked_call(
    step: Callable[..., Any], states: Tensor, inputs: Tensor | None, advice: str = FLOAT32
) -> Call:
    """A step function as (batch, unit), (batch, input) -> (batch, unit), tried on some states.

    Parameters
    ----------
    step
        (batch, unit) -> (batch, unit), or with inputs (batch, unit), (batch,
        input) -> (batch, unit); float64, each state by itself. What it returns
        is read by `rnnpipe.library.returned.form_of`.
    states
        (state, unit), some to try it on.
    inputs
        (state, input), likewise; None for a step without an input.
    advice
        What to do where the step fails.

    Raises
    ------
    TypeError
        If the step returns no state.
    ValueError
        If it returns another shape, another type, is random, or mixes the states.
    """

    def returned(h: Tensor, x: Tensor) -> Any:
        # A copy, since the step may work in place.
        return step(h.clone()) if inputs is None else step(h.clone(), x.clone())

    h = states[:3]
    x = h.new_zeros(len(h), 0) if inputs is None else inputs[:3]
    form = _try(returned, h, x, "step(state)" if inputs is None else "step(state, input)", advice)

    def call(h: Tensor, x: Tensor) -> Tensor:
        return form(returned(h, x))

    _check_each_by_itself(call, h, x)
    return call


def driven_by_call(call: Call, states: Tensor, inputs: Tensor) -> Driven:
    """A call, differentiated automatically.

    `torch.func` differentiates all states at once; where it cannot take the
    function (data-dependent control flow, operations in place) rows are formed
    one by one, each for all states together. Products with the Jacobian are
    derivatives along directions, where `torch.func` can take these.

    Parameters
    ----------
    call
        (batch, unit), (batch, input) -> (batch, unit).
    states, inputs
        (state, unit) and (state, input), some on which the two ways are compared.

    Raises
    ------
    ValueError
        If it cannot be differentiated.
    """
    h, x = states[:2], inputs[:2]
    jacobian = _jacobian(call, 0, h, x)
    return Driven(
        step=torch.no_grad()(call),
        jacobian=jacobian,
        input_jacobian=_jacobian(call, 1, h, x)
        if _depends_on_input(call, h, x)
        else lambda h, x: h.new_zeros(*h.shape, x.shape[1]),
        units=states.shape[1],
        inputs=inputs.shape[1],
        unbounded="no box is known that the step maps into itself",
        linear=_products(call, jacobian(h, x), h, x),
    )


def _try(
    returned: Callable[[Tensor, Tensor], Any], h: Tensor, x: Tensor, called: str, advice: str
) -> Form:
    """Call the step, and find how its state is to be taken from what it returns."""
    try:
        with torch.no_grad():
            result = returned(h, x)
    except Exception as error:
        # Of arguments that are too many or too few, Python says so.
        if isinstance(error, TypeError) and advice == FLOAT32:
            advice = f"it is called as {called}"
        raise ValueError(
            f"the step failed on float64 states of shape {tuple(h.shape)} "
            f"({_first_line(error)}); {advice}"
        ) from error
    form = form_of(result, h)
    after = form(result)
    if after.shape != h.shape:
        raise ValueError(
            f"the step must return states of shape {tuple(h.shape)}, not {tuple(after.shape)}"
        )
    if after.dtype != h.dtype:
        raise ValueError(f"the step must return float64 for float64 states, not {after.dtype}")
    return form


def _check_each_by_itself(call: Call, h: Tensor, x: Tensor) -> None:
    """Refuse a step that is random, remembers, or mixes the states of a batch."""
    many = h.repeat(COPIES, 1), x.repeat(COPIES, 1)
    with torch.no_grad():
        if not torch.allclose(call(*many), call(*many), rtol=0, atol=0, equal_nan=True):
            raise ValueError(
                "the step is random: the same states give another result when it is called again; "
                "analyse it without dropout and noise (module.eval(), noise 0), and without a "
                "memory of its own beside the state"
            )
        after = call(h, x)
        try:
            alone = torch.cat([call(h[i : i + 1], x[i : i + 1]) for i in range(len(h))])
        except Exception as error:
            reason = _first_line(error)
            raise ValueError(f"the step fails on one state by itself ({reason})") from error
    if not torch.allclose(alone, after, rtol=ALIKE, atol=ALIKE, equal_nan=True):
        raise ValueError("the step mixes the states of a batch; each must be updated by itself")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [repr(error)])[0]


def _depends_on_input(call: Call, h: Tensor, x: Tensor) -> bool:
    """Whether another input changes what the step does; there may be no input at all."""
    with torch.no_grad():
        here, there = call(h, x), call(h, x + 1)
    return x.shape[1] > 0 and not torch.allclose(here, there, rtol=0, atol=0, equal_nan=True)


def _jacobian(call: Call, argument: int, h: Tensor, x: Tensor) -> Call:
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


def _products(
    call: Call, jacobians: Tensor, h: Tensor, x: Tensor
) -> Callable[[Tensor, Tensor], Linear] | None:
    """Derivatives along directions, if they are those of the Jacobians at these states."""

    def linear(h: Tensor, x: Tensor) -> Linear:
        def along(direction: Tensor) -> Tensor:
            return torch.func.jvp(lambda state: call(state, x), (h,), (direction,))[1]

        return lambda directions: torch.func.vmap(along, 1, 1)(directions).detach()

    rng = torch.Generator().manual_seed(0)
    directions = torch.randn(len(h), 3, h.shape[1], generator=rng, dtype=h.dtype)
    expected = directions @ jacobians.mT
    try:
        with torch.no_grad(), warnings.catch_warnings():
            # The first call in a process compiles torch's own formulas, by what torch deprecates.
            warnings.filterwarnings("ignore", "`torch.jit.script", DeprecationWarning)
            found = linear(h, x)(directions)
        if torch.allclose(found, expected, rtol=1e-9, atol=1e-10, equal_nan=True):
            return linear
    except Exception:  # whatever keeps torch.func from it
        pass
    return None


def _by_rows(call: Call, argument: int, h: Tensor, x: Tensor) -> Tensor:
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
