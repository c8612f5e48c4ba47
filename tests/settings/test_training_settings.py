"""How networks are trained, by layers of settings, and what cells and tasks ask for."""

import json

import pytest

from rnnpipe.parameters import canonical
from rnnpipe.tasks import FlipFlop, Integrator
from tests.helpers.experiments import experiment, faults


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

    @pytest.mark.parametrize("cell", ["gru", "lstm", "ugrnn"])
    def test_gated_cells_have_no_leak_and_two_activations(self, cell):
        models = experiment(models={"m": {"cell": cell, "activation": "relu"}}).models
        assert (models["m"].alpha, models["m"].noise, models["m"].units) == (1.0, 0.0, 64)
        found = faults(
            models={"m": {"cell": cell, "alpha": 0.2, "noise": 0.1, "activation": "sigmoid"}}
        )
        assert (
            found["models.m.alpha"] == f"belongs to ctrnn or leaky or FILE.py:CLASS, not to {cell}"
        )
        assert (
            found["models.m.noise"] == f"belongs to ctrnn or leaky or FILE.py:CLASS, not to {cell}"
        )
        assert found["models.m.activation"] == '"sigmoid" is not one of tanh, relu'

    def test_a_warning_names_the_activations_that_the_cell_may_have(self):
        models = {"m": {"cell": "gru", "units": 10}, "n": {"cell": "vanilla", "units": 10}}
        dale = {"dale": {"dale_ratio": 0.8}}
        gated, plain = experiment(models=models, constraints=dale).warnings()
        assert gated.endswith("sign; relu does not")
        assert plain.endswith("sign; relu, softplus, sigmoid do not")

    def test_kind_defaults_to_the_name(self):
        tasks = {"integrator": {}, "mine": {"kind": "flipflop"}}
        settings = experiment(tasks=tasks)
        assert isinstance(settings.tasks["integrator"], Integrator)
        assert isinstance(settings.tasks["mine"], FlipFlop)
        assert "flipflop, integrator" in faults(tasks={"mine": {}})["tasks.mine.kind"]

    @pytest.mark.parametrize(("encoding", "outputs"), [("vector", 4), ("angle", 2)])
    def test_channels(self, encoding, outputs):
        task = Integrator(encoding=encoding, angles=2)
        assert (task.inputs, task.outputs) == (2, outputs)
        assert FlipFlop(bits=5).inputs == FlipFlop(bits=5).outputs == 5
