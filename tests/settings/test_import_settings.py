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


def test_no_weights_are_kept_of_a_training_elsewhere(networks):
    found = faults(seeds="0-3", models=model(), development={})
    assert "the networks of models.m are imported" in found["development"]


@pytest.mark.parametrize("key", ["training", "gain", "noise"])
def test_what_says_how_to_train_is_refused(networks, key):
    value = {"training": {"steps": 3}}.get(key, 0.5)
    found = faults(models=model(cell="leaky", **{key: value}))
    assert "says nothing of imported networks" in found[f"models.m.{key}"]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (
            "{sed}.pt",
            "{sed} is not one of {seed}, {seeds}, {task}, {model}, {constraint}, {array}; did you",
        ),
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
    assert not {"from", "recurrent", "readout", "arrays"} & set(settings["model"])


def test_alpha_is_dt_over_tau_and_trains_the_same_networks(networks):
    def settings(**changes) -> str:
        plan = Plan(experiment(models={"m": {"cell": "leaky", "units": 10, **changes}}))
        return settings_text(plan, "train", "flipflop", "m", "none", "0-7")

    assert settings(dt=20, tau=100) == settings(alpha=0.2) == settings(dt=20, tau=100, alpha=0.2)


@pytest.mark.parametrize(
    ("given", "key", "words"),
    [
        ({"dt": 3, "tau": 2}, "dt", "must be at most tau, 2"),
        ({"dt": 1}, "dt", "give both, or alpha"),
        ({"tau": 1}, "tau", "give both, or alpha"),
        ({"dt": 1, "tau": 2, "alpha": 0.2}, "alpha", "dt / tau is 0.5; leave out one"),
        ({"dt": 0, "tau": 2}, "dt", "> 0"),
    ],
)
def test_dt_and_tau_make_one_alpha(networks, given, key, words):
    found = faults(models={"m": {"cell": "ctrnn", "units": 10, **given}})
    assert [*found] == [f"models.m.{key}"] and words in found[f"models.m.{key}"]


def test_cells_without_a_leak_have_no_time_constant():
    found = faults(models={"m": {"cell": "gru", "units": 10, "dt": 1, "tau": 2}})
    assert found["models.m.dt"] == "belongs to ctrnn or leaky, not to gru"


NAMES = {"recurrent": "W", "input": "B", "output": "C"}


class TestArrays:
    """The section `arrays`: names of a rate network's weights."""

    def faults(self, cell: str = "ctrnn", **changes) -> dict[str, str]:
        given = {key: value for key, value in {**NAMES, **changes}.items() if value != "none"}
        found = faults(models=model(cell=cell, arrays=given))
        return {key.removeprefix("models.m.arrays"): value for key, value in found.items()}

    def test_names_reach_the_import_and_no_other_job(self, networks):
        names = {**NAMES, "transposed": ["input"]}
        assert source(cell="ctrnn", arrays=names)["arrays"]["transposed"] == ["input"]
        plan = Plan(experiment(models=model(cell="ctrnn", arrays=names)))
        own = json.loads(settings_text(plan, "train", "flipflop", "m", "none", "0-7"))
        assert "arrays" not in own["model"]

    def test_every_array_may_have_its_own_file(self, here):
        for seed in (0, 1):
            for name in ("W", "B"):
                (here / f"{seed}.{name}.npy").touch()
        changes = {"cell": "ctrnn", "from": "{seed}.{array}.npy", "arrays": NAMES}
        assert faults(seeds="0-1", models=model(**changes)) == {
            "models.m.from": '"0.C.npy": there is no such file in the working directory '
            "(of 6 files 2 are missing)"
        }
        for seed in (0, 1):
            (here / f"{seed}.C.npy").touch()
        given = source(seeds="0-1", **changes)
        assert given["files"] == ["0.{array}.npy", "1.{array}.npy"] and not given["shared"]
        plan = Plan(experiment(seeds="0-1", models=model(**changes)))
        cohort = next(iter(plan.every_block))
        assert len(plan.network_files(cohort, "0-7")) == 6

    def test_array_stands_for_names_that_there_must_be(self, networks):
        found = faults(models=model(**{"from": "{seed}.{array}.npy"}))
        assert "stands for a name of `arrays`" in found["models.m.from"]

    @pytest.mark.parametrize(
        ("changes", "key", "words"),
        [
            ({"recurrent": None}, ".recurrent", "name recurrent weights, or both m and n"),
            ({"recurrent": None, "m": "m"}, ".recurrent", "there is only m; name"),
            ({"n": "n"}, ".n", "stands beside recurrent"),
            ({"input": "none"}, ".input", "is missing: Input weights, (units, inputs); null"),
            ({"output": "none"}, ".output", "is missing: Output weights"),
            ({"input": None, "input_gain": "g"}, ".input_gain", "there is no input"),
            ({"output": None, "output_bias": "b"}, ".output_bias", "there is no output"),
            ({"transposed": ["m"]}, ".transposed", "names m, and there is no m"),
            ({"transposed": ["inputs"]}, ".transposed[0]", 'did you mean "input"?'),
            ({"transposed": ["input", "input"]}, ".transposed", "input more than once"),
            ({"divided": ["output"], "output": None}, ".divided", "there is no output"),
            ({"reccurent": "W"}, ".reccurent", 'did you mean "recurrent"?'),
            ({"stacked": 1}, ".stacked", "true or false"),
            ({"bias": ""}, ".bias", "text"),
        ],
    )
    def test_faults_name_the_key(self, networks, changes, key, words):
        found = self.faults(**changes)
        assert [*found] == [key] and words in found[key]

    def test_gated_cells_are_named_as_torch_names_them(self, networks):
        message = self.faults(cell="gru")[""]
        assert (
            message == "belongs to vanilla or leaky or ctrnn, not to gru" or "not to gru" in message
        )

    def test_prefixes_are_for_state_dicts(self, networks):
        found = faults(models=model(cell="vanilla", arrays=NAMES, readout="fc."))
        assert "`arrays` names every array by itself" in found["models.m.readout"]

    def test_arrays_need_files(self):
        models = {"m": {"cell": "vanilla", "units": 10, "arrays": NAMES}}
        assert "there is no `from`" in faults(models=models)["models.m.arrays"]


def test_the_experiments_training_does_not_bind_imported_models(networks):
    schedule = {"kind": "multi_step", "milestones": [5000]}
    assert "training.schedule" in faults(training={"schedule": schedule})
    experiment(models=model(), training={"schedule": schedule})
