"""Tasks that the user brings, as the experiment file names them."""

import json

import jsonschema
import numpy as np
import pytest

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Experiment
from rnnpipe.settings.reading.schema import json_schema
from tests.helpers.experiments import experiment, faults, mapping
from tests.helpers.own_files import DELAY, write_class, write_trials

RECORDED = {"kind": "file", "path": "trials.npz"}
DELAYED = {"kind": "mytasks.py:Delay", "delay": 3}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_trials()
    write_class()
    return tmp_path


def harvest(**tasks) -> dict[str, dict]:
    plan = Plan(experiment(tasks=tasks))
    return {
        name: json.loads(settings_text(plan, "harvest", name, "m", "none", "0-7")) for name in tasks
    }


def test_channels_and_times_come_from_the_files():
    tasks = experiment(tasks={"a": RECORDED, "b": {**DELAYED, "time": 15}}).tasks
    assert (tasks["a"].inputs, tasks["a"].outputs, tasks["a"].time) == (2, 1, 12)
    assert (tasks["b"].inputs, tasks["b"].outputs, tasks["b"].time) == (1, 1, 15)


def test_other_keys_are_the_constructors_arguments():
    task = harvest(b={**DELAYED, "solved": 0.8, "training": {"steps": 3}})["b"]["task"]
    assert {key: task[key] for key in ("kind", "delay", "solved")} == {**DELAYED, "solved": 0.8}
    assert "training" not in task


def test_an_edit_of_a_file_changes_its_jobs_settings_and_a_touch_does_not(here):
    before = harvest(a=RECORDED, b=DELAYED)
    (here / "mytasks.py").touch()
    assert harvest(a=RECORDED, b=DELAYED) == before
    write_class(DELAY.replace("0.9", "0.8"))
    edited = harvest(a=RECORDED, b=DELAYED)
    assert edited["a"] == before["a"] and edited["b"] != before["b"]
    write_trials(mask=np.ones((20, 12, 1)))
    assert harvest(a=RECORDED, b=DELAYED)["a"] != before["a"]


def test_a_threshold_in_a_file_task_trains_nothing_anew():
    assert harvest(a=RECORDED) == harvest(a={**RECORDED, "solved": 0.5})


def test_tasks_of_own_have_the_general_figures():
    kinds = {kind for task, kind in Plan(experiment(tasks={"b": DELAYED})).figures()}
    assert "trajectories" in kinds and "ring" not in kinds


def test_faults_name_the_key():
    tasks = {
        "a": {**RECORDED, "path": "none.npz", "helt_out": 0.3},
        "b": {"kind": "mytasks.py:Delay", "dely": 3},
        "c": {"kind": "mytasks.py:Delai"},
        "d": {"kind": "nowhere.py:Delay"},
        "e": {**DELAYED, "delay": float("nan")},
        "f": {**DELAYED, "delay": "long"},
        "g": {"kind": "flipflop", "path": "trials.npz"},
        "h": {"kind": "mytasks.py"},
        "i": {**DELAYED, "training": {"stepz": 3}},
    }
    found = faults(tasks=tasks)
    assert found["tasks.a.path"].startswith("none.npz: there is no such file")
    assert 'did you mean "held_out"?' in found["tasks.a.helt_out"]
    assert "is missing" in found["tasks.b.delay"]
    assert 'did you mean "delay"?' in found["tasks.b.dely"]
    assert "its tasks are Delay" in found["tasks.c.kind"]
    assert "nowhere.py: there is no such file" in found["tasks.d.kind"]
    assert "finite" in found["tasks.e.delay"]
    assert "mytasks.py: Delay fails: TypeError" in found["tasks.f.kind"]
    assert found["tasks.g.path"] == "belongs to file, not to flipflop"
    assert "FILE.py:CLASS" in found["tasks.h.kind"]
    assert 'did you mean "steps"?' in found["tasks.i.training.stepz"]
    assert len(found) == 11


def test_masks_and_channels_are_held_against_the_files_shapes(here):
    np.save(here / "mask.npy", np.ones((10, 3)))
    constraint = {"regions": [{"name": "A", "units": 10}], "inputs": {"A": [5]}}
    found = faults(
        tasks={"a": RECORDED}, constraints={"m": {"input_mask": "mask.npy"}, "c": constraint}
    )
    assert "needs (10, 2)" in found["constraints.m.input_mask"]
    assert "channel 5 is not among the 2 inputs" in found["constraints.c.inputs.A"]


@pytest.mark.parametrize(
    ("task", "valid"),
    [
        (RECORDED, True),
        (DELAYED, True),
        ({"kind": "mytasks.py"}, False),
        ({**RECORDED, "held": 1}, False),
    ],
)
def test_schema_knows_both(task, valid):
    schema = jsonschema.Draft202012Validator(json_schema(Experiment))
    assert schema.is_valid(mapping(tasks={"x": task})) is valid
