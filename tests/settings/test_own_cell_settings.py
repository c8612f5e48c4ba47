"""Cells that the user brings, as the experiment file names them."""

import json
import re
import textwrap

import jsonschema
import pytest
import yaml

from rnnpipe.given_files import CONTENT_HASH
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.own_cells import check_own_cells
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Experiment, SettingsError
from rnnpipe.settings.experiment import factors
from rnnpipe.settings.job_settings import TrainJob
from rnnpipe.settings.reading.job import read_settings
from rnnpipe.settings.reading.schema import json_schema
from tests.helpers.experiments import CONFIG, experiment, faults, mapping
from tests.helpers.own_files import ADAPTING, write_cell

OWN = {"cell": "mycells.py:Adapting", "units": 6, "strength": 0.3}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_cell()
    return tmp_path


def train(**changes) -> dict:
    plan = Plan(experiment(models={"m": {**OWN, **changes}}))
    return json.loads(settings_text(plan, "train", "flipflop", "m", "none", "0-7"))


def test_other_keys_are_the_constructors_arguments_and_come_back_as_they_were():
    settings = train(alpha=0.2, rate="1e-2")
    assert {key: settings["model"][key] for key in ("cell", "strength", "rate", "alpha")} == {
        **{key: OWN[key] for key in ("cell", "strength")},
        "rate": 0.01,
        "alpha": 0.2,
    }
    model = read_settings(TrainJob, settings).model
    assert model.arguments == {"strength": 0.3, "rate": 0.01}
    assert json.loads(model.model_dump_json(by_alias=True))[CONTENT_HASH]


def test_an_edit_of_the_file_changes_its_jobs_and_a_touch_does_not(here):
    before = train()
    (here / "mycells.py").touch()
    assert train() == before
    write_cell(ADAPTING.replace("rate=0.1", "rate=0.2"))
    assert train() != before
    with pytest.raises(SettingsError, match="has changed since this job was planned"):
        read_settings(TrainJob, before)


def test_factors_name_the_class():
    plan = Plan(experiment(models={"m": {**OWN, "noise": 0.1}}))
    (cohort,) = plan.cohorts()
    found = factors(plan.experiment, cohort)
    assert (found.cell, found.alpha, found.noise) == (OWN["cell"], 1.0, 0.1)


def test_faults_that_the_file_shows_name_the_key():
    write_cell("class Adapting(:\n", "broken.py")
    models = {
        "a": {"cell": "nowhere.py:Adapting"},
        "b": {**OWN, "cell": "mycells.py:Adaptin"},
        "c": {**OWN, "cell": "broken.py:Adapting"},
        "d": {**OWN, "from": "networks/{seed}.pt"},
        "e": {**OWN, "strength": float("nan")},
        "f": {**OWN, "activation": "sine"},
        "g": {"cell": "mycells.py"},
    }
    found = faults(models=models)
    assert found["models.a.cell"].startswith("nowhere.py: there is no such file")
    assert 'its classes are Adapting; did you mean "Adapting"?' in found["models.b.cell"]
    assert "broken.py: cannot be read: SyntaxError" in found["models.c.cell"]
    assert "are trained here" in found["models.d.from"]
    assert "must be finite numbers" in found["models.e.strength"]
    assert "is not one of tanh" in found["models.f.activation"]
    assert "FILE.py:CLASS" in found["models.g.cell"]


def test_faults_that_show_when_it_runs_are_found_before_any_job():
    check_own_cells(experiment(models={"m": OWN}))
    with pytest.raises(SettingsError, match=r"models\.m\.strenght: is no argument: Adapting takes"):
        check_own_cells(experiment(models={"m": {**OWN, "strenght": 1}}))
    write_cell(ADAPTING.replace("self.strength * a", "torch.rand_like(a)"))
    with pytest.raises(SettingsError, match=r"models\.m\.cell: mycells\.py: Adapting is random"):
        check_own_cells(experiment(models={"m": OWN}))


def test_the_page_on_cells_shows_the_class_that_is_tested_and_an_experiment_with_it():
    page = (CONFIG.parents[1] / "docs" / "own-cells.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^((?:    .*\n|\n)+)", page, flags=re.MULTILINE)
    code, text = [textwrap.dedent(b).strip() for b in blocks if b.strip()][:2]
    assert code == ADAPTING.strip()
    shown = Experiment.from_mapping(yaml.safe_load(text))
    assert shown.models["adapting32"].arguments == {"strength": 0.5, "rate": 0.1}
    check_own_cells(shown)


def test_editors_accept_what_the_experiment_does():
    schema = json_schema(type(experiment()))
    jsonschema.validate(mapping(models={"m": {**OWN, "training": {"steps": 3}}}), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(mapping(models={"m": {"cell": "mycells.py"}}), schema)
