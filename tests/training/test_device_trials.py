"""Trials drawn on a device are those that the task draws on the host, from NumPy's own numbers."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.streams import stream
from rnnpipe.tasks import FlipFlop, Integrator, SineWave
from rnnpipe.training.device_trials import Streams, device_sampler
from tests.helpers.experiments import read_task

SEEDS = (0, 7)
PARTS = ("inputs", "targets", "mask")
TASKS = {
    "flipflop": FlipFlop(),
    # An odd number of trials leaves half a number of 64 bits between two draws.
    "flipflop of 1 bit": FlipFlop(bits=1, time=7, probability=0.5),
    "integrator": Integrator(time=20),
    "integrator cued": Integrator(
        time=15, start="cued", angles=2, speeds=(-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3)
    ),
}
STREAMS = (0, 1, 12345)


@pytest.mark.parametrize("name", TASKS)
def test_trials_are_those_of_the_host(name):
    task = TASKS[name]
    rngs = [stream(seed, "training trials") for seed in SEEDS]
    streams, sample = Streams(rngs), device_sampler(task)
    for _ in range(3):
        drawn = sample(task, 5, streams)
        for row, rng in enumerate(rngs):
            trials = task.sample(5, rng)
            for found, part in zip(drawn, PARTS, strict=True):
                assert found.dtype == torch.float32
                # torch's and NumPy's cosines may differ in the last bit.
                np.testing.assert_allclose(
                    found[row].transpose(0, 1).numpy(), getattr(trials, part), rtol=0, atol=1e-7
                )


def test_the_flip_flop_is_the_same_to_the_last_bit():
    task, rng = FlipFlop(), stream(3, "training trials")
    drawn = device_sampler(task)(task, 64, Streams([rng]))
    trials = task.sample(64, rng)
    for found, part in zip(drawn, PARTS, strict=True):
        assert np.array_equal(found[0].transpose(0, 1).numpy(), getattr(trials, part))


@pytest.mark.parametrize("task", [SineWave(), Integrator(noise=0.1), Integrator(encoding="angle")])
def test_other_tasks_are_left_to_the_host(task):
    assert device_sampler(task) is None


def generators() -> list[np.random.Generator]:
    return [stream(seed, "test") for seed in STREAMS]


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


def test_numbers_that_numpy_rejects_are_noticed():
    # Of this range nearly every second number is rejected.
    below = 2**31 + 1
    rejected = 0
    for seed in range(64):
        one, numpy = Streams([stream(seed, "test")]), stream(seed, "test")
        found, noticed = one.integers(below, 2)
        same = np.array_equal(found[0].numpy(), numpy.integers(below, size=2))
        assert bool(noticed[0]) != same
        rejected += int(noticed[0])
    assert 30 < rejected < 64


def test_tasks_of_the_experiment_file_have_the_samplers_of_their_kind():
    for kind in ("flipflop", "integrator"):
        sample = device_sampler(read_task({"kind": kind}))
        assert sample is device_sampler(TASKS[kind]) is not None


def test_a_task_that_draws_other_trials_is_drawn_on_the_host():
    class Rarer(FlipFlop):
        def sample(self, n_trials, rng):
            return FlipFlop(probability=0.05).sample(n_trials, rng)

    assert device_sampler(Rarer()) is None
