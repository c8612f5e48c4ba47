"""Directions are the matrix's own, whatever its factors and the order of its units."""

import pytest
import torch

from rnnpipe.dynamics.plane import directions
from tests.helpers.networks import random_states

UNITS = 15


def factors(rank: int) -> tuple[torch.Tensor, torch.Tensor]:
    m, n = random_states((2, UNITS, rank), seed=rank)
    return m, n


READOUT = random_states((2, UNITS), seed=9)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_they_are_the_singular_vectors(rank):
    m, n = factors(rank)
    W = m @ n.mT
    found = directions(W, READOUT, factors=(m, n))
    assert torch.allclose(found.m @ found.n.mT / UNITS, W)
    eye = torch.eye(rank, dtype=W.dtype)
    assert torch.allclose(found.m.mT @ found.m / UNITS, eye)
    sizes = torch.linalg.svdvals(W)[:rank]
    assert torch.allclose(found.singular_values, sizes)
    assert torch.allclose(found.n.mT @ found.n / UNITS, torch.diag(sizes**2))


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_other_factors_of_the_same_matrix_change_nothing(rank):
    m, n = factors(rank)
    found = directions(m @ n.mT, READOUT, factors=(m, n))
    mixed = random_states((rank, rank), seed=4)
    others = m @ mixed, n @ torch.linalg.inv(mixed).mT
    for given in (others, None):
        again = directions(m @ n.mT, READOUT, factors=given)
        assert torch.allclose(again.m, found.m)
        assert torch.allclose(again.n, found.n)


def test_units_in_another_order_have_the_same_numbers():
    m, n = factors(2)
    order = torch.randperm(UNITS, generator=torch.Generator().manual_seed(0))
    found = directions(m @ n.mT, READOUT)
    again = directions((m @ n.mT)[order][:, order], READOUT[:, order])
    assert torch.allclose(again.m, found.m[order])
    assert torch.allclose(again.n, found.n[order])


def test_the_output_that_a_direction_changes_most_grows_along_it():
    m, n = factors(3)
    effects = READOUT @ directions(m @ n.mT, READOUT).m
    assert (effects.gather(0, effects.abs().argmax(0)[None]) > 0).all()


def test_without_an_effect_on_outputs_the_largest_entry_is_positive():
    m, n = factors(2)
    for sign in (1, -1):
        found = directions(m @ n.mT, 0 * READOUT, factors=(sign * m, sign * n)).m
        assert (found.gather(0, found.abs().argmax(0)[None]) > 0).all()


def test_a_rank_beyond_the_highest_has_none():
    m, n = random_states((2, UNITS, 4))
    assert directions(m @ n.mT, READOUT) is None
