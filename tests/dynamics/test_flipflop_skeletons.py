"""Gated networks learn the 3-bit flip-flop with the default settings and show its skeleton.

Golub & Sussillo 2018 (JOSS 3:1003): a memory for every pattern of signs, and
saddles between them.
"""

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.classes import ATTRACTOR
from rnnpipe.dynamics.continua import Continuum, find_continua
from rnnpipe.dynamics.fixed_points import Search, find_fixed_points
from rnnpipe.dynamics.spread import spread
from rnnpipe.networks.harvest import trajectories
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.settings import TrainingSettings
from rnnpipe.settings.sections.analysis import FixedPointSettings
from rnnpipe.streams import stream
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.fit import fit
from tests.helpers.networks import make_networks, replicates

TASK = FlipFlop()
SEEDS = (0, 1, 2)
SKELETON = [8, 12, 6, 1]


def search(networks: NetworkStack, network: int) -> Search:
    states, _ = trajectories(networks, TASK.sample(128, stream(0, "harvest")))
    return find_fixed_points(
        networks.dynamics(network, np.zeros(TASK.inputs)),
        states[network].reshape(-1, networks.state_size),
        rng=stream(SEEDS[network], "fixed points zero"),
        **FixedPointSettings().model_dump(),
    )


def fixed_points(found: Search) -> torch.Tensor:
    return torch.from_numpy(found.states[found.kind == "fixed"])


def unstable_modes(networks: NetworkStack, network: int, points: torch.Tensor) -> np.ndarray:
    jacobians = networks.dynamics(network, np.zeros(TASK.inputs)).jacobian(points)
    return (torch.linalg.eigvals(jacobians).abs() > 1).sum(1).numpy()


def patterns(networks: NetworkStack, network: int, points: torch.Tensor) -> set[tuple[float, ...]]:
    """Signs of the outputs at the points."""
    outputs = networks.select([network]).double().readout(points[None, None])[0, 0]
    return set(map(tuple, outputs.sign().tolist()))


def continuous_attractors(networks: NetworkStack, network: int, found: Search) -> list[Continuum]:
    """Slow curves that attract and hold; a curve through saddles, or that leaks, is none."""
    states, _ = trajectories(networks, TASK.sample(128, stream(0, "harvest")))
    visited = states[network].reshape(-1, networks.state_size)
    curves = find_continua(
        networks.dynamics(network, np.zeros(TASK.inputs)),
        visited,
        found.states,
        spread(visited),
        stream(SEEDS[network], "continua zero"),
        trial=TASK.time,
    )
    return [curve for curve in curves if curve.nature == ATTRACTOR]


@pytest.mark.slow
@pytest.mark.parametrize(("cell", "with_skeleton"), [("gru", 2), ("lstm", 2), ("ugrnn", 1)])
def test_every_pattern_is_remembered_at_a_stable_point(cell, with_skeleton):
    """`with_skeleton` of the three networks have the 27 points, and others only out of reach.

    UGRNNs have further memories, beyond all visited states; saddles of LSTMs may lie there, too.
    """
    untrained = make_networks(SEEDS, TASK, units=64, cell=cell)
    result = fit(untrained, TASK, replicates(SEEDS), TrainingSettings())
    assert (result.summary["score"] > 0.99).all()
    whole = 0
    for network in range(len(SEEDS)):
        found = search(result.networks, network)
        points = fixed_points(found)
        unstable = unstable_modes(result.networks, network, points)
        visited = ~found.beyond_visited[found.kind == "fixed"]
        stable = points[torch.from_numpy(unstable == 0)]
        assert len(patterns(result.networks, network, stable)) == 8
        assert not continuous_attractors(result.networks, network, found)
        assert (found.index_sum, found.verdict) == (1, "consistent")
        whole += SKELETON in (np.bincount(unstable[own]).tolist() for own in (..., visited))
    assert whole >= with_skeleton
