"""What every cell has: one step, its Jacobians, its scan over time, its invariant box.

Shapes: states (network, trial, state), inputs (network, trial, input), weights
stacked along the leading network axis, `W[post, pre]`. A cell with several
gates has their rows one block after another, in the order of its equations.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

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


def drive(x: Tensor, weights: Weights) -> Tensor:
    """W_in x + b: (network, trial, input) -> (network, trial, gate · unit)."""
    bias = weights.bias[:, None, : weights.input.shape[1]]
    return torch.baddbmm(bias, x, weights.input.mT)


def from_initial_state(weights: Weights, trials: int) -> Tensor:
    """Where every trial starts, (network, trial, state)."""
    return weights.initial_state[:, None].expand(-1, trials, -1)


def with_ones(x: Tensor) -> Tensor:
    """Inputs with a last channel of ones, which the bias is the weight of."""
    return torch.cat([x, x.new_ones(*x.shape[:-1], 1)], dim=-1)


class Cell(ABC):
    """A cell kind with its activation φ and its step size α = dt/τ.

    Attributes
    ----------
    gates
        Blocks of rows of the input and the recurrent weights, each of as many
        rows as there are units.
    candidate
        The block that goes through φ: the current that signs act on.
    bias_blocks
        Blocks of the bias; those beyond `gates` are no part of the drive.
    state_blocks
        State variables of a unit.
    """

    gates: ClassVar[int] = 1
    candidate: ClassVar[int] = 0
    bias_blocks: ClassVar[int] = 1
    state_blocks: ClassVar[int] = 1

    def __init__(self, activation: str, alpha: float = 1.0) -> None:
        self.activation: Activation = ACTIVATIONS[activation]
        self.alpha = alpha

    @abstractmethod
    def step(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        """One update of states h under the drive u = W_in x + b; (network, trial, state)."""

    @abstractmethod
    def jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        """dh'_i/dh_j in closed form, (network, trial, state, state)."""

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
            Weights; their initial state is where every trial starts.
        noise
            (network, time, trial, unit), added to the drive of a leaky cell.

        Returns
        -------
        tuple
            States after each update (network, time, trial, state), and the
            rates that the readout sees of them (network, time, trial, unit).
        """

    @abstractmethod
    def rates(self, h: Tensor) -> Tensor:
        """What the readout sees of the state, (..., state) -> (..., unit)."""

    @abstractmethod
    def box(self, u: Tensor, weights: Weights) -> tuple[Tensor, Tensor] | None:
        """Corners of a box that the cell maps into itself under a held drive (network, row)."""

    @property
    def unbounded(self) -> str:
        """Why `box` has none to give, where it has none."""
        return "" if self.activation.bounded else f"{self.activation.name} is unbounded"

    def initial_bias(self, units: int) -> np.ndarray:
        """Bias (bias row,) to start training from."""
        return np.zeros(self.bias_blocks * units)
