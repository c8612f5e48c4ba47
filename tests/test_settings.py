"""What an experiment file may say, what it means, and how its faults are reported."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rnnpipe.settings import (
    Cohort,
    ConstraintSettings,
    Experiment,
    FlipflopSettings,
    IntegratorSettings,
    SettingsError,
    canonical,
    excitatory_units,
    load_experiment,
)

CONFIG = Path(__file__).parent.parent / "config" / "config.yaml"


def mapping(**changes) -> dict:
    base = {
        "experiment": "x",
        "seeds": "0-3",
        "tasks": {"flipflop": {}},
        "models": {"m": {"cell": "vanilla", "units": 10}},
        "constraints": {"none": {}},
    }
    return {**base, **changes}


def experiment(**changes) -> Experiment:
    return Experiment.from_mapping(mapping(**changes))


def faults(**changes) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        experiment(**changes)
    return {fault.key: fault.message for fault in caught.value.faults}


class TestSeeds:
    @pytest.mark.parametrize(
        ("written", "seeds"),
        [
            (5, (5,)),
            ("0-3", (0, 1, 2, 3)),
            ("0-2,8", (0, 1, 2, 8)),
            ([5, 1, "8-9"], (1, 5, 8, 9)),
            ("7", (7,)),
        ],
    )
    def test_forms(self, written, seeds):
        assert experiment(seeds=written).seeds == seeds

    @pytest.mark.parametrize(
        ("written", "message"),
        [
            ("3-0", "0-3"),
            ([1, "0-2"], "seed 1 more than once"),
            (-1, "-1 is not a seed"),
            (True, "True is not a seed"),
            ("0..3", "not a seed or a range"),
            ([], "names no seed"),
            (1.5, "1.5 is not a seed"),
            ("0-99999999999", "more than"),
        ],
    )
    def test_refused(self, written, message):
        assert message in faults(seeds=written)["seeds"]


class TestBlocks:
    def test_lie_on_a_grid_whatever_seeds_are_asked_for(self):
        few = experiment(seeds="0-2", compute={"seeds_per_job": 4}).blocks()
        more = experiment(seeds="0-3,9", compute={"seeds_per_job": 4}).blocks()
        assert [block.label for block in few] == ["0-3"]
        assert [block.label for block in more] == ["0-3", "8-11"]
        assert [block.seeds for block in more] == [(0, 1, 2, 3), (9,)]

    @pytest.mark.parametrize("size", [1, 3, 8])
    def test_hold_every_seed_once_and_inside_their_slot(self, size):
        seeds = (0, 1, 2, 5, 7, 8, 23)
        blocks = experiment(seeds=seeds, compute={"seeds_per_job": size}).blocks()
        assert tuple(seed for block in blocks for seed in block.seeds) == seeds
        for block in blocks:
            assert block.first % size == 0
            assert block.last - block.first == size - 1
            assert all(block.first <= seed <= block.last for seed in block.seeds)


class TestCohorts:
    def test_product_in_the_order_of_the_file(self):
        cohorts = load_experiment(CONFIG).cohorts()
        assert cohorts[0] == Cohort("flipflop", "tanh64", "none")
        assert [(c.task, c.constraint) for c in cohorts] == [
            (task, constraint)
            for task in ("flipflop", "integrator")
            for constraint in ("none", "noautapses", "dale80")
        ]

    def test_exclusion_matches_all_its_keys(self):
        tasks = {"flipflop": {}, "integrator": {}}
        constraints = {"none": {}, "sparse": {"density": 0.5}}
        exclude = [{"task": "integrator", "constraint": "sparse"}]
        cohorts = experiment(tasks=tasks, constraints=constraints, exclude=exclude).cohorts()
        assert len(cohorts) == 3
        assert Cohort("integrator", "m", "sparse") not in cohorts

    def test_senseless_exclusions_are_refused(self):
        tasks = {"flipflop": {}, "integrator": {}}
        found = faults(tasks=tasks, exclude=[{"task": "flipflpo"}, {"model": "m"}, {"model": "m"}])
        assert 'did you mean "flipflop"?' in found["exclude[0].task"]
        assert "leaves nothing out" in found["exclude[2]"]
        assert "no combination" in found["exclude"]
        assert "at least one" in faults(exclude=[{}])["exclude[0]"]


class TestTraining:
    def test_model_goes_before_task_goes_before_default(self):
        settings = experiment(
            training={"steps": 10, "clip": 2.0, "beta1": 0.8, "validation": {"trials": 7}},
            tasks={"flipflop": {"training": {"steps": 20, "clip": None}}},
            models={
                "m": {"cell": "vanilla", "training": {"steps": 30, "validation": {"every": 5}}},
                "n": {"cell": "vanilla"},
            },
        )
        merged = settings.training_for("flipflop", "m")
        assert (merged.steps, merged.clip, merged.beta1) == (30, None, 0.8)
        assert (merged.validation.every, merged.validation.trials) == (5, 7)
        assert settings.training_for("flipflop", "n").steps == 20

    def test_an_override_equal_to_the_builtin_default_still_overrides(self):
        models = {"m": {"cell": "vanilla", "training": {"steps": 1000}}}
        settings = experiment(training={"steps": 10}, models=models)
        assert settings.training_for("flipflop", "m").steps == 1000

    def test_schedule_is_replaced_as_a_whole(self):
        tasks = {"flipflop": {"training": {"schedule": "cosine"}}}
        settings = experiment(
            training={"schedule": {"kind": "one_cycle", "final": 0.5}}, tasks=tasks
        )
        schedule = settings.training_for("flipflop", "m").schedule
        assert (schedule.kind, schedule.final) == ("cosine", 0.0)

    def test_milestones_are_shares_below_one_and_steps_from_one_on(self):
        schedule = {"kind": "multi_step", "milestones": [0.25, 60]}
        settings = experiment(training={"steps": 100, "schedule": schedule}).training
        assert settings.schedule.milestone_steps(settings.steps) == (25, 60)

    def test_consistency_is_judged_after_merging(self):
        schedule = {"kind": "multi_step", "milestones": [2000]}
        tasks = {"flipflop": {"training": {"steps": 3000}}, "integrator": {}}
        models = {"m": {"cell": "vanilla", "training": {"schedule": schedule}}}
        assert experiment(tasks={"flipflop": tasks["flipflop"]}, models=models)
        assert "1000 steps" in faults(tasks=tasks, models=models)["models.m.training.schedule"]

    def test_a_fault_is_put_down_to_the_layer_whose_value_holds(self):
        training = {"initial_state": "zero", "train": ["initial_state"]}
        models = {"m": {"cell": "vanilla", "training": {"train": ["initial_state", "bias"]}}}
        assert set(faults(training=training, models=models)) == {"models.m.training.train"}

    @pytest.mark.parametrize(
        ("initial_state", "train", "parts"),
        [
            ("zero", "all", "input recurrent bias output output_bias"),
            ("learned", "all", "input recurrent bias output output_bias initial_state"),
            ("learned", "recurrent_only", "recurrent bias"),
            ("zero", ["output", "input"], "input output"),
        ],
    )
    def test_trained_parts(self, initial_state, train, parts):
        settings = experiment(training={"initial_state": initial_state, "train": train})
        assert settings.training.trained_parts() == tuple(parts.split())

    def test_a_zero_state_cannot_be_trained(self):
        tasks = {"flipflop": {"training": {"initial_state": "zero"}}}
        found = faults(tasks=tasks, training={"train": ["initial_state"]})
        assert "learned" in found["training.train"]
        for train in ([], ["recurent"], "recurent_only", ["bias", "bias"]):
            assert "training.train" in faults(training={"train": train})


class TestModelsAndTasks:
    def test_leak_belongs_to_leaky_cells(self):
        models = {"a": {"cell": "vanilla"}, "b": {"cell": "leaky", "alpha": 0.5}}
        settings = experiment(models=models)
        assert (settings.models["a"].alpha, settings.models["b"].alpha) == (1.0, 0.5)
        assert "alpha" not in json.loads(canonical(settings.models["a"]))
        found = faults(models={"m": {"cell": "vanilla", "alpha": 0.2}})
        assert "ctrnn or leaky" in found["models.m.alpha"]

    def test_kind_defaults_to_the_name(self):
        tasks = {"integrator": {}, "mine": {"kind": "flipflop"}}
        settings = experiment(tasks=tasks)
        assert isinstance(settings.tasks["integrator"], IntegratorSettings)
        assert isinstance(settings.tasks["mine"], FlipflopSettings)
        assert "flipflop, integrator" in faults(tasks={"mine": {}})["tasks.mine.kind"]

    @pytest.mark.parametrize(("encoding", "outputs"), [("vector", 4), ("angle", 2)])
    def test_channels(self, encoding, outputs):
        task = IntegratorSettings(encoding=encoding, angles=2)
        assert (task.input_channels, task.output_channels) == (2, outputs)
        assert (
            FlipflopSettings(bits=5).input_channels == FlipflopSettings(bits=5).output_channels == 5
        )


class TestConstraints:
    @pytest.mark.parametrize(("ratio", "units", "count"), [(0.8, 64, 51), (0.29, 100, 29)])
    def test_excitatory_units_are_the_floor(self, ratio, units, count):
        assert excitatory_units(ratio, units) == count

    @pytest.mark.parametrize("units", [3, 10, 64, 101])
    def test_fractions_always_fill_the_network(self, units):
        parts = [{"name": f"r{i}", "fraction": f} for i, f in enumerate((0.3, 0.3, 0.4))]
        sizes = ConstraintSettings.model_validate({"regions": parts}).region_units(units)
        assert sum(sizes) == units
        assert all(
            abs(size - part["fraction"] * units) < 1
            for size, part in zip(sizes, parts, strict=True)
        )

    @pytest.mark.parametrize(
        ("constraint", "key"),
        [
            ({"dale_ratio": 0.05}, "dale_ratio"),
            ({"dale_ratio": 1}, "dale_ratio"),
            ({"density": 0}, "density"),
            ({"regions": [{"name": "a", "units": 9}]}, "regions"),
            ({"regions": [{"name": "a", "fraction": 0.9}]}, "regions"),
            ({"regions": [{"name": "a"}]}, "regions[0]"),
            ({"regions": [{"name": "a", "units": 10, "fraction": 1}]}, "regions[0]"),
            ({"regions": [{"name": "a", "units": 10}], "dale_ratio": 0.5}, "dale_ratio"),
            ({"regions": [{"name": "a", "units": 10}], "autapses": False}, "autapses"),
            ({"regions": [{"name": "a", "units": 5}] * 2}, "regions[1].name"),
            ({"projections": [{"from": "a", "to": "a"}]}, "projections[0].from"),
            ({"inputs": {"a": "all"}}, "inputs"),
            ({"regions": [{"name": "a", "units": 10}], "outputs": {"a": [3]}}, "outputs.a"),
            ({"regions": [{"name": "a", "units": 10}], "inputs": {"a": [1, 1]}}, "inputs.a"),
            (
                {
                    "regions": [{"name": "a", "units": 10}],
                    "projections": [{"from": "a", "to": "a", "to_cells": "inhibitory"}],
                },
                "projections[0].to_cells",
            ),
            (
                {"regions": [{"name": "a", "units": 10, "dale_ratio": 0.01}]},
                "regions[0].dale_ratio",
            ),
        ],
    )
    def test_refused(self, constraint, key):
        assert f"constraints.c.{key}" in faults(constraints={"c": constraint})

    def test_sizes_are_only_checked_where_combined(self):
        models = {"m": {"cell": "vanilla", "units": 10}, "n": {"cell": "vanilla", "units": 20}}
        constraints = {"c": {"regions": [{"name": "a", "units": 10}]}, "none": {}}
        changes = {"models": models, "constraints": constraints}
        assert "models.n" in faults(**changes)["constraints.c.regions"]
        assert experiment(**changes, exclude=[{"model": "n", "constraint": "c"}])

    def test_channels_are_those_of_every_task_combined(self):
        regions = [{"name": "a", "units": 10}]
        tasks = {"integrator": {"encoding": "vector"}, "flipflop": {"bits": 2}}
        fitting = {"regions": regions, "inputs": {"a": [0]}, "outputs": {"a": [0, 1]}}
        assert experiment(tasks=tasks, constraints={"c": fitting})
        found = faults(tasks=tasks, constraints={"c": {**fitting, "inputs": {"a": [1]}}})
        assert "1 inputs of tasks.integrator" in found["constraints.c.inputs.a"]

    def test_warns_of_signs_with_an_activation_that_goes_negative(self):
        models = {"m": {"cell": "vanilla"}, "r": {"cell": "vanilla", "activation": "relu"}}
        constraints = {
            "dale": {"dale_ratio": 0.8},
            "areas": {"regions": [{"name": "a", "fraction": 1, "dale_ratio": 0.5}]},
            "none": {},
        }
        warnings = experiment(models=models, constraints=constraints).warnings()
        assert len(warnings) == 2
        assert all("models.m" in w and "relu, softplus, sigmoid" in w for w in warnings)


class TestMasks:
    def test_shapes_follow_model_and_task(self, tmp_path):
        np.save(tmp_path / "m.npy", np.eye(10))
        np.savetxt(tmp_path / "i.csv", np.ones((10, 3)), delimiter=",")
        np.save(tmp_path / "o.npy", np.ones((3, 10), dtype=int))
        files = {"mask": "m.npy", "input_mask": "i.csv", "output_mask": "o.npy"}
        constraint = {key: str(tmp_path / name) for key, name in files.items()}
        settings = experiment(constraints={"c": constraint}).constraints["c"]
        assert settings.mask_files() == tuple(constraint.values())
        tasks = {"flipflop": {}, "integrator": {}}
        found = faults(tasks=tasks, constraints={"c": constraint})
        assert "needs (10, 1)" in found["constraints.c.input_mask"]
        assert "needs (2, 10)" in found["constraints.c.output_mask"]
        assert "constraints.c.mask" not in found

    def test_missing_or_unknown_files(self):
        assert "no such file" in faults(constraints={"c": {"mask": "no.npy"}})["constraints.c.mask"]
        assert ".npy" in faults(constraints={"c": {"mask": "m.txt"}})["constraints.c.mask"]


class TestCanonical:
    def test_same_settings_same_text(self):
        one = experiment(training={"clip": 1, "weight_decay": 0, "epsilon": "1e-8"})
        other = experiment(training={"epsilon": 1e-8, "weight_decay": -0.0, "clip": 1.0})
        assert canonical(one.training) == canonical(other.training)
        assert canonical(one.training) == canonical(experiment().training)
        assert canonical(one.training) != canonical(experiment(training={"clip": 2}).training)

    def test_list_of_all_parts_in_any_order(self):
        one = experiment(training={"train": ["bias", "input"]})
        other = experiment(training={"train": ["input", "bias"]})
        assert canonical(one) == canonical(other)

    def test_no_white_space_and_sorted(self):
        text = canonical({"b": experiment().graph, "a": 1})
        assert text == '{"a":1,"b":{"perturbations":64,"size":0.03,"steps":1000}}'

    @pytest.mark.parametrize(
        "section",
        ["harvest", "fixed_points", "stability", "graph", "figures", "compute", "training"],
    )
    def test_sections_come_back_from_their_text(self, section):
        settings = getattr(load_experiment(CONFIG), section)
        assert type(settings).model_validate_json(canonical(settings)) == settings

    def test_experiment_comes_back_with_the_same_overrides(self):
        regions = [{"name": "a", "fraction": 0.5}, {"name": "b", "fraction": 0.5}]
        projections = [{"from": "a", "to": "b"}]
        settings = experiment(
            training={"steps": 10},
            tasks={"flipflop": {"training": {"clip": None}}},
            constraints={"c": {"regions": regions, "projections": projections}},
        )
        again = Experiment.from_mapping(json.loads(canonical(settings)))
        assert canonical(again) == canonical(settings)
        assert again.training_for("flipflop", "m").steps == 10
        assert again.training_for("flipflop", "m").clip is None

    def test_definition_does_not_depend_on_training(self):
        one = experiment().tasks["flipflop"]
        other = experiment(tasks={"flipflop": {"training": {"steps": 5}}}).tasks["flipflop"]
        assert canonical(one.definition()) == canonical(other.definition())
        assert canonical(one) != canonical(other)


class TestFaults:
    def test_every_fault_of_every_kind_at_once(self):
        found = faults(
            experiment="a/b",
            models={"m": {"cell": "vanila"}, "n": {"cell": "vanilla", "units": 10}},
            training={"trian": "all", "steps": 0, "clip": True},
            constraints={"d": {"dale_ratio": 0.01}, "e": {"autapses": "no"}},
            comput={},
        )
        assert 'did you mean "vanilla"?' in found["models.m.cell"]
        assert 'did you mean "train"?' in found["training.trian"]
        assert 'did you mean "compute"?' in found["comput"]
        assert found["training.steps"] == "0 is not a whole number >= 1"
        assert found["training.clip"] == "true is not a number > 0 or null"
        assert "no excitatory unit" in found["constraints.d.dale_ratio"]
        assert found["constraints.e.autapses"] == '"no" is not true or false'
        assert set(found) >= {"experiment"}
        assert len(found) == 8

    @pytest.mark.parametrize("name", ["a b", "a=b", "a.b", "", "a\n", "é", 3, False])
    def test_names_fit_into_paths(self, name):
        assert "is no name" in faults(models={name: {"cell": "vanilla"}})["models"]

    def test_keys_of_another_kind(self):
        tasks = {"flipflop": {"speeds": [1]}}
        assert (
            faults(tasks=tasks)["tasks.flipflop.speeds"] == "belongs to integrator, not to flipflop"
        )

    @pytest.mark.parametrize("section", ["tasks", "models", "constraints", "training", "graph"])
    @pytest.mark.parametrize("value", [None, 3, [1], "text"])
    def test_sections_are_mappings(self, section, value):
        assert "must be a mapping" in faults(**{section: value})[section]

    def test_missing_keys(self):
        with pytest.raises(SettingsError) as caught:
            Experiment.from_mapping({})
        keys = {fault.key for fault in caught.value.faults}
        assert keys == {"experiment", "seeds", "tasks", "models"}

    def test_keys_that_are_not_text(self):
        assert "quotes" in faults(graph={1: 2})["graph.1"]

    @pytest.mark.parametrize("number", [float("nan"), float("inf"), "nan", "x", [1]])
    def test_numbers_are_finite(self, number):
        assert "training.learning_rate" in faults(training={"learning_rate": number})


class TestFile:
    def load(self, tmp_path, text) -> str:
        file = tmp_path / "e.yaml"
        file.write_text(text)
        with pytest.raises(SettingsError) as caught:
            load_experiment(file)
        assert str(caught.value).startswith(f"{file}: ")
        return str(caught.value)

    def test_duplicate_keys_are_reported_with_all_other_faults(self, tmp_path):
        text = "experiment: x\nseeds: 1\ntasks: {flipflop: {bits: 2, bits: 3}}\nseeds: 2\n"
        message = self.load(tmp_path, text)
        assert 'line 3: key "bits" stands on line 3 already' in message
        assert 'line 4: key "seeds" stands on line 2 already' in message
        assert "models: is missing" in message

    def test_a_merged_key_may_be_overridden(self, tmp_path):
        file = tmp_path / "e.yaml"
        text = (
            "experiment: x\nseeds: 1\ntasks: {flipflop: {}}\nmodels:\n"
            "  a: &a {cell: vanilla, units: 5}\n  b: {<<: *a, units: 6}\n"
        )
        file.write_text(text)
        models = load_experiment(file).models
        assert (models["a"].units, models["b"].units) == (5, 6)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("a: [1, 2\nb: 3\n", "line 2: not YAML"),
            ("a: *b\n", "line 1: not YAML"),
            ("", "must be a mapping"),
            ("- 1\n", "must be a mapping"),
            ("a: \0", "not YAML"),
        ],
    )
    def test_not_a_mapping(self, tmp_path, text, message):
        assert message in self.load(tmp_path, text)

    def test_missing_file(self, tmp_path):
        with pytest.raises(SettingsError, match="cannot be read"):
            load_experiment(tmp_path / "none.yaml")

    def test_numbers_that_yaml_takes_for_text(self, tmp_path):
        file = tmp_path / "e.yaml"
        text = "experiment: x\nseeds: 1\ntasks: {flipflop: {}}\nmodels: {m: {cell: vanilla}}\n"
        file.write_text(f"{text}fixed_points: {{tolerance: 1e-20, starts: 1e3}}\n")
        settings = load_experiment(file).fixed_points
        assert (settings.tolerance, settings.starts) == (1e-20, 1000)


def test_nothing_heavy_is_imported():
    heavy = "{'torch', 'pandas', 'numpy', 'matplotlib'}"
    code = f"import sys, rnnpipe.cli; print({heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_settings_are_immutable():
    settings = experiment()
    with pytest.raises(ValueError, match="frozen"):
        settings.graph.steps = 3
