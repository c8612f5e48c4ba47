"""An autonomous map: a network held at one constant input.

This is all that the search for fixed points, the stability analysis and the
transition graph know about a network.
"""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor


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
    """

    step: Callable[[Tensor], Tensor]
    jacobian: Callable[[Tensor], Tensor]
    units: int
    box: tuple[Tensor, Tensor] | None = None
    unbounded: str = ""
