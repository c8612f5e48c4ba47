"""Activation functions φ, their slopes, and their ranges."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

aten = torch.ops.aten
_MINUS_ONE = torch.tensor(-1.0)


@dataclass(frozen=True)
class Activation:
    """An activation function φ.

    Attributes
    ----------
    function
        z -> φ(z).
    function_
        gain z -> φ(z), in place.
    gain
        Factor of the argument of `function_`, which a scan multiplies into its weights.
    slope
        y -> φ'(z), given the output y = φ(z): every φ here is monotone, so
        its output determines its slope and pre-activations need not be kept.
    chain_
        Multiplies a gradient by φ'(z), given y = φ(z), in place and in one pass.
    lower, upper
        Range of φ; infinite where it is unbounded.
    steepest
        Where φ' is largest: it rises up to there and falls beyond; infinite for a convex φ.
    """

    name: str
    function: Callable[[Tensor], Tensor]
    function_: Callable[[Tensor], Tensor]
    slope: Callable[[Tensor], Tensor]
    chain_: Callable[[Tensor, Tensor], Tensor]
    lower: float
    upper: float
    steepest: float
    gain: float = 1.0

    @property
    def bounded(self) -> bool:
        """Whether the range is finite."""
        return self.upper < float("inf")


def softplus(z: Tensor) -> Tensor:
    """log(1 + exp z), without torch's linear cut-off at 20."""
    return torch.logaddexp(z, torch.zeros((), dtype=z.dtype, device=z.device))


def _tanh_of_half_(s: Tensor) -> Tensor:
    """tanh(s / 2) = 2 / (1 + exp -s) - 1, in place.

    Accurate to 2e-7 in float32, in a third of the time of torch's tanh.
    """
    return torch.add(_MINUS_ONE, s.sigmoid_(), alpha=2, out=s)


ACTIVATIONS: Mapping[str, Activation] = {
    "tanh": Activation(
        name="tanh",
        function=torch.tanh,
        function_=_tanh_of_half_,
        gain=2.0,
        slope=lambda y: 1 - y**2,
        chain_=lambda g, y: aten.tanh_backward.grad_input(g, y, grad_input=g),
        lower=-1.0,
        upper=1.0,
        steepest=0.0,
    ),
    "relu": Activation(
        name="relu",
        function=torch.relu,
        function_=torch.relu_,
        slope=lambda y: (y > 0).to(y.dtype),
        chain_=lambda g, y: aten.threshold_backward.grad_input(g, y, 0, grad_input=g),
        lower=0.0,
        upper=float("inf"),
        steepest=float("inf"),
    ),
    "softplus": Activation(
        name="softplus",
        function=softplus,
        function_=lambda z: z.copy_(softplus(z)),
        slope=lambda y: -torch.expm1(-y),
        chain_=lambda g, y: g.mul_(-torch.expm1(-y)),
        lower=0.0,
        upper=float("inf"),
        steepest=float("inf"),
    ),
    "sigmoid": Activation(
        name="sigmoid",
        function=torch.sigmoid,
        function_=torch.sigmoid_,
        slope=lambda y: y * (1 - y),
        chain_=lambda g, y: aten.sigmoid_backward.grad_input(g, y, grad_input=g),
        lower=0.0,
        upper=1.0,
        steepest=0.0,
    ),
}
