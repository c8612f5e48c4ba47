"""Maps: a network with its input, and a network held at one constant input.

This is all that the search for fixed points, the stability analysis and the
transition graph know about a network.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

CPU = torch.device("cpu")
Box = tuple[Tensor, Tensor]


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
    """

    step: Callable[[Tensor], Tensor]
    jacobian: Callable[[Tensor], Tensor]
    units: int
    box: Box | None = None
    unbounded: str = ""
    device: torch.device = CPU

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

        return Dynamics(step, jacobian, self.units, self.box, self.unbounded, self.device)


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
    """

    step: Callable[[Tensor, Tensor], Tensor]
    jacobian: Callable[[Tensor, Tensor], Tensor]
    input_jacobian: Callable[[Tensor, Tensor], Tensor]
    units: int
    inputs: int
    box: Callable[[Tensor], Box | None] = lambda x: None
    unbounded: str = ""
    device: torch.device = CPU

    def held(self, x: Tensor) -> Dynamics:
        """The autonomous map under the constant input x (input,)."""

        def rows(states: Tensor) -> Tensor:
            return x.expand(len(states), -1)

        box = self.box(x)
        return Dynamics(
            step=lambda states: self.step(states, rows(states)),
            jacobian=lambda states: self.jacobian(states, rows(states)),
            units=self.units,
            box=box,
            unbounded=self.unbounded if box is None else "",
            device=self.device,
        )
