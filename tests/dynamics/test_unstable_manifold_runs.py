"""Runs off unstable points, on maps that are known."""

import itertools

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.unstable_manifold_runs import LENGTH, unstable_manifold_runs

ROOT = 0.9575040240772687  # of h = tanh(2 h)
POINTS = np.array(list(itertools.product([-ROOT, 0.0, ROOT], repeat=3)))
ZEROS = POINTS == 0


def of_map(step):
    return Dynamics(step, lambda h: torch.zeros(len(h), 3, 3), 3)


def run(dynamics, points, eigenvalues, right, **options):
    return unstable_manifold_runs(
        dynamics, points, eigenvalues, right, lambda h: h, **{"spread": 1.5, **options}
    )


@pytest.fixture(scope="module")
def cube():
    right = [np.eye(3)[zero] for zero in ZEROS]
    eigenvalues = [np.full(zero.sum(), 2.0) for zero in ZEROS]
    return run(of_map(lambda h: torch.tanh(2 * h)), POINTS, eigenvalues, right)


def test_both_directions_of_every_unstable_mode_are_followed(cube):
    counts = np.bincount([one.source for one in cube], minlength=27)
    assert np.array_equal(counts, 2 * ZEROS.sum(1))


def test_runs_begin_at_their_point_and_end_one_step_further_up_the_cube(cube):
    for one in cube:
        assert np.allclose(one.places[0], POINTS[one.source])
        end = one.places[-1]
        turned = np.flatnonzero(~np.isclose(end, POINTS[one.source], atol=1e-6))
        assert len(turned) == 1 and ZEROS[one.source][turned[0]]
        assert abs(end[turned[0]]) == pytest.approx(ROOT, abs=1e-6)


def test_steps_that_move_next_to_nothing_are_left_out(cube):
    assert max(len(one.places) for one in cube) < 60


def test_a_run_that_goes_round_and_round_ends(cube):
    angle = 0.3
    turn = torch.tensor(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 0.5]]
    )

    def step(h):
        radius = h[:, :2].norm(dim=1, keepdim=True)
        grown = torch.cat([h[:, :2] / radius * (radius + 0.5 * radius * (1 - radius)), h[:, 2:]], 1)
        return grown @ turn.T

    value = np.array([1.5 * np.exp(1j * angle), 1.5 * np.exp(-1j * angle)])
    vectors = np.array([[1, -1j, 0], [1, 1j, 0]]) / 2**0.5
    found = run(of_map(step), np.zeros((1, 3)), [value], [vectors], spread=1.0)
    assert len(found) == 4
    for one in found:
        length = np.linalg.norm(np.diff(one.places, axis=0), axis=1).sum()
        assert 0.8 * LENGTH < length < 1.2 * LENGTH
        assert np.linalg.norm(one.places[-1]) == pytest.approx(1, abs=0.05)


def test_nothing_unstable_gives_no_runs():
    assert run(of_map(torch.tanh), np.zeros((1, 3)), [np.array([0.9])], [np.eye(3)[:1]]) == []


def test_no_more_runs_than_asked_for(cube):
    right = [np.eye(3)[zero] for zero in ZEROS]
    eigenvalues = [np.full(zero.sum(), 2.0) for zero in ZEROS]
    some = run(of_map(lambda h: torch.tanh(2 * h)), POINTS, eigenvalues, right, most=5)
    assert [one.source for one in some] == [one.source for one in cube[:5]]
