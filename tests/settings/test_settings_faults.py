"""Every fault is found at once and named with its key."""

import pytest

from rnnpipe.settings import Experiment, SettingsError, load_experiment
from tests.helpers.experiments import faults


class TestFaults:
    def test_every_fault_of_every_section_at_once(self):
        found = faults(
            experiment="a/b",
            models={"m": {"cell": "vanila"}, "n": {"cell": "vanilla", "units": 10}},
            training={"trian": "all", "steps": 0, "clip": True},
            constraints={"e": {"autapses": "no"}},
            comput={},
        )
        assert 'did you mean "vanilla"?' in found["models.m.cell"]
        assert 'did you mean "train"?' in found["training.trian"]
        assert 'did you mean "compute"?' in found["comput"]
        assert found["training.steps"] == "0 is not a whole number >= 1"
        assert found["training.clip"] == "true is not a number > 0 or null"
        assert found["constraints.e.autapses"] == '"no" is not true or false'
        assert set(found) >= {"experiment"}
        assert len(found) == 7

    def test_sections_that_are_valid_are_held_against_each_other_all_at_once(self):
        found = faults(
            training={"schedule": {"kind": "multi_step", "milestones": [2000]}},
            overrides=[{"units": 99, "training": {"steps": 3}}],
            constraints={
                "d": {"dale_ratio": 0.01},
                "m": {"mask": "none.npy"},
                "c": {"regions": [{"name": "a", "units": 10}], "inputs": {"a": [3]}},
            },
            exclude=[{"task": "flipflpo"}],
        )
        assert "no excitatory unit" in found["constraints.d.dale_ratio"]
        assert set(found) == {
            "training.schedule",
            "overrides[0]",
            "constraints.d.dale_ratio",
            "constraints.m.mask",
            "constraints.c.inputs.a",
            "exclude[0].task",
        }

    def test_a_faulty_section_is_mended_before_sections_are_compared(self):
        constraints = {"d": {"dale_ratio": 0.01}}
        assert set(faults(constraints=constraints, training={"steps": 0})) == {"training.steps"}
        assert set(faults(constraints=constraints)) == {"constraints.d.dale_ratio"}

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

    @pytest.mark.parametrize("value", [-1, 2.5, "some", [1]])
    def test_networks_to_draw_are_a_number_or_all(self, value):
        fault = faults(scenes={"networks": value})
        assert "whole number from 0 on, or all" in fault["scenes.networks"]

    @pytest.mark.parametrize("width", [599, 8001])
    def test_pictures_are_of_a_size_that_can_be_drawn(self, width):
        assert ">= 600 and <= 8000" in faults(scenes={"width": width})["scenes.width"]


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
        file.write_text(f"{text}fixed_points: {{tolerance: 1e-20, box: 1e3}}\n")
        settings = load_experiment(file).fixed_points
        assert (settings.tolerance, settings.box) == (1e-20, 1000)
