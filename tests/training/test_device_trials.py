"""Trials drawn on a device are those that the task draws on the host."""

import numpy as np
import pytest
import torch

from rnnpipe.streams import stream
from rnnpipe.tasks import FlipFlop, Integrator, SineWave
from rnnpipe.training.device_trials import device_sampler
from rnnpipe.training.pcg64 import Streams

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
