"""Activation functions φ, their slopes, and their ranges."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

aten = torch.ops.aten


@dataclass(frozen=True)
class Activation:
    """An activation function φ.

    Attributes
    ----------
    function
        z -> φ(z).
    function_
        The same, in place.
    slope
        y -> φ'(z), given the output y = φ(z): every φ here is monotone, so
        its output says its slope and pre-activations need not be kept.
    chain
        (gradient, y, out) writes gradient * φ'(z) into `out` in one pass.
    lower, upper
        Range of φ; infinite where it is unbounded.
    """

    name: str
    function: Callable[[Tensor], Tensor]
    function_: Callable[[Tensor], Tensor]
    slope: Callable[[Tensor], Tensor]
    chain: Callable[[Tensor, Tensor, Tensor], Tensor]
    lower: float
    upper: float

    @property
    def bounded(self) -> bool:
        """Whether the range is finite."""
        return self.upper < float("inf")


def softplus(z: Tensor) -> Tensor:
    """log(1 + exp z), without the linear cut-off that torch's own has at 20."""
    return torch.logaddexp(z, torch.zeros((), dtype=z.dtype, device=z.device))


ACTIVATIONS: Mapping[str, Activation] = {
    "tanh": Activation(
        name="tanh",
        function=torch.tanh,
        function_=torch.tanh_,
        slope=lambda y: 1 - y**2,
        chain=lambda g, y, out: aten.tanh_backward.grad_input(g, y, grad_input=out),
        lower=-1.0,
        upper=1.0,
    ),
    "relu": Activation(
        name="relu",
        function=torch.relu,
        function_=torch.relu_,
        slope=lambda y: (y > 0).to(y.dtype),
        chain=lambda g, y, out: aten.threshold_backward.grad_input(g, y, 0, grad_input=out),
        lower=0.0,
        upper=float("inf"),
    ),
    "softplus": Activation(
        name="softplus",
        function=softplus,
        function_=lambda z: z.copy_(softplus(z)),
        slope=lambda y: -torch.expm1(-y),
        chain=lambda g, y, out: torch.mul(g, -torch.expm1(-y), out=out),
        lower=0.0,
        upper=float("inf"),
    ),
    "sigmoid": Activation(
        name="sigmoid",
        function=torch.sigmoid,
        function_=torch.sigmoid_,
        slope=lambda y: y * (1 - y),
        chain=lambda g, y, out: aten.sigmoid_backward.grad_input(g, y, grad_input=out),
        lower=0.0,
        upper=1.0,
    ),
}
