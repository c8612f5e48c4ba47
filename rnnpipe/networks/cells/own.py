"""The base of a cell of one's own: from its step alone all else follows by differentiation."""

from collections.abc import Callable

import torch
from torch import Tensor

from rnnpipe.dynamics.maps import Linear
from rnnpipe.networks.cells.base import Cell, Weights, drive
from rnnpipe.networks.cells.scan import from_initial_state

# (network, trial, column) -> (network, trial, state).
Call = Callable[[Tensor], Tensor]


class StepCell(Cell):
    """A cell whose step is differentiated automatically.

    A subclass gives `step`, and where they are not 1 (`candidate`: 0) the numbers `gates`,
    `candidate`, `bias_blocks` and `state_blocks`. `rates` and `box` may be given too, and for speed
    the derivatives and the scan.
    """

    kind = ""

    def jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        basis = torch.eye(h.shape[-1], dtype=h.dtype, device=h.device)
        return self.linearized(h, u, weights)(basis.expand(*h.shape[:2], -1, -1)).mT

    def linearized(self, h: Tensor, u: Tensor, weights: Weights) -> Linear:
        def product(directions: Tensor) -> Tensor:
            driven = u.repeat_interleave(directions.shape[2], dim=1)
            return _along(lambda state: self.step(state, driven, weights), h, directions)

        return product

    def input_jacobian(self, h: Tensor, u: Tensor, weights: Weights) -> Tensor:
        directions = weights.input.mT[:, None].expand(-1, h.shape[1], -1, -1)
        states = h.repeat_interleave(directions.shape[2], dim=1)
        return _along(lambda driven: self.step(states, driven, weights), u, directions).mT

    def scan(
        self, x: Tensor, weights: Weights, noise: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        h, states = from_initial_state(weights, x.shape[2]), []
        for time, now in enumerate(x.unbind(1)):
            u = drive(now, weights)
            if noise is not None:
                u = self._with_noise(u, noise[:, time])
            h = self.step(h, u, weights)
            states.append(h)
        visited = torch.stack(states, dim=1)
        return visited, self.rates(visited)

    def _with_noise(self, u: Tensor, noise: Tensor) -> Tensor:
        """The drive with noise (network, trial, unit) in the candidate's current."""
        blocks = list(u.chunk(self.gates, -1))
        blocks[self.candidate] = blocks[self.candidate] + noise
        return torch.cat(blocks, dim=-1)

    def rates(self, h: Tensor) -> Tensor:
        return h[..., : h.shape[-1] // self.state_blocks]

    def box(self, u: Tensor, weights: Weights) -> tuple[Tensor, Tensor] | None:
        return None

    @property
    def unbounded(self) -> str:
        """Why `box` returns None, if it does."""
        return f"{type(self).__name__} names no box that it maps into itself"


def _along(call: Call, at: Tensor, directions: Tensor) -> Tensor:
    """Derivatives along directions (network, trial, k, column): (network, trial, k, state).

    The product with the transposed Jacobian is linear in what it is taken with; its own derivative
    is the product with the Jacobian, for all trials and directions at once. Where a step cannot be
    differentiated twice, rows of the Jacobian are formed one by one.

    Parameters
    ----------
    call
        (network, trial · k, column) -> (network, trial · k, state), each trial by itself.
    at
        (network, trial, column).
    directions
        (network, trial, k, column).
    """
    count = directions.shape[2]
    many = at.detach().repeat_interleave(count, dim=1)
    vectors = directions.flatten(1, 2)
    try:
        with torch.enable_grad():
            many.requires_grad_()
            after = call(many)
            weights = torch.zeros_like(after, requires_grad=True)
            (pulled,) = torch.autograd.grad(after, many, weights, create_graph=True)
            (found,) = torch.autograd.grad(pulled, weights, vectors)
    except (NotImplementedError, RuntimeError):
        found = (rows_of(call, many) @ vectors[..., None])[..., 0]
    return found.unflatten(1, (at.shape[1], count))


def rows_of(call: Call, at: Tensor) -> Tensor:
    """The Jacobian (network, trial, state, column) by backward passes, row by row.

    Parameters
    ----------
    call
        (network, trial, column) -> (network, trial, state), each trial by itself.
    at
        (network, trial, column).
    """
    at = at.detach().requires_grad_()
    with torch.enable_grad():
        after = call(at)
        if not after.requires_grad:  # it depends on nothing
            return at.new_zeros(*after.shape, at.shape[-1])
        rows = [
            torch.autograd.grad(one.sum(), at, retain_graph=True, materialize_grads=True)[0]
            for one in after.unbind(-1)
        ]
    return torch.stack(rows, dim=2)
