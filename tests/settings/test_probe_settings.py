"""Probes: what is held, what is swept, and what is refused."""

import json

import numpy as np
import pytest

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.tasks import FlipFlop, Integrator, Task
from tests.helpers.experiments import experiment, faults, read_task
from tests.helpers.plans import changed, plan

PROBES = {
    "turning": {"speed": 0.1, 2: "1e-1"},
    "swept": {"0": [-1, 1, 3], "sin": 0.5},
    "rest": {},
}


def task_of(probes: dict, stage: str, **settings) -> Task:
    """The task as a stage's job makes it."""
    given = {"kind": "integrator", "start": "cued", "probes": probes, **settings}
    job = settings_text(
        plan(**changed("tasks.heading", given)), stage, "heading", "leaky", "none", "0-3"
    )
    return read_task(json.loads(job)["task"])


def test_held_probes_are_inputs_in_the_order_of_the_file():
    probes = task_of(PROBES, "fixed_points").probes()
    assert list(probes) == ["turning", "rest"]
    assert probes["turning"].tolist() == [0.1, 0, 0.1]
    assert probes["rest"].tolist() == [0, 0, 0]


def test_a_sweep_holds_all_but_one_channel():
    sweeps = task_of(PROBES, "branches").sweeps()
    assert list(sweeps) == ["swept"]
    assert sweeps["swept"].channel == 0
    assert sweeps["swept"].values.tolist() == [-1, 0, 1]
    assert sweeps["swept"].origin.tolist() == [0, 0, 0.5]


@pytest.mark.parametrize("probes", [{}, {"swept": {"speed": [-1, 1, 3]}}])
def test_rest_is_probed_where_nothing_else_is_held(probes):
    held = task_of(probes, "fixed_points").probes()
    assert {name: x.tolist() for name, x in held.items()} == {"zero": [0, 0, 0]}


@pytest.mark.parametrize("stage", ["train", "harvest"])
def test_trained_and_harvested_networks_know_no_probes(stage):
    assert task_of(PROBES, stage).given_probes == {}


@pytest.mark.parametrize(
    ("probe", "key", "message"),
    [
        ({"sped": 1}, ".sped", 'it has speed; did you mean "speed"?'),
        ({"1": 1}, ".1", "no input of this task; it has speed"),
        ({"speed": True}, ".speed", "must be a number"),
        ({"speed": "fast"}, ".speed", "must be a number, or [from, to, number of values]"),
        ({"speed": [0, 1]}, ".speed", "must be a number, or [from, to, number of values]"),
        ({"speed": [0, 1, 1]}, ".speed", "a whole number from 2 to 10000"),
        ({"speed": [0, 1, 2.5]}, ".speed", "a whole number from 2 to 10000"),
        ({"speed": [1, 1, 3]}, ".speed", "the ends of a sweep must differ"),
        ({"speed": float("nan")}, ".speed", "must be a number"),
        ({"speed": 1, "0": 2}, "", "names the same input twice"),
    ],
)
def test_what_is_wrong_is_named(probe, key, message):
    found = faults(tasks={"integrator": {"probes": {"p": probe}}})
    assert list(found) == [f"tasks.integrator.probes.p{key}"]
    assert message in found[f"tasks.integrator.probes.p{key}"]


def test_only_one_channel_is_swept():
    probes = {"p": {"bit1": [0, 1, 3], "bit2": [0, 1, 3]}}
    found = faults(tasks={"flipflop": {"probes": probes}})
    assert found == {"tasks.flipflop.probes.p": "sweeps bit1 and bit2; only one can be swept"}


@pytest.mark.parametrize(
    ("angles", "start", "channels"),
    [
        (1, "zero", ["speed"]),
        (1, "cued", ["speed", "cos", "sin"]),
        (2, "zero", ["speed1", "speed2"]),
        (2, "cued", ["speed1", "speed2", "cos1", "sin1", "cos2", "sin2"]),
    ],
)
def test_headings_name_their_channels(angles, start, channels):
    task = Integrator(angles=angles, start=start)
    assert list(task.channels) == channels and len(channels) == task.inputs


def test_bits_name_their_channels():
    assert FlipFlop(bits=2).channels == ("bit1", "bit2")


def test_the_cues_are_named_in_the_order_in_which_they_are_shown():
    task = Integrator(start="cued", angles=2)
    trials = task.sample(3, np.random.default_rng(0))
    cued = dict(zip(task.channels, trials.inputs[:, 0].T, strict=True))
    first = np.arctan2(cued["sin2"], cued["cos2"]) + cued["speed2"]
    assert trials.targets[:, 0, 2] == pytest.approx(np.cos(first), abs=1e-6)


def test_a_sound_file_is_read():
    assert experiment(tasks={"integrator": {"probes": {"swept": {"speed": [0, 1, 3]}}}})
