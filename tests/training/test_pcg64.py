"""Streams drawn at once are NumPy's own, number by number."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.streams import stream
from rnnpipe.training.pcg64 import Streams

SEEDS = (0, 1, 12345)


def generators() -> list[np.random.Generator]:
    return [stream(seed, "test") for seed in SEEDS]


def unsigned(numbers: torch.Tensor) -> np.ndarray:
    return numbers.numpy().astype(np.uint64)


@pytest.mark.parametrize("count", [1, 2, 1000])
def test_numbers_of_64_bits(count):
    expected = [g.bit_generator.random_raw(count) for g in generators()]
    assert np.array_equal(unsigned(Streams(generators()).uint64(count)), expected)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["random32", "random64", "signs", "integers"]), st.integers(1, 9)
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_sequence_of_draws_is_that_of_numpy(draws):
    streams, numpys = Streams(generators()), generators()
    how = {
        "random32": lambda g, n: g.random(n, dtype=np.float32),
        "random64": lambda g, n: g.random(n),
        "signs": lambda g, n: g.integers(0, 2, n, dtype=np.int8),
        "integers": lambda g, n: g.integers(7, size=n),
    }
    for kind, count in draws:
        expected = [how[kind](g, count) for g in numpys]
        found = (
            streams.integers(7, count)[0] if kind == "integers" else getattr(streams, kind)(count)
        )
        assert np.array_equal(found.numpy(), expected)
    for one, other in zip(streams.generators(), numpys, strict=True):
        assert np.array_equal(one.random(5, dtype=np.float32), other.random(5, dtype=np.float32))


def test_numbers_that_numpy_refuses_are_noticed():
    # Of this range nearly every second number is refused.
    below = 2**31 + 1
    refused = 0
    for seed in range(64):
        one, numpy = Streams([stream(seed, "test")]), stream(seed, "test")
        found, noticed = one.integers(below, 2)
        same = np.array_equal(found[0].numpy(), numpy.integers(below, size=2))
        assert bool(noticed[0]) != same
        refused += int(noticed[0])
    assert 30 < refused < 64
