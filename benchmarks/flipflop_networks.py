"""The networks that the benchmarks share: tanh units on the flip-flop task."""

from collections.abc import Mapping, Sequence
from typing import Any

from rnnpipe.networks.stack import NetworkStack
from rnnpipe.networks.untrained import untrained_networks
from rnnpipe.settings import ConstraintSettings, TrainingSettings
from rnnpipe.tasks import FlipFlop

MODEL: Mapping[str, Any] = {
    "cell": "vanilla",
    "activation": "tanh",
    "alpha": 1.0,
    "noise": 0.0,
    "gain": 1.0,
}


def networks_of(
    task: FlipFlop,
    seeds: Sequence[int],
    units: int,
    constraint: Mapping[str, Any],
    cell: str = "vanilla",
) -> NetworkStack:
    """Untrained networks, one a seed, as a training job makes them.

    Parameters
    ----------
    constraint
        A constraint as the experiment file gives it, such as ``{"dale_ratio": 0.8}``.
    """
    resolved = ConstraintSettings.model_validate(constraint).resolved(units)
    return untrained_networks(task, {**MODEL, "cell": cell}, resolved, seeds)


def training_settings(**changes: Any) -> dict[str, Any]:
    """The training section as a job gets it: the defaults with `changes`."""
    settings = TrainingSettings.model_validate(changes)
    return settings.model_dump(mode="json") | {"train": settings.trained_parts()}
