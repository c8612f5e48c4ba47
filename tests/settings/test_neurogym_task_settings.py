"""Environments of neurogym, as the experiment file names them."""

import json
import sys

import numpy as np
import pytest

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.plan import Plan
from tests.helpers import fake_neurogym
from tests.helpers.experiments import experiment, faults, read_task

TASK = {"kind": "neurogym", "env": "Fake-v0"}


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    monkeypatch.setitem(sys.modules, "neurogym", fake_neurogym.module())


def train(**keys) -> dict:
    plan = Plan(experiment(tasks={"a": {**TASK, **keys}}))
    return json.loads(settings_text(plan, "train", "a", "m", "none", "0-7"))["task"]


def test_channels_come_from_the_environment():
    task = experiment(tasks={"a": {**TASK, "time": 30}}).tasks["a"]
    assert task.channels == ("fixation", "stimulus1", "stimulus2")
    assert (task.inputs, task.outputs, task.time) == (3, 3, 30)


def test_the_job_makes_the_task_that_the_settings_name():
    task = read_task(train(arguments={"steps": [5], "dt": "1e2"}, time=10))
    assert task.arguments == {"steps": [5], "dt": 100}
    assert task.sample(3, np.random.default_rng(0)).inputs[0, :, 0].tolist() == [1, 1, 1, 1, 0] * 2


def test_another_version_changes_the_jobs_settings_and_a_threshold_does_not(monkeypatch):
    before = train()
    assert train(solved=0.5) == before
    monkeypatch.setitem(sys.modules, "neurogym", fake_neurogym.module("9.9"))
    assert train() != before


def test_faults_name_the_key(monkeypatch):
    found = faults(
        tasks={
            "a": {**TASK, "env": "Fak-v0"},
            "b": {**TASK, "arguments": {"steps": float("nan")}},
            "c": {**TASK, "time": 3},
            "d": {**TASK, "dt": 20},
            "e": {**TASK, "probes": {"p": {"fixatio": 1}}},
            "f": {"kind": "neurogym"},
        }
    )
    assert "doesn't exist" in found["tasks.a.env"]
    assert "finite" in found["tasks.b.arguments.steps"]
    assert "asks for nothing" in found["tasks.c.time"]
    assert "tasks.d.dt" in found
    assert 'did you mean "fixation"?' in found["tasks.e.probes.p.fixatio"]
    assert "is missing" in found["tasks.f.env"]
    assert len(found) == 6
    monkeypatch.setitem(sys.modules, "neurogym", None)
    assert "pip install" in faults(tasks={"a": TASK})["tasks.a.kind"]
