"""A network that holds three bits in cycles of period 2 is described as exactly that."""

import itertools

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.attractors.targets import Moving
from rnnpipe.dynamics.classes import CYCLE
from rnnpipe.dynamics.fixed_points import find_fixed_points
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.stability import analyse
from rnnpipe.dynamics.transitions import find_transitions
from rnnpipe.population.state_machine import check_transitions

ROOT = 0.9575040240772687  # of h = tanh(2 h)
# Three units remember; the fourth changes its sign at every step, and never rests.
GAINS = torch.tensor([2.0, 2.0, 2.0, -2.0], dtype=torch.float64)
PULSES = {
    f"bit {bit + 1} {'+' if sign > 0 else '-'}": (bit, sign) for bit in range(3) for sign in (1, -1)
}


def step(states, pulse=0.0):
    return torch.tanh(GAINS * states + torch.as_tensor(pulse))


def pulsed(bit, sign):
    pulse = 4.0 * sign * (torch.arange(4) == bit)
    return lambda states: step(states, pulse)


def after_pulse(readouts, name):
    bit, sign = PULSES[name]
    after = np.sign(readouts)
    after[:, bit] = sign
    return after


@pytest.fixture(scope="module")
def dynamics():
    box = -torch.ones(4, dtype=torch.float64), torch.ones(4, dtype=torch.float64)
    return Dynamics(
        step, lambda h: (GAINS * (1 - step(h) ** 2))[..., None] * torch.eye(4).double(), 4, box
    )


@pytest.fixture(scope="module")
def search(dynamics):
    states = np.random.default_rng(0).uniform(-1, 1, (300, 4))
    return find_fixed_points(dynamics, states, rng=np.random.default_rng(1))


@pytest.fixture(scope="module")
def stability(dynamics, search):
    jacobians = np.stack(
        [
            dynamics.iterated(int(p)).jacobian(torch.from_numpy(h[None]))[0].numpy()
            for h, p in zip(search.states, search.period, strict=True)
        ]
    )
    return analyse(jacobians, period=search.period)


def test_there_are_eight_cycles_and_no_stable_point(search, stability):
    assert search.kind.tolist() == ["fixed"] * 27 + ["cycle"] * 8
    assert search.period.tolist() == [1] * 27 + [2] * 8
    assert (stability.unstable[:27] >= 1).all()
    assert (stability.labels[27:] == "stable").all()
    assert search.index_sum == 1 and search.verdict == "consistent"


def test_every_memory_is_one_cycle(search):
    orbits = np.stack(search.cycles.orbits)
    np.testing.assert_allclose(np.abs(orbits), ROOT, atol=1e-10)
    assert (orbits[:, 0, :3] == orbits[:, 1, :3]).all()
    assert (orbits[:, 0, 3] == -orbits[:, 1, 3]).all()
    assert len({tuple(np.sign(orbit[0, :3])) for orbit in orbits}) == 8


def test_the_multiplier_of_a_cycle_is_the_product_of_the_slopes_along_it(stability):
    slope = 2 * (1 - ROOT**2)
    np.testing.assert_allclose(np.abs(stability.eigenvalues[27:]), slope**2, atol=1e-9)
    np.testing.assert_allclose(stability.time_constant[27:], -1 / np.log(slope), rtol=1e-6)


@pytest.fixture(scope="module")
def edges(dynamics, search, stability):
    return find_transitions(
        dynamics,
        search.states[:27],
        stability.eigenvalues[:27],
        stability.right[:27],
        spread=1.0,
        rng=np.random.default_rng(2),
        moving=[Moving(CYCLE, orbit) for orbit in search.cycles.orbits],
        pulses={name: pulsed(*move) for name, move in PULSES.items()},
    )


def test_pushed_off_any_point_the_state_settles_at_a_cycle(search, edges):
    noise = edges.kind == "noise"
    assert (search.kind[edges.target[noise]] == "cycle").all()
    back = noise & (edges.source >= 27)
    assert (edges.target[back] == edges.source[back]).all()


def test_the_state_machine_runs_on_cycles(search, edges):
    """Each pulse is tried at both states of a cycle, and leads to the right one from both."""
    memories = np.arange(27, 35)
    readouts = np.stack([orbit.mean(0)[:3] for orbit in search.cycles.orbits])
    pulses = edges.kind == "input"
    assert set(edges.source[pulses]) == set(memories)
    assert (edges.trials[pulses] == 2).all()
    table = check_transitions(
        memories,
        readouts,
        edges.source[pulses],
        edges.target[pulses],
        edges.input[pulses],
        edges.probability[pulses],
        after_pulse,
        0.5,
    )
    assert len(table["source"]) == 8 * 6
    assert table["right"].all()


def test_corners_of_three_alternating_units_pair_up():
    """Of h' = -tanh(2 h) the eight corners are four cycles, each of a corner and its opposite."""
    gain = -2 * torch.ones(3, dtype=torch.float64)
    flips = Dynamics(
        lambda h: torch.tanh(gain * h),
        lambda h: (gain * (1 - torch.tanh(gain * h) ** 2))[..., None] * torch.eye(3).double(),
        3,
    )
    states = np.random.default_rng(0).uniform(-1, 1, (300, 3))
    search = find_fixed_points(flips, states, rng=np.random.default_rng(1))
    corners = {tuple(np.sign(h)) for orbit in search.cycles.orbits for h in orbit}
    assert corners == set(itertools.product([-1, 1], repeat=3))
    assert search.period.tolist() == [1] + [2] * 4
