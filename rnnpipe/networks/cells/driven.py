"""A cell with its weights, as a map of state and input."""

from torch import Tensor

from rnnpipe.dynamics.maps import Box, Driven
from rnnpipe.networks.cells.base import Cell, Weights, drive


def driven(cell: Cell, weights: Weights) -> Driven:
    """The map of one network, (batch, state) and (batch, input) to (batch, state).

    Parameters
    ----------
    weights
        Of a stack of one network.
    """

    def box(x: Tensor) -> Box | None:
        corners = cell.box(drive(x[None, None], weights)[:, 0], weights)
        return None if corners is None else (corners[0][0], corners[1][0])

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
    )
