"""A network's trials and noise come from its own streams, whoever is beside it."""

import numpy as np
import pytest
import torch

from rnnpipe.networks.stack import as_batch
from rnnpipe.tasks import FlipFlop, Integrator
from rnnpipe.training.trial_batches import STEPS_PER_DRAW, TrialBatches
from tests.helpers.networks import make_networks, replicates

TASK = FlipFlop(bits=2, time=6)


def batches(seeds, **model) -> TrialBatches:
    networks = make_networks(seeds, TASK, **model)
    return TrialBatches(TASK, replicates(seeds), 5, networks)


def test_a_batch_is_the_trials_time_first():
    trials = [TASK.sample(5, np.random.default_rng(s)) for s in (0, 1)]
    x, y, mask = as_batch(trials, torch.zeros(1))
    assert x.shape == y.shape == mask.shape == (2, 6, 5, 2)
    assert np.array_equal(x[1, 3, 2].numpy(), trials[1].inputs[2, 3])


def test_steps_run_through_the_stream():
    source = batches([3])
    drawn = [source.draw() for _ in range(STEPS_PER_DRAW + 1)]
    (rng,) = replicates([3]).streams("training trials")
    first, second = (TASK.sample(5 * STEPS_PER_DRAW, rng) for _ in range(2))
    assert np.array_equal(drawn[1][0][0].swapaxes(0, 1).numpy(), first.inputs[5:10])
    assert np.array_equal(drawn[-1][1][0].swapaxes(0, 1).numpy(), second.targets[:5])
    assert drawn[0][3] is None


def test_leaving_changes_nothing_for_those_who_stay():
    both, alone = batches([0, 1], cell="leaky", noise=0.2), batches([1], cell="leaky", noise=0.2)
    for step in range(2 * STEPS_PER_DRAW):
        if step == 7:
            both.keep(np.array([1]))
        one, other = both.draw(), alone.draw()
        assert all(torch.equal(a[-1], b[0]) for a, b in zip(one, other, strict=True))


def test_noise_has_the_scale_of_the_step():
    networks = make_networks([0], FlipFlop(), cell="leaky", noise=0.2, units=100)
    noise = TrialBatches(FlipFlop(), replicates([0]), 40, networks).draw()[3]
    assert noise.shape == (1, 50, 40, 100)
    assert abs(noise.std() / (0.2 * (2 / 0.3) ** 0.5) - 1) < 0.01


@pytest.mark.parametrize(
    "task",
    [TASK, Integrator(time=6, start="cued"), FlipFlop(bits=1, time=7)],
    ids=["flipflop", "integrator", "odd"],
)
def test_trials_drawn_on_the_device_are_those_of_the_host(task):
    networks = make_networks([0, 1], task)
    host, device = (
        TrialBatches(task, replicates([0, 1]), 5, networks, on_device=where)
        for where in (False, True)
    )
    assert host.sampler is None and device.sampler is not None
    for step in range(2 * STEPS_PER_DRAW + 1):
        if step == 7:
            host.keep(np.array([1]))
            device.keep(np.array([1]))
        for one, other in zip(host.draw()[:3], device.draw()[:3], strict=True):
            torch.testing.assert_close(one, other, rtol=0, atol=1e-7)


def test_a_draw_that_numpy_would_repeat_is_made_on_the_host():
    host, device = batches([0, 1]), batches([0, 1])
    device.sampler = lambda task, trials, streams: streams.integers(2, 3) and None
    one, other = host.draw(), device.draw()
    assert all(torch.equal(a, b) for a, b in zip(one[:3], other[:3], strict=True))


@pytest.mark.parametrize("done", [0, 3, STEPS_PER_DRAW, STEPS_PER_DRAW + 3])
def test_batches_go_on_where_others_were(done):
    first = batches([0, 1, 2], cell="leaky", noise=0.2)
    for _ in range(done):
        first.draw()
    first.keep(np.array([0, 2]))
    second = batches([0, 2], cell="leaky", noise=0.2)
    second.load(first.content())
    for _ in range(STEPS_PER_DRAW):
        one, other = first.draw(), second.draw()
        assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
