"""Training and the search for fixed points run where the networks are, to the same numbers.

Where there is CUDA, on it; everywhere, on a stand-in that refuses what a device would refuse.
"""

import numpy as np
import pytest
import torch

from rnnpipe.dynamics.fixed_points import find_fixed_points
from rnnpipe.streams import stream
from rnnpipe.tasks import FlipFlop, Integrator, SineWave, Task
from rnnpipe.training.fit import Fit, fit
from tests.helpers.elsewhere import DEVICE, Elsewhere
from tests.helpers.networks import make_networks, replicates, training

CUDA = pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="CUDA"))
SLOW = pytest.mark.slow
SEEDS = [0, 1, 2]
TASKS = {
    "flipflop": FlipFlop(bits=2, time=12),
    "integrator": Integrator(time=10, start="cued"),
    # Its trials are drawn on the host and copied.
    "sinewave": SineWave(time=20),
}
MODELS = {
    "vanilla": {"constraint": {"dale_ratio": 0.5, "autapses": False}},
    "ctrnn": {"cell": "ctrnn", "noise": 0.1},
    "gru": {"cell": "gru"},
    "lstm": {"cell": "lstm"},
    "ugrnn": {"cell": "ugrnn"},
}
# Every task and every cell; all pairs of them with the slow tests.
PAIRS = [
    pytest.param(task, model, marks=() if task == "flipflop" or model == "vanilla" else SLOW)
    for task in TASKS
    for model in MODELS
]
SETTINGS = {"steps": 20, "trials": 8, "stop": {"score": 0.62}, "weight_decay": 1e-4}


def trained(task: Task, model: dict, device: str | torch.device) -> Fit:
    networks = make_networks(SEEDS, task, **model)
    return fit(networks.to(device), task, replicates(SEEDS), training(**SETTINGS))


@pytest.mark.parametrize(("task", "model"), PAIRS)
def test_training_stays_on_its_device(task, model):
    here = trained(TASKS[task], MODELS[model], "cpu")
    with Elsewhere():
        there = trained(TASKS[task], MODELS[model], DEVICE)
    np.testing.assert_allclose(there.history["loss"], here.history["loss"], rtol=1e-5)
    assert there.summary["stop_reason"].tolist() == here.summary["stop_reason"].tolist()


@pytest.mark.parametrize("device", [CUDA])
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("task", TASKS)
def test_cuda_trains_on_the_same_data_to_the_same_losses(task, model, device):
    here, there = (trained(TASKS[task], MODELS[model], where) for where in ("cpu", device))
    first = here.history["step"] <= 10
    np.testing.assert_allclose(there.history["loss"][first], here.history["loss"][first], rtol=1e-3)


def search(device: str | torch.device, model: dict):
    """The skeleton of one network with large random weights."""
    networks = make_networks([0], TASKS["flipflop"], **{**model, "gain": 2.0}).to(device)
    states = np.random.default_rng(0).standard_normal((200, networks.state_size))
    return find_fixed_points(
        networks.dynamics(0, np.zeros(2)),
        states,
        rng=stream(0, "fixed points"),
        mixtures=32,
        box=32,
        rounds=4,
    )


def same_points(one, other) -> None:
    assert one.found == other.found and one.verdict == other.verdict
    np.testing.assert_allclose(one.states, other.states, atol=1e-8)


@pytest.mark.parametrize("model", MODELS)
def test_the_search_stays_on_its_device(model):
    here = search("cpu", MODELS[model])
    with Elsewhere():
        there = search(DEVICE, MODELS[model])
    assert here.found > 0
    same_points(here, there)


@pytest.mark.parametrize("device", [CUDA])
@pytest.mark.parametrize("model", MODELS)
def test_cuda_finds_the_same_points(model, device):
    same_points(search("cpu", MODELS[model]), search(device, MODELS[model]))


def test_the_stand_in_refuses_what_a_device_would():
    with Elsewhere():
        there = torch.zeros(2).to(DEVICE)
        assert there.device == DEVICE
        with pytest.raises(AssertionError, match="mixes devices"):
            there + torch.zeros(2)
        with pytest.raises(AssertionError, match=r"without cpu"):
            there.numpy()
        assert (there + 1).cpu().numpy().tolist() == [1, 1]
