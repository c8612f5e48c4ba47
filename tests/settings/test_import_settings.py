"""Models whose networks are imported: where their files lie, and what does not go with them."""

import json

import pytest

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.plan import Plan
from tests.helpers.experiments import experiment, faults


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def networks(here):
    (here / "networks").mkdir()
    for seed in range(4):
        (here / "networks" / f"{seed}.pt").touch()


def model(**changes) -> dict:
    return {"m": {"cell": "gru", "units": 10, "from": "networks/{seed}.pt", **changes}}


def source(seeds: str = "0-3", label: str = "0-7", **changes) -> dict:
    plan = Plan(experiment(seeds=seeds, models=model(**changes)))
    return json.loads(settings_text(plan, "train", "flipflop", "m", "none", label))["source"]


def test_every_seed_has_its_file(networks):
    assert source(seeds="0,2")["files"] == ["networks/0.pt", "networks/2.pt"]
    assert not source()["shared"]


def test_placeholders_stand_for_seed_block_and_names(here):
    pattern = "{task}.{model}.{constraint}.{seeds}.{seed:03d}.pt"
    (here / "flipflop.m.none.0-7.005.pt").touch()
    assert source(seeds="5", **{"from": pattern})["files"] == ["flipflop.m.none.0-7.005.pt"]


def test_one_file_is_shared_by_several_seeds_or_holds_the_only_one(here):
    (here / "one.pt").touch()
    assert source(**{"from": "one.pt"})["shared"]
    assert not source(seeds="3", **{"from": "one.pt"})["shared"]


def test_missing_files_are_counted_before_any_job_starts(networks):
    found = faults(seeds="2-6", models=model())
    assert found == {
        "models.m.from": '"networks/4.pt": there is no such file in the working directory '
        "(of 5 files 3 are missing)"
    }


def test_missing_files_are_found_beside_other_disagreements(networks):
    constraints = {"none": {}, "dale": {"dale_ratio": 0.01}}
    assert set(faults(seeds="2-6", models=model(), constraints=constraints)) == {
        "models.m.from",
        "constraints.dale",
        "constraints.dale.dale_ratio",
    }


def test_constraints_are_for_networks_trained_here(networks):
    constraints = {"none": {}, "same": {"autapses": True}, "dale": {"dale_ratio": 0.8}}
    message = faults(models=model(), constraints=constraints)["constraints.dale"]
    assert message.endswith("exclude {model: m, constraint: dale}")
    exclude = [{"model": "m", "constraint": "dale"}]
    models = {**model(), "trained": {"cell": "gru"}}
    cohorts = experiment(models=models, constraints=constraints, exclude=exclude).cohorts()
    assert len(cohorts) == 5


@pytest.mark.parametrize("key", ["training", "gain", "noise"])
def test_what_says_how_to_train_is_refused(networks, key):
    value = {"training": {"steps": 3}}.get(key, 0.5)
    found = faults(models=model(cell="leaky", **{key: value}))
    assert "says nothing of imported networks" in found[f"models.m.{key}"]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{sed}.pt", "{sed} is not one of {seed}, {seeds}, {task}, {model}, {constraint}; did you"),
        ("{}.pt", "{} is not one of"),
        ("{seed.pt", "is not a pattern"),
        ("{seed:q}.pt", "is not a pattern"),
        ("{seed.real.pt}", "is not one of"),
    ],
)
def test_patterns_that_name_no_file(pattern, words):
    assert words in faults(models=model(**{"from": pattern}))["models.m.from"]


def test_prefixes_need_files():
    models = {"m": {"cell": "gru", "units": 10, "readout": "fc."}}
    assert "there is no `from`" in faults(models=models)["models.m.readout"]


def test_training_of_trained_models_knows_nothing_of_it(networks):
    """Settings of training must not change because a model could be imported."""
    plan = Plan(experiment())
    settings = json.loads(settings_text(plan, "train", "flipflop", "m", "none", "0-7"))
    assert "source" not in settings
    assert not {"from", "recurrent", "readout"} & set(settings["model"])


def test_the_experiments_training_does_not_bind_imported_models(networks):
    schedule = {"kind": "multi_step", "milestones": [5000]}
    assert "training.schedule" in faults(training={"schedule": schedule})
    experiment(models=model(), training={"schedule": schedule})
