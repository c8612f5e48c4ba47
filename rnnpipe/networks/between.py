"""Networks between two sets of weights: weights interpolated along the straight line."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from rnnpipe.dynamics.maps import Driven
from rnnpipe.networks.cells import Cell, Weights, drive
from rnnpipe.networks.stack import NetworkStack

# Interpolated weights, one set per state, that are held at once.
CHUNK_BYTES = 64 * 2**20
# Half the difference of shares in derivatives by them: errors of rounding and of the third
# derivative are then alike, about 1e-11 of the update.
NUDGE = 1e-5
Rows = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class _Line:
    """Effective weights of two networks, and the drives of one input held in both."""

    cell: Cell
    weights: tuple[Weights, Weights]
    drives: tuple[Tensor, Tensor]

    def at(self, shares: Tensor) -> tuple[Tensor, Weights]:
        """Drive and weights of a stack with a network per share (row, 1)."""
        first, last = self.weights

        def mixed(part: str) -> Tensor:
            return torch.lerp(getattr(first, part), getattr(last, part), shares[..., None])

        bias, initial = (
            torch.lerp(getattr(first, part), getattr(last, part), shares)
            for part in ("bias", "initial_state")
        )
        weights = Weights(
            input=mixed("input"),
            recurrent=mixed("recurrent"),
            bias=bias,
            output=first.output.expand(len(shares), -1, -1),
            output_bias=first.output_bias.expand(len(shares), -1),
            initial_state=initial,
        )
        return torch.lerp(*self.drives, shares[..., None]), weights

    def step(self, states: Tensor, shares: Tensor) -> Tensor:
        """One update of states (row, unit), each of the network at its own share (row, 1)."""
        return self.cell.step(states[:, None], *self.at(shares))[:, 0]

    def jacobian(self, states: Tensor, shares: Tensor) -> Tensor:
        """Derivatives of updates by the states, (row, unit, unit)."""
        return self.cell.jacobian(states[:, None], *self.at(shares))[:, 0]

    def share_jacobian(self, states: Tensor, shares: Tensor) -> Tensor:
        """Derivatives of updates by the shares, (row, unit, 1): central differences.

        They steer Newton's method and steps along curves, whose places do not depend on them.
        """
        ahead, back = (self.step(states, shares + nudge) for nudge in (NUDGE, -NUDGE))
        return ((ahead - back) / (2 * NUDGE))[..., None]


def between(networks: NetworkStack, first: int, last: int, x: Tensor) -> Driven:
    """The map of state and share of a network whose weights go from one network's to another's.

    Its one input is the share s of the way, from 0 to 1: the effective weights are
    (1 - s) W_first + s W_last, of one input x (input,) that is held, in float64. Signs and masks
    that both networks obey, all on the way obey.
    """
    ends = tuple(networks.select([row]).double().weights() for row in (first, last))
    held = x.to(ends[0].input)[None, None]
    line = _Line(networks.cell, ends, tuple(drive(held, weights) for weights in ends))
    rows = max(1, CHUNK_BYTES // (8 * ends[0].recurrent.numel()))
    return Driven(
        step=_in_chunks(line.step, rows),
        jacobian=_in_chunks(line.jacobian, rows),
        input_jacobian=_in_chunks(line.share_jacobian, rows),
        units=ends[0].initial_state.shape[1],
        inputs=1,
    )


def _in_chunks(function: Rows, rows: int) -> Rows:
    """Apply a function to few rows at a time, since each has weights of its own."""

    def apply(states: Tensor, shares: Tensor) -> Tensor:
        chunks = zip(states.split(rows), shares.split(rows), strict=True)
        return torch.cat([function(*chunk) for chunk in chunks])

    return apply
