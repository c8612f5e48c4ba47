"""What the scans of gated cells share: views of their blocks, and gradients summed in spans.

A gated cell has several currents a unit. Their gradients at all times would
not stay in the cache, so they are held for a span of time steps only: written
step by step, then added to the weights' gradients by one product each.
"""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx

from rnnpipe.networks.activations import ACTIVATIONS

SPAN = 10
SIGMOID = ACTIVATIONS["sigmoid"]


def blocks(values: Tensor, count: int) -> list[tuple[Tensor, ...]]:
    """Views of the blocks of every step: (network, time, trial, block · unit) -> [time][block]."""
    return list(zip(*(part.unbind(1) for part in values.chunk(count, -1)), strict=True))


def spans(time: int) -> Iterator[tuple[int, int]]:
    """First step of every span and the one after its last, from the last span back."""
    for first in reversed(range(0, time, SPAN)):
        yield first, min(first + SPAN, time)


def scaled_rows(matrix: Tensor, first: int, last: int, gain: float) -> Tensor:
    """A copy of (network, row, column) whose rows from `first` up to `last` are times `gain`."""
    scaled = matrix.clone()
    scaled[:, first:last] *= gain
    return scaled


class SpanGradients:
    """Gradients of inputs and weights, summed over spans of time.

    Attributes
    ----------
    delta
        (network, step of the span, trial, row): gradients of the currents,
        for the caller to write; the rows of `w_in`.
    """

    def __init__(
        self, ctx: FunctionCtx, x: Tensor, w_in: Tensor, recurrent: Tensor, h0: Tensor, h: Tensor
    ) -> None:
        networks, time, trials, _ = x.shape
        rows = w_in.shape[1]
        self.delta = x.new_empty(networks, min(SPAN, time), trials, rows)
        self._x, self._w_in, self._h0, self._h = x, w_in, h0, h
        self._recurrent_rows = recurrent.shape[1]
        self._by_x = torch.empty_like(x) if ctx.needs_input_grad[0] else None
        # A product with few columns is many times slower than one with few rows.
        self._by_columns = x.new_zeros(networks, x.shape[-1], rows)
        self._by_recurrent = torch.zeros_like(recurrent)

    def add(self, first: int, last: int) -> None:
        """Add what `delta` holds of the steps from `first` up to `last`."""
        delta = self.delta[:, : last - first]
        rows = delta.flatten(1, 2)
        if self._by_x is not None:
            by_x = torch.bmm(rows, self._w_in)
            self._by_x[:, first:last] = by_x.unflatten(1, delta.shape[1:3])
        self._by_columns.baddbmm_(self._x[:, first:last].flatten(1, 2).mT, rows)
        delta = delta[..., : self._recurrent_rows]
        if first == 0:
            self._by_recurrent.baddbmm_(delta[:, 0].mT, self._h0)
            delta, first = delta[:, 1:], 1
        before = self._h[:, first - 1 : last - 1]
        self._by_recurrent.baddbmm_(delta.flatten(1, 2).mT, before.flatten(1, 2))

    def result(self) -> tuple[Tensor | None, Tensor, Tensor]:
        """Gradients of x, where it is asked for, of the input and of the recurrent weights."""
        return self._by_x, self._by_columns.mT, self._by_recurrent
