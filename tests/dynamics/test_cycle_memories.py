"""A network that holds three bits in cycles of period 2 is described as exactly that."""

import itertools

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.attractors import find_attractors
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


STATES = np.random.default_rng(0).uniform(-1, 1, (300, 4))


@pytest.fixture(scope="module")
def search(dynamics):
    return find_fixed_points(dynamics, STATES, rng=np.random.default_rng(1))


@pytest.fixture(scope="module")
def stability(dynamics, search):
    return analyse(dynamics.jacobian(torch.from_numpy(search.states)).numpy())


@pytest.fixture(scope="module")
def found(dynamics, search):
    rng = np.random.default_rng(3)
    return find_attractors(dynamics, STATES, search.states, rng=rng, spread=1.0)


def test_there_are_eight_cycles_and_no_stable_point(search, stability, found):
    assert search.kind.tolist() == ["fixed"] * 27
    assert (stability.unstable >= 1).all()
    assert search.index_sum == 1 and search.verdict == "consistent"
    assert [one.kind for one in found.attractors] == [CYCLE] * 8
    assert [one.period for one in found.attractors] == [2] * 8
    assert found.moving_share == 1 and (found.ends >= 0).all()


def test_every_memory_is_one_cycle(found):
    orbits = np.stack([one.states for one in found.attractors])
    np.testing.assert_allclose(np.abs(orbits), ROOT, atol=1e-10)
    assert (orbits[:, 0, :3] == orbits[:, 1, :3]).all()
    assert (orbits[:, 0, 3] == -orbits[:, 1, 3]).all()
    assert len({tuple(np.sign(orbit[0, :3])) for orbit in orbits}) == 8


def test_the_exponents_of_a_cycle_are_those_of_the_slopes_along_it(found):
    slope = 2 * (1 - ROOT**2)
    exponents = np.stack([one.exponents for one in found.attractors])
    np.testing.assert_allclose(exponents, np.log(slope), atol=1e-9)


@pytest.fixture(scope="module")
def edges(dynamics, search, stability, found):
    return find_transitions(
        dynamics,
        search.states,
        stability.eigenvalues,
        stability.right,
        spread=1.0,
        rng=np.random.default_rng(2),
        moving=[Moving(CYCLE, one.states) for one in found.attractors],
        pulses={name: pulsed(*move) for name, move in PULSES.items()},
    )


def test_pushed_off_any_point_the_state_settles_at_a_cycle(edges):
    noise = edges.kind == "noise"
    assert (edges.target[noise] >= 27).all()
    back = noise & (edges.source >= 27)
    assert (edges.target[back] == edges.source[back]).all()


def test_the_state_machine_runs_on_cycles(found, edges):
    """Each pulse is tried at both states of a cycle, and leads to the right one from both."""
    memories = np.arange(27, 35)
    readouts = np.stack([one.states.mean(0)[:3] for one in found.attractors])
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
    rng = np.random.default_rng(1)
    found = find_attractors(flips, states, np.zeros((1, 3)), rng=rng, spread=1.0)
    corners = {tuple(np.sign(h)) for one in found.attractors for h in one.states}
    assert corners == set(itertools.product([-1, 1], repeat=3))
    assert [one.period for one in found.attractors] == [2] * 4
