"""Equal settings have equal text, and come back from it."""

import json
import subprocess
import sys

import pytest

from rnnpipe.parameters import canonical
from rnnpipe.settings import Experiment, load_experiment
from tests.helpers.experiments import CONFIG, experiment


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


def test_nothing_heavy_is_imported():
    heavy = "{'torch', 'pandas', 'pyarrow', 'matplotlib'}"
    code = f"import sys, rnnpipe.commands.main; print({heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_settings_are_immutable():
    settings = experiment()
    with pytest.raises(ValueError, match="frozen"):
        settings.graph.steps = 3
