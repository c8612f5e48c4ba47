"""The networks that the benchmarks share: tanh units on the flip-flop task."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from rnnpipe.networks.construction import untrained_networks
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.settings import ConstraintSettings, ModelSettings
from rnnpipe.streams import Replicates
from rnnpipe.tasks import FlipFlop


def networks_of(
    task: FlipFlop,
    seeds: Sequence[int],
    units: int,
    constraint: Mapping[str, Any],
    cell: str = "vanilla",
) -> NetworkStack:
    """Untrained networks, one per seed, as a training job makes them.

    Parameters
    ----------
    constraint
        A constraint as the experiment file gives it, such as ``{"dale_ratio": 0.8}``.
    """
    resolved = ConstraintSettings.model_validate(constraint).resolved(units)
    model = TypeAdapter(ModelSettings).validate_python({"cell": cell, "units": units})
    return untrained_networks(task, model, resolved, replicates(seeds))


def replicates(seeds: Sequence[int]) -> Replicates:
    """Networks of one cohort, by their seeds."""
    return Replicates("flipflop", "tanh", "none", tuple(seeds))
