"""Maps: a network with its input, and a network held at one constant input.

This is all that the search for fixed points, the stability analysis and the
transition graph know about a network.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.rate_equation import RateEquation

CPU = torch.device("cpu")
Box = tuple[Tensor, Tensor]
# Directions (batch, k, unit) -> (batch, k, unit), J v at the states of a batch.
Linear = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Dynamics:
    """The map h -> F(h), its Jacobian, and the box that it maps into itself.

    Attributes
    ----------
    step
        (batch, unit) -> (batch, unit), one update of every state.
    jacobian
        (batch, unit) -> (batch, unit, unit), dF_i/dh_j at every state.
    units
        Number of state variables.
    box
        Lower and upper corner, each (unit,), of a box that F maps into
        itself; every fixed point lies inside it. ``None`` if none is known.
    unbounded
        Why there is no box, as a phrase for reports; empty if there is one.
    device
        Where states have to lie.
    linear
        (batch, unit) -> the derivative at every state, as a function of
        directions that forms no Jacobian; ``None`` if none is known.
    rates
        What its fixed points obey, if it is a rate network; else ``None``.
    """

    step: Callable[[Tensor], Tensor]
    jacobian: Callable[[Tensor], Tensor]
    units: int
    box: Box | None = None
    unbounded: str = ""
    device: torch.device = CPU
    linear: Callable[[Tensor], Linear] | None = None
    rates: RateEquation | None = None

    def linearized(self, states: Tensor) -> Linear:
        """The derivative at states (batch, unit): directions (batch, k, unit) -> J v of each.

        What depends on the states alone is computed once, for many products.
        """
        if self.linear is not None:
            return self.linear(states)
        return _times(self.jacobian(states))

    def jvp(self, states: Tensor, directions: Tensor) -> Tensor:
        """Jacobian-vector products J(h) v.

        Parameters
        ----------
        states
            (batch, unit).
        directions
            (batch, k, unit), k of each state.

        Returns
        -------
        Tensor
            (batch, k, unit).
        """
        return self.linearized(states)(directions)

    def placed(self, states: np.ndarray) -> Tensor:
        """States (batch, unit) as a tensor that the map takes."""
        return torch.from_numpy(states).to(self.device)

    def iterated(self, period: int) -> "Dynamics":
        """The map composed with itself, F^period, with the chain-rule Jacobian."""

        def step(states: Tensor) -> Tensor:
            for _ in range(period):
                states = self.step(states)
            return states

        def jacobian(states: Tensor) -> Tensor:
            product = self.jacobian(states)
            for _ in range(period - 1):
                states = self.step(states)
                product = self.jacobian(states) @ product
            return product

        def linear(states: Tensor) -> Linear:
            parts = [self.linearized(states)]
            for _ in range(period - 1):
                states = self.step(states)
                parts.append(self.linearized(states))
            return _composed(parts)

        return Dynamics(
            step,
            jacobian,
            self.units,
            self.box,
            self.unbounded,
            self.device,
            None if self.linear is None else linear,
        )


@dataclass(frozen=True)
class Driven:
    """The map (h, x) -> F(h, x) of a network with its input.

    Attributes
    ----------
    step
        (batch, unit), (batch, input) -> (batch, unit).
    jacobian
        The same arguments -> (batch, unit, unit), dF_i/dh_j.
    input_jacobian
        The same arguments -> (batch, unit, input), dF_i/dx_j.
    units, inputs
        Numbers of state variables and of input channels.
    box
        An input (input,) -> the box mapped into itself while it is held, or ``None``.
    unbounded
        Why there is no box where `box` gives none, as a phrase for reports.
    device
        Where states and inputs have to lie.
    linear
        (batch, unit), (batch, input) -> the derivative by the state, as a
        function of directions that forms no Jacobian; ``None`` if none is known.
    rates
        An input (input,) -> what fixed points obey while it is held, or ``None``.
    """

    step: Callable[[Tensor, Tensor], Tensor]
    jacobian: Callable[[Tensor, Tensor], Tensor]
    input_jacobian: Callable[[Tensor, Tensor], Tensor]
    units: int
    inputs: int
    box: Callable[[Tensor], Box | None] = lambda x: None
    unbounded: str = ""
    device: torch.device = CPU
    linear: Callable[[Tensor, Tensor], Linear] | None = None
    rates: Callable[[Tensor], RateEquation | None] = lambda x: None

    def linearized(self, states: Tensor, inputs: Tensor) -> Linear:
        """The derivative by the state at (batch, unit), (batch, input), as in `Dynamics`."""
        if self.linear is not None:
            return self.linear(states, inputs)
        return _times(self.jacobian(states, inputs))

    def jvp(self, states: Tensor, inputs: Tensor, directions: Tensor) -> Tensor:
        """Products of the Jacobian by the state with directions (batch, k, unit)."""
        return self.linearized(states, inputs)(directions)

    def held(self, x: Tensor) -> Dynamics:
        """The autonomous map under the constant input x (input,)."""

        def rows(states: Tensor) -> Tensor:
            return x.expand(len(states), -1)

        def linear(states: Tensor) -> Linear:
            return self.linearized(states, rows(states))

        box = self.box(x)
        return Dynamics(
            step=lambda states: self.step(states, rows(states)),
            jacobian=lambda states: self.jacobian(states, rows(states)),
            units=self.units,
            box=box,
            unbounded=self.unbounded if box is None else "",
            device=self.device,
            linear=None if self.linear is None else linear,
            rates=self.rates(x),
        )


def _times(jacobians: Tensor) -> Linear:
    """The derivative whose matrices (batch, unit, unit) are known."""
    return lambda directions: directions @ jacobians.mT


def _composed(parts: Sequence[Linear]) -> Linear:
    """The product of derivatives, the first one applied first."""

    def product(directions: Tensor) -> Tensor:
        for part in parts:
            directions = part(directions)
        return directions

    return product
