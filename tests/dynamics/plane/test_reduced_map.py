"""The map of κ is the network's own: of every rate state, and of currents on their plane."""

from dataclasses import replace

import pytest
import torch

from rnnpipe.dynamics.plane.reduced_map import trial_kappa
from tests.dynamics.plane.networks_of_low_rank import INPUTS, UNITS, drawn, reduced
from tests.helpers.networks import random_states

X = torch.tensor([0.4, -1.1], dtype=torch.float64)
STATES = 2 * random_states((7, UNITS), seed=3)
RANKS = pytest.mark.parametrize("rank", [1, 2, 3])


def same(one: torch.Tensor, other: torch.Tensor) -> bool:
    return torch.allclose(one, other, rtol=1e-11, atol=1e-12)


@RANKS
@pytest.mark.parametrize("activation", ["tanh", "softplus"])
@pytest.mark.parametrize(("kind", "alpha"), [("vanilla", 1.0), ("leaky", 0.3)])
def test_rates_any_state_has_the_next_kappa_of_its_kappa(kind, alpha, activation, rank):
    whole, found, plane = reduced(*drawn(kind, rank, alpha, activation), X)
    assert found.rank == rank
    kappa, states = plane.kappa(STATES), STATES
    for _ in range(5):
        kappa, states = plane.update(kappa), whole.held(X).step(states)
        assert same(plane.kappa(states), kappa)
    assert same(plane.flow(kappa), plane.update(kappa) - kappa)
    assert (plane.beside(STATES) == 0).all()


def test_what_states_of_one_kappa_differ_in_decays_by_the_leak():
    whole, _, plane = reduced(*drawn("leaky", 2, 0.3), X)
    others = plane.states(plane.kappa(STATES))
    assert same(plane.kappa(others), plane.kappa(STATES))
    step = whole.held(X).step
    assert same(step(STATES) - step(others), 0.7 * (STATES - others))


@RANKS
def test_currents_on_the_plane_stay_there_and_follow_the_map(rank):
    whole, _, plane = reduced(*drawn("ctrnn", rank, 0.3), X)
    kappa = random_states((6, rank), seed=1)
    states = plane.states(kappa)
    assert same(plane.kappa(states), kappa)
    for _ in range(5):
        kappa, states = plane.update(kappa), whole.held(X).step(states)
        assert same(states, plane.states(kappa))


def test_currents_come_to_the_plane_by_the_leak_and_differ_by_no_more_than_is_said():
    whole, _, plane = reduced(*drawn("ctrnn", 2, 0.3), X)
    after = whole.held(X).step(STATES)
    off = plane.beside(STATES)
    assert off.min() > 0.1
    assert same(plane.beside(after), 0.7 * off)
    error = (plane.kappa(after) - plane.update(plane.kappa(STATES))).abs()
    # |e| is √N times its root mean square over units.
    bound = 0.3 * plane.n.norm(dim=0) * (off * UNITS**0.5)[:, None] / UNITS
    assert (error > 1e-3).any()
    assert (error <= bound).all()


@pytest.mark.parametrize(("kind", "alpha"), [("leaky", 0.3), ("ctrnn", 0.3), ("ctrnn", 1.0)])
def test_kappa_along_trials_follows_the_rates_whatever_the_input(kind, alpha):
    cell, weights = drawn(kind, 2, alpha)
    _, found, plane = reduced(cell, weights, X)
    x = random_states((1, 9, 4, INPUTS), seed=5)
    states, rates = (part[0].transpose(0, 1) for part in cell.scan(x, weights))
    drives = x[0].transpose(0, 1) @ weights.input[0].mT + weights.bias[0]
    kappa = trial_kappa(plane, states, drives, weights.initial_state[0])
    driven = rates @ found.n / UNITS
    if kind == "leaky":
        assert same(kappa, driven)
        return
    assert same(kappa[:, 1:], (1 - alpha) * kappa[:, :-1] + alpha * driven[:, :-1])
    # What is left of the state depends on the input alone: it is that of a network without W.
    start = weights.initial_state @ (torch.eye(UNITS) - found.m @ found.m.mT / UNITS).double()
    silent = replace(weights, m=0 * weights.m, recurrent=0 * weights.recurrent, initial_state=start)
    rest = cell.scan(x, silent)[0][0].transpose(0, 1)
    assert same(states - kappa @ found.m.mT, rest)
