"""Tasks of epochs, as the experiment file names them, are the tasks that are made of it."""

import json

import numpy as np
import pytest

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.plan import Plan
from tests.helpers.experiments import experiment, faults, read_task

TASKS = {
    "decision": {"stimulus": 12, "coherences": [0.1, 0.4]},
    "match": {"items": 3, "delay": [0, 4]},
    "ring": {"kind": "match", "encoding": "ring", "test": 2},
    "antisaccade": {"directions": 5, "delay": [3, 3]},
}


@pytest.mark.parametrize("name", TASKS)
def test_settings_and_task_agree(name):
    trained = experiment(tasks={name: TASKS[name]})
    settings = trained.tasks[name]
    task = read_task(
        json.loads(settings_text(Plan(trained), "train", name, "m", "none", "0-7"))["task"]
    )
    trials = task.sample(4, np.random.default_rng(0))
    assert trials.inputs.shape == (4, settings.time, settings.inputs)
    assert trials.targets.shape[2] == settings.outputs == task.outputs
    assert task.channels == settings.channels


def test_faults_name_the_key():
    found = faults(
        tasks={
            "a": {"kind": "decision", "delay": [9, 5], "coherences": [0.0]},
            "b": {"kind": "match", "delay": [5], "items": 1, "encoding": "rings"},
            "c": {"kind": "antisaccade", "response": 2, "delay": [float("inf"), 5], "solved": 200},
            "d": {"kind": "antisaccade", "coherences": [0.1], "delay": [0.5, 5]},
            "e": {"kind": "match", "probes": {"delay": {"fixation": 1, "item3": 1}}},
        }
    )
    assert "[shortest, longest]" in found["tasks.a.delay"]
    assert "> 0" in found["tasks.a.coherences[0]"]
    assert "[shortest, longest]" in found["tasks.b.delay"] and ">= 2" in found["tasks.b.items"]
    assert 'did you mean "ring"?' in found["tasks.b.encoding"]
    assert "whole numbers" in found["tasks.c.delay"]
    assert ">= 3" in found["tasks.c.response"] and "<= 180" in found["tasks.c.solved"]
    assert found["tasks.d.coherences"] == "belongs to decision, not to antisaccade"
    assert "whole numbers from 0 on" in found["tasks.d.delay"]
    assert "it has fixation, item1, item2" in found["tasks.e.probes.delay.item3"]
    assert len(found) == 11
