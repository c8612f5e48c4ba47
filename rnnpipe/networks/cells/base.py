"""The interface of a cell: one step, its derivatives, its scan over time, its invariant box.

Shapes: states (network, trial, state), inputs (network, trial, input), weights
stacked along the leading network axis, `W[post, pre]`. A cell with several
gates has their rows one block after another, in the order of its equations.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.maps import Box, Driven, Linear
from rnnpipe.dynamics.rate_equation import RateEquation
from rnnpipe.networks.activations import ACTIVATIONS, Activation


@dataclass(frozen=True)
class Weights:
    """Effective weights of stacked networks, as the cells use them.

    Attributes
    ----------
    input
        (network, gate · unit, input).
    recurrent
        (network, gate · unit, unit).
    bias
        (network, bias row); the first rows are those of `input`.
    output
        (network, output, unit).
    output_bias
        (network, output).
    initial_state
        (network, state).
    """

    input: Tensor
    recurrent: Tensor
    bias: Tensor
    output: Tensor
    output_bias: Tensor
    initial_state: Tensor

    @property
    def factors(self) -> tuple[Tensor, Tensor] | None:
        """m and n (network, unit, rank) of recurrent weights m nᵀ, if they are known."""
        return None

    def recur(self, directions: Tensor) -> Tensor:
        """W v of directions (network, trial, k, unit): (network, trial, k, gate · unit)."""
        product = torch.bmm(directions.flatten(1, 2), self.recurrent.mT)
        return product.unflatten(1, directions.shape[1:3])


def drive(x: Tensor, weights: Weights) -> Tensor:
    """W_in x + b: (network, trial, input) -> (network, trial, gate · unit)."""
    bias = weights.bias[:, None, : weights.input.shape[1]]
    return torch.baddbmm(bias, x, weights.input.mT)


class Cell(ABC):
    """A cell kind with its activation φ, step size α = dt/τ and noise σ in training.

    Attributes
    ----------
    kind
        Name in the experiment file.
    gates
        Number of blocks of rows in the input and the recurrent weights, each
        of as many rows as there are units.
    candidate
        The block that goes through φ: the current that signs act on.
    bias_blocks
        Number of blocks of the bias; blocks beyond `gates` are no part of the drive.
    state_blocks
        State variables per unit.
    current
        Whether states are currents or, where False, rates; None for a cell with gates.
    own
        Of a class in a file of the user's own: its arguments, and the hash of the file.
    """

    kind: ClassVar[str]
    gates: ClassVar[int] = 1
    candidate: ClassVar[int] = 0
    bias_blocks: ClassVar[int] = 1
    state_blocks: ClassVar[int] = 1
    current: ClassVar[bool | None] = None
    own: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, activation: str, alpha: float = 1.0, noise: float = 0.0) -> None:
        self.activation: Activation = ACTIVATIONS[activation]
        self.alpha, self.noise = alpha, noise

    @abstractmethod
    def step(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        """One update of states h under the drive u = W_in x + b; (network, trial, state)."""

    @abstractmethod
    def jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        """dh'_i/dh_j in closed form, (network, trial, state, state)."""

    @abstractmethod
    def linearized(self, h: Tensor, u: Tensor, weights: Weights) -> Linear:
        """The derivative by the state, as a function of directions (network, trial, k, state).

        One product W v and elementwise work; no matrix (state, state) is formed.
        """

    def jvp(self, h: Tensor, u: Tensor, directions: Tensor, weights: Weights) -> Tensor:
        """J v of directions (network, trial, k, state), in the same shape."""
        return self.linearized(h, u, weights)(directions)

    @abstractmethod
    def input_jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        """dh'_i/dx_j in closed form, (network, trial, state, input)."""

    @abstractmethod
    def scan(
        self, x: Tensor, weights: Weights, noise: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """All states and rates on inputs x, by a differentiable scan over time.

        Parameters
        ----------
        x
            (network, time, trial, input).
        weights
            Effective weights; every trial starts at their initial state.
        noise
            (network, time, trial, unit), added to the drive of a leaky cell.

        Returns
        -------
        tuple
            States after each update (network, time, trial, state), and their
            rates, which the readout sees (network, time, trial, unit).
        """

    def scan_rates(self, x: Tensor, weights: Weights, noise: Tensor | None = None) -> Tensor:
        """The rates of `scan`, (network, time, trial, unit), which are all that training needs.

        Where a cell has a faster way to them, it takes it; rounding may differ.
        """
        return self.scan(x, weights, noise)[1]

    @abstractmethod
    def rates(self, h: Tensor) -> Tensor:
        """Rates that the readout sees, (..., state) -> (..., unit)."""

    @abstractmethod
    def box(self, u: Tensor, weights: Weights) -> tuple[Tensor, Tensor] | None:
        """Corners of a box that the cell maps into itself under a constant drive (network, row)."""

    @property
    def unbounded(self) -> str:
        """Why `box` returns None, if it does."""
        return "" if self.activation.bounded else f"{self.activation.name} is unbounded"

    def initial_bias(self, units: int) -> np.ndarray:
        """Bias (bias row,) before training."""
        return np.zeros(self.bias_blocks * units)


def driven(cell: Cell, weights: Weights) -> Driven:
    """One network as a map, (batch, state) and (batch, input) to (batch, state).

    Parameters
    ----------
    weights
        Effective weights of a stack of one network.
    """

    def box(x: Tensor) -> Box | None:
        corners = cell.box(drive(x[None, None], weights)[:, 0], weights)
        return None if corners is None else (corners[0][0], corners[1][0])

    def linear(h: Tensor, x: Tensor) -> Linear:
        product = cell.linearized(h[None], drive(x[None], weights), weights)
        return lambda directions: product(directions[None])[0]

    def rates(x: Tensor) -> RateEquation | None:
        if cell.current is None:
            return None
        m_n = weights.factors
        return RateEquation(
            recurrent=weights.recurrent[0],
            drive=drive(x[None, None], weights)[0, 0],
            phi=cell.activation,
            current=cell.current,
            factors=None if m_n is None else (m_n[0][0], m_n[1][0]),
        )

    return Driven(
        step=lambda h, x: cell.step(h[None], drive(x[None], weights), weights)[0],
        jacobian=lambda h, x: cell.jacobian(h[None], drive(x[None], weights), weights)[0],
        input_jacobian=lambda h, x: cell.input_jacobian(h[None], drive(x[None], weights), weights)[
            0
        ],
        units=weights.initial_state.shape[1],
        inputs=weights.input.shape[2],
        box=box,
        unbounded=cell.unbounded,
        device=weights.input.device,
        linear=linear,
        rates=rates,
    )
