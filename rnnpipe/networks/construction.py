"""Networks made from settings and seeds, or from given weights."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch

from rnnpipe.networks.cells import Cell
from rnnpipe.networks.constraints import (
    Connectivity,
    connectivity,
    initial_gates,
    initial_recurrent,
)
from rnnpipe.networks.initial_loadings import drawn_loadings, random_factors
from rnnpipe.networks.own_cells import cell_of
from rnnpipe.networks.stack import NetworkStack, parameter_row
from rnnpipe.settings.sections.constraints import ResolvedConstraint
from rnnpipe.settings.sections.models import ModelSettings
from rnnpipe.settings.sections.training import PARTS
from rnnpipe.streams import Replicates
from rnnpipe.tasks import Task


def untrained_networks(
    task: Task, model: ModelSettings, constraint: ResolvedConstraint, replicates: Replicates
) -> NetworkStack:
    """Untrained networks, each with connectivity and weights from its own streams.

    Input and output weights start Gaussian with variance 1/fan-in, initial
    states at zero, biases as the cell says, the candidate's recurrent weights
    as `initial_recurrent` says with the model's gain, those of other gates
    as `initial_gates` says, and those of low rank as `networks.initial_loadings` says.

    Parameters
    ----------
    constraint
        The constraint on networks of the model's size.
    """
    return initial_networks(
        make_cell(model),
        sampled_connections(task, constraint, replicates),
        replicates,
        gain=model.gain,
        rank=constraint.rank,
        loadings=constraint.loadings,
    )


def initial_networks(
    cell: Cell,
    connections: Sequence[Connectivity],
    replicates: Replicates,
    *,
    gain: float,
    rank: int | None = None,
    loadings: Mapping[str, float] | None = None,
) -> NetworkStack:
    """Untrained networks of known connectivity; trained ones began as these.

    Parameters
    ----------
    gain
        That of the model.
    rank, loadings
        Those of the constraint; None: full rank, and loadings that are independent.
    """
    parts = [
        _initial_parts(cell, connection, gain, rng)
        if rank is None
        else _low_rank_parts(cell, connection, gain, rank, loadings or {}, rng)
        for connection, rng in zip(connections, replicates.streams("initial weights"), strict=True)
    ]
    return assemble(cell, connections, parts)


def sampled_connections(
    task: Task, constraint: ResolvedConstraint, replicates: Replicates
) -> list[Connectivity]:
    """The connectivity of every network."""
    return [
        connectivity(constraint, task.inputs, task.outputs, rng)
        for rng in replicates.streams("connectivity")
    ]


def make_cell(model: ModelSettings) -> Cell:
    """The cell of a model; `GivenFileError` if the file of a cell of one's own cannot be used."""
    return cell_of(model.cell, model.activation, model.alpha, model.noise, model.arguments)


def assemble(
    cell: Cell,
    connections: Sequence[Connectivity],
    parts: Sequence[Mapping[str, np.ndarray]],
    dtype: torch.dtype = torch.float32,
) -> NetworkStack:
    """Networks of given raw parameters, each of its own connectivity.

    Parameters
    ----------
    parts
        The arrays that `PARTS` names, for each network.
    """
    stacked = (
        torch.tensor(np.stack([getattr(c, name) for c in connections]), dtype=dtype)
        for name in ("mask", "sign", "input_mask", "output_mask")
    )
    raw = torch.tensor(np.stack([parameter_row(part) for part in parts]), dtype=dtype)
    shapes = {name: parts[0][name].shape for name in PARTS}
    return NetworkStack(cell, raw, shapes, *stacked, connections[0].regions)


def _low_rank_parts(
    cell: Cell,
    connection: Connectivity,
    gain: float,
    rank: int,
    loadings: Mapping[str, float],
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    units, inputs = connection.input_mask.shape
    part = _with_recurrent(cell, connection, lambda: random_factors(units, rank, gain, rng), rng)
    sizes = units, inputs, len(connection.output_mask)
    return {**part, **drawn_loadings(loadings, rank, sizes, rng)} if loadings else part


def _with_recurrent(
    cell: Cell,
    connection: Connectivity,
    recurrent: Callable[[], np.ndarray],
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Initial parts with recurrent weights that are drawn after those of the inputs."""
    units, inputs = connection.input_mask.shape
    outputs = len(connection.output_mask)
    return {
        "input": rng.standard_normal((cell.gates * units, inputs)) / np.sqrt(inputs),
        "recurrent": recurrent(),
        "bias": cell.initial_bias(units),
        "output": rng.standard_normal((outputs, units)) / np.sqrt(units),
        "output_bias": np.zeros(outputs),
        "initial_state": np.zeros(cell.state_blocks * units),
    }


def _initial_parts(
    cell: Cell, connection: Connectivity, gain: float, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    part = _with_recurrent(cell, connection, lambda: initial_recurrent(connection, gain, rng), rng)
    if cell.gates > 1:
        blocks = list(initial_gates(connection, cell.gates - 1, rng))
        blocks.insert(cell.candidate, part["recurrent"])
        part["recurrent"] = np.concatenate(blocks)
    return part
