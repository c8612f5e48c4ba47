"""Points that are followed are those that thorough searches find at every kept step."""

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.classes import FIXED
from rnnpipe.dynamics.development import Moment, develop
from rnnpipe.dynamics.development.passage import passage
from rnnpipe.dynamics.fixed_points import find_fixed_points
from rnnpipe.dynamics.spread import spread
from rnnpipe.networks.between import between
from rnnpipe.networks.harvest import trajectories
from rnnpipe.networks.snapshots import Snapshots
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.fit import fit
from tests.helpers.networks import make_networks, replicates, training

TASK, X = FlipFlop(bits=2, time=20), np.zeros(2)
KEEP = (40, 80, 120)
FEW = {"visited": 4, "box": 0, "steps": 200, "exponent_steps": 50}


def grown(cell: str, seeds: list[int], units: int) -> Snapshots:
    settings = training(steps=120, learning_rate=0.02, trials=32)
    networks = make_networks(seeds, TASK, cell=cell, units=units)
    return fit(networks, TASK, replicates(seeds), settings, keep=KEEP).snapshots


def paired(points: np.ndarray, others: np.ndarray, unit: float) -> bool:
    """Whether two sets of points are the same."""
    apart = np.linalg.norm(points[:, None] - others, axis=2)
    near = apart < 1e-3 * unit
    return points.shape == others.shape and bool((near.sum(0) == 1).all())


def check(snapshots: Snapshots, row: int) -> int:
    """Compare every step with a thorough search; return the number of points at the end."""
    networks, steps = snapshots.of(row)
    trials = TASK.part("test").sample(16, np.random.default_rng(0))
    visited = trajectories(networks, trials)[0].reshape(len(steps), -1, networks.state_size)
    moments = [Moment(networks.dynamics(i, X), own) for i, own in enumerate(visited)]

    def family(number: int):
        return between(networks, number, number + 1, torch.from_numpy(X))

    found = develop(moments, family, rng=np.random.default_rng(1), search={"rounds": 8}, runs=FEW)
    for moment, skeleton in zip(moments, found.skeletons, strict=True):
        searched = find_fixed_points(
            moment.dynamics,
            moment.visited,
            rng=np.random.default_rng(2),
            mixtures=256,
            box=256,
        )
        points = searched.states[searched.kind == FIXED]
        assert paired(skeleton.points.states, points, spread(moment.visited))
        assert skeleton.index_sum == 1
    # From the step before alone, all that stay are found under their new weights.
    for number in range(len(moments) - 1):
        before, after = found.skeletons[number].points, found.skeletons[number + 1].points
        unit = spread(visited[number + 1])
        alone = passage(family(number), before.states, unit, 100.0)
        here, there = found.points.identities[number : number + 2]
        staying = {int(here[w.start.point]): w.end.point for w in alone.pairs() if w.stays}
        assert staying.keys() == set(here) & set(there)
        for identity, point in staying.items():
            own = after.states[there == identity][0]
            assert np.linalg.norm(alone.points[1][point] - own) < 1e-3 * unit
    return len(found.skeletons[-1].points)


@pytest.mark.parametrize("cell", ["vanilla", "gru"])
def test_following_and_searching_agree(cell):
    assert check(grown(cell, [0], 10), 0) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["vanilla", "gru"])
def test_following_and_searching_agree_on_ten_networks(cell):
    snapshots = grown(cell, list(range(5)), 24)
    assert [check(snapshots, row) for row in range(5)]
