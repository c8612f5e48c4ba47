"""The networks of some seeds before training: what settings and seeds alone decide."""

from collections.abc import Mapping, Sequence
from typing import Any

from rnnpipe.networks.constraints import connectivity
from rnnpipe.networks.stack import NetworkStack, new_networks
from rnnpipe.settings.sections.constraints import ResolvedConstraint
from rnnpipe.streams import stream
from rnnpipe.tasks import Task


def untrained_networks(
    task: Task, model: Mapping[str, Any], constraint: ResolvedConstraint, seeds: Sequence[int]
) -> NetworkStack:
    """Untrained networks, one a seed, each with connectivity and weights of its own streams.

    Parameters
    ----------
    model
        `cell`, `activation`, `alpha`, `noise` and `gain`.
    constraint
        The constraint on networks of the model's size.
    """
    connections = [
        connectivity(constraint, task.inputs, task.outputs, stream(seed, "connectivity"))
        for seed in seeds
    ]
    return new_networks(model, connections, [stream(s, "initial weights") for s in seeds])
