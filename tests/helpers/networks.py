"""Small networks and settings that several tests share."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from pydantic import TypeAdapter

from rnnpipe.networks.cells import CELLS, Cell, Weights
from rnnpipe.networks.construction import untrained_networks
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.settings import ConstraintSettings, ModelSettings, TrainingSettings
from rnnpipe.streams import Replicates
from rnnpipe.tasks import Task

LEAKY_CASES = [
    (cell, activation)
    for cell in ("vanilla", "leaky", "ctrnn")
    for activation in ("tanh", "relu", "softplus", "sigmoid")
]
GATED_CASES = [
    (cell, activation) for cell in ("gru", "lstm", "ugrnn") for activation in ("tanh", "relu")
]
CELL_CASES = LEAKY_CASES + GATED_CASES


def step_size(cell: str) -> float:
    return 0.3 if cell in ("leaky", "ctrnn") else 1.0


def make_cell(cell: str, activation: str) -> Cell:
    return CELLS[cell](activation, step_size(cell))


def random_weights(
    networks: int,
    units: int,
    inputs: int,
    outputs: int,
    seed: int = 0,
    gain: float = 1.5,
    cell: str = "vanilla",
) -> Weights:
    rng, kind = torch.Generator().manual_seed(seed), CELLS[cell]

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(networks, *shape, generator=rng, dtype=torch.float64)

    return Weights(
        normal(kind.gates * units, inputs),
        normal(kind.gates * units, units) * gain / units**0.5,
        normal(kind.bias_blocks * units),
        normal(outputs, units),
        normal(outputs),
        normal(kind.state_blocks * units),
    )


def model(cell: str = "vanilla", **settings: Any) -> ModelSettings:
    leak = {"alpha": step_size(cell)} if cell in ("leaky", "ctrnn") else {}
    return TypeAdapter(ModelSettings).validate_python({"cell": cell} | leak | settings)


def replicates(seeds: Sequence[int], constraint: str = "none") -> Replicates:
    """Networks of one cohort, by their seeds."""
    return Replicates("task", "model", constraint, tuple(seeds))


def make_networks(
    seeds: Sequence[int],
    task: Task,
    units: int = 8,
    constraint: dict[str, Any] | None = None,
    **changes: Any,
) -> NetworkStack:
    resolved = ConstraintSettings.model_validate(constraint or {}).resolved(units)
    return untrained_networks(task, model(units=units, **changes), resolved, replicates(seeds))


def training(**changes: Any) -> TrainingSettings:
    """Settings of a short training."""
    short = {"steps": 20, "trials": 8, "validation": {"every": 10, "trials": 8}}
    return TrainingSettings.model_validate(short | changes)


def random_states(shape: tuple[int, ...], seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape))
