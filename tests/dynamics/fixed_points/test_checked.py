"""A search against the proof: missed points are added, what is none is taken out, all is told."""

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.fixed_points import find_fixed_points
from rnnpipe.dynamics.fixed_points.checked import check
from rnnpipe.dynamics.fixed_points.pool import Pool
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.proof import prove
from tests.dynamics.proof.rate_equations import equation

# Where 2 (1 - h²) = 1 on h = tanh(2 h + u): a fold.
FOLD_INPUT = np.arctanh(np.sqrt(0.5)) - 2 * np.sqrt(0.5)
VISITED = np.random.default_rng(0).uniform(0.9, 1.0, (30, 3))


def cube(drive=0.0, units=3):
    """h' = tanh(2 h + u), whose points are known, as a map that says so."""
    rates = equation(2 * np.eye(units), drive)
    one = torch.ones(units, dtype=torch.float64)

    def step(h):
        return torch.tanh(2 * h + rates.drive)

    def jacobian(h):
        return torch.diag_embed(2 * (1 - step(h) ** 2))

    return Dynamics(step, jacobian, units, (-one, one), rates=rates)


def search(**options):
    rng = np.random.default_rng(0)
    return find_fixed_points(cube(), VISITED, rng=rng, **options)


def test_what_is_found_is_proved():
    found = search()
    assert (found.found, found.index_sum, found.verdict) == (27, 1, "proved")
    assert (found.missed, found.refuted, found.differences) == (0, 0, "")
    assert (found.proof_rank, found.undecided, found.missing) == (3, 0.0, 0.0)
    assert "no other point" in found.reason


def test_points_stay_as_they_are_found_without_a_proof():
    found, plain = search(), search(proof_rank=0)
    np.testing.assert_array_equal(found.states, plain.states)
    assert (plain.verdict, plain.proof_rank, plain.proof_boxes) == ("consistent", 0, 0)
    assert np.isnan(plain.undecided)


def test_what_the_search_misses_is_added_and_told():
    few = {"mixtures": 1, "box": 1, "modes": 1, "rounds": 1, "most_starts": 2}
    plain, found = search(**few, proof_rank=0), search(**few)
    assert plain.found < 27 and plain.verdict == "consistent"
    assert (found.found, found.index_sum, found.verdict) == (27, 1, "proved")
    assert found.missed == 27 - plain.found == (found.hits == 0).sum()
    assert found.q.max() < 1e-20 and found.starts == plain.starts
    assert found.differences == f"the search missed {found.missed} of 27 points"
    assert found.reason.startswith("there is no other point")
    assert f"missed {found.missed}" in found.reason


def test_a_proof_that_is_cut_off_leaves_the_verdict_and_says_how_much_is_open():
    found = search(proof_boxes=50)
    assert found.verdict == "consistent" and 0 < found.undecided <= 1
    assert f"leave {found.undecided:.2g} of it undecided" in found.reason


def test_a_point_that_is_none_is_taken_out():
    dynamics = cube()
    pool = Pool(dynamics, VISITED, tolerance=1e-20, distance=1e-4)
    pool.adopt(np.array([[0.5, 0.5, 0.5]]))
    told = check(pool, prove(dynamics.rates))
    assert (told.missed, told.refuted, len(pool.points)) == (27, 1, 27)
    assert told.differences.endswith("1 that it had found are proved to be none")


@pytest.mark.parametrize(("off", "points"), [(1e-11, 3), (-1e-11, 1)])
def test_two_points_nearer_than_copies_are_two_if_proved_so(off, points):
    """Next to a fold; on its other side the search takes the ghost of both for a point."""
    dynamics = cube(FOLD_INPUT + off, units=1)
    states = np.linspace(-1, 1, 50)[:, None]
    few = {"mixtures": 8, "box": 8, "modes": 1, "rounds": 1}
    found = find_fixed_points(dynamics, states, rng=np.random.default_rng(0), **few)
    assert (found.found, found.index_sum, found.verdict) == (points, 1, "proved")
