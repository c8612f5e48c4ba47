"""A stream is named by a seed, a purpose and whose it is, and by nothing else."""

from itertools import product

import numpy as np
import pytest

from rnnpipe.streams import Replicates, stream

NAMES = ("flipflop", "tanh64", "none")
COHORTS = [NAMES, ("memory", *NAMES[1:]), ("flipflop", "gru64", "none"), (*NAMES[:2], "dale80")]


def draw(seed: int, purpose: str, *names: str) -> np.ndarray:
    return stream(seed, purpose, *names).standard_normal(1000)


def largest_correlation(draws: list[np.ndarray]) -> float:
    return np.abs(np.corrcoef(draws)[np.triu_indices(len(draws), k=1)]).max()


def test_the_same_name_gives_the_same_numbers():
    one, other = (draw(3, "training trials", *NAMES) for _ in range(2))
    assert np.array_equal(one, other)


def test_other_names_give_independent_numbers():
    names = [(3, "training trials"), (4, "training trials"), (3, "test trials"), (0, "a"), (1, "a")]
    names += [(3, "training trials", *cohort) for cohort in COHORTS]
    assert largest_correlation([draw(*name) for name in names]) < 5 / np.sqrt(1000)


def test_names_are_not_run_together():
    assert not np.array_equal(draw(0, "a", "bc", "d"), draw(0, "a", "b", "cd"))


@pytest.mark.parametrize("purpose", ["initial weights", "training trials", "validation trials"])
def test_networks_of_equal_seed_are_no_twins_in_other_cohorts(purpose):
    networks = [Replicates(*cohort, (0, 1, 2)).streams(purpose) for cohort in COHORTS]
    draws = [rng.standard_normal(1000) for own in networks for rng in own]
    assert largest_correlation(draws) < 5 / np.sqrt(1000)


def test_a_network_draws_the_same_whoever_is_beside_it():
    block = Replicates(*NAMES, (0, 1, 2, 3))
    alone = [Replicates(*NAMES, (seed,)).streams("training noise")[0] for seed in block.seeds]
    for rows in ([0, 1, 2, 3], [2], [3, 1]):
        chosen = block.select(rows)
        assert chosen.seeds == tuple(rows)
        for row, rng in zip(rows, chosen.streams("training noise"), strict=True):
            assert rng.bit_generator.state == alone[row].bit_generator.state


def test_purposes_and_seeds_key_a_network():
    streams = [Replicates(*NAMES, (s,)).streams(p)[0] for s, p in product((0, 1), ("a", "b"))]
    assert len({rng.bit_generator.state["state"]["state"] for rng in streams}) == 4
