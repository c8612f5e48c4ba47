import numpy as np
import torch

from rnnpipe.dynamics.attractors.settle import Targets, settle


def attractors(*orbits, radius=0.05):
    states = torch.tensor([state for orbit in orbits for state in orbit], dtype=torch.float64)
    period = torch.tensor([len(orbit) for orbit in orbits])
    owner = torch.repeat_interleave(torch.arange(len(orbits)), period)
    radii = torch.full((len(states),), radius, dtype=torch.float64)
    return Targets(states[:, None], owner, period, torch.full_like(period, 10), radii)


def alternate(h):
    """-1 and 1 alternate; both halves of the line are drawn to them."""
    return -torch.sign(h) * (1 + 0.5 * (h.abs() - 1))


def test_a_run_settles_on_the_cycle_that_it_falls_into_from_either_side():
    starts = torch.tensor([[0.3], [-0.2], [1.5], [-3.0]], dtype=torch.float64)
    places, taken = settle(alternate, starts, attractors([-1.0, 1.0]), 1e-9, 100)
    assert places.tolist() == [0, 0, 0, 0]
    # From 0.3 the distance 0.7 halves at every update and is below 0.05 after four.
    assert taken[0] == 4


def test_staying_near_one_state_of_a_cycle_is_not_enough_when_it_is_left_for_good():
    def step(h):
        return h * 1.02  # creeps away from 1

    places, taken = settle(
        step, torch.tensor([[1.0]], dtype=torch.float64), attractors([1.0, -1.0]), 1e-9, 200
    )
    assert places.tolist() == [-1] and np.isnan(taken).all()


def test_two_cycles_are_told_apart():
    def step(h):
        side = torch.sign(h)
        return side * (5 - alternate(h.abs() - 5).neg())

    starts = torch.tensor([[4.4], [-5.8]], dtype=torch.float64)
    both = attractors([4.0, 6.0], [-4.0, -6.0])
    places, _ = settle(step, starts, both, 1e-9, 100)
    assert places.tolist() == [0, 1]


def test_without_attractors_nothing_settles():
    empty = Targets(torch.empty((0, 1)), *(torch.empty(0).long() for _ in range(3)), torch.empty(0))
    places, taken = settle(alternate, torch.ones((3, 1)), empty, 1e-9, 5)
    assert (places == -1).all() and np.isnan(taken).all()
