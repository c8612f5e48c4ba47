"""Networks made from settings and seeds, or from given weights."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from rnnpipe.networks.cells import CELLS, Cell
from rnnpipe.networks.constraints import (
    Connectivity,
    connectivity,
    initial_gates,
    initial_recurrent,
)
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

    Parameters
    ----------
    constraint
        The constraint on networks of the model's size.
    """
    connections = sampled_connections(task, constraint, replicates)
    rngs = replicates.streams("initial weights")
    return new_networks(make_cell(model), model.gain, connections, rngs)


def sampled_connections(
    task: Task, constraint: ResolvedConstraint, replicates: Replicates
) -> list[Connectivity]:
    """The connectivity of every network."""
    return [
        connectivity(constraint, task.inputs, task.outputs, rng)
        for rng in replicates.streams("connectivity")
    ]


def make_cell(model: ModelSettings) -> Cell:
    """The cell of a model."""
    return CELLS[model.cell](model.activation, model.alpha, model.noise)


def new_networks(
    cell: Cell,
    gain: float,
    connections: Sequence[Connectivity],
    rngs: Sequence[np.random.Generator],
) -> NetworkStack:
    """Untrained networks, one per connectivity and generator.

    Input and output weights start Gaussian with variance 1/fan-in, initial
    states at zero, biases as the cell says, the candidate's recurrent weights
    as `initial_recurrent` says with the given `gain`, and those of other gates
    as `initial_gates` says.
    """
    parts = [
        _initial_parts(cell, connection, gain, rng)
        for connection, rng in zip(connections, rngs, strict=True)
    ]
    return assemble(cell, connections, parts)


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


def _initial_parts(
    cell: Cell, connection: Connectivity, gain: float, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    units, inputs = connection.input_mask.shape
    outputs = len(connection.output_mask)
    part = {
        "input": rng.standard_normal((cell.gates * units, inputs)) / np.sqrt(inputs),
        "recurrent": initial_recurrent(connection, gain, rng),
        "bias": cell.initial_bias(units),
        "output": rng.standard_normal((outputs, units)) / np.sqrt(units),
        "output_bias": np.zeros(outputs),
        "initial_state": np.zeros(cell.state_blocks * units),
    }
    if cell.gates > 1:
        blocks = list(initial_gates(connection, cell.gates - 1, rng))
        blocks.insert(cell.candidate, part["recurrent"])
        part["recurrent"] = np.concatenate(blocks)
    return part
