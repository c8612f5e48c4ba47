"""A grid names every combination once, and overrides train those that they match."""

import pytest

from rnnpipe.settings import Experiment, SettingsError
from rnnpipe.settings.experiment import factors
from tests.helpers.experiments import experiment, faults, mapping

AXES = {"cell": ["vanilla", "gru"], "activation": ["tanh", "relu"], "units": [16, 32]}


def spanned(**grid):
    return experiment(models={}, grid=grid)


def test_every_combination_is_a_model():
    models = spanned(**AXES).models
    assert len(models) == 8
    assert all(name == f"{m.cell}-{m.activation}-{m.units}" for name, m in models.items())


def test_a_penalty_is_the_models_weight_decay():
    found = spanned(cell="gru", l2=[0, 1e-5, 2.5e-3])
    assert list(found.models) == ["gru-l2_0", "gru-l2_1e-5", "gru-l2_25e-4"]
    decays = [
        found.training_for(task, m).weight_decay for task in found.tasks for m in found.models
    ]
    assert set(decays) == {0, 1e-5, 2.5e-3}


def test_grid_and_named_models_stand_side_by_side():
    own = {"mine": {"cell": "leaky", "units": 8}}
    assert list(experiment(models=own, grid={"cell": ["gru"]}).models) == ["mine", "gru"]
    message = faults(models={"gru": {"cell": "gru"}}, grid={"cell": ["gru"]})
    assert "also the name of a model of the grid" in message["models.gru"]


def test_axes_of_a_leak_are_those_of_leaky_cells():
    assert list(spanned(cell=["gru", "leaky"], alpha=[0.2, 0.5]).models) == [
        "gru",
        "leaky-alpha_2e-1",
        "leaky-alpha_5e-1",
    ]
    assert "ctrnn and leaky" in faults(models={}, grid={"cell": "gru", "alpha": 0.5})["grid.alpha"]


@pytest.mark.parametrize(
    ("grid", "key", "message"),
    [
        ({}, "grid.cell", "is missing"),
        ({"cell": ["gpu"]}, "grid.cell[0]", "gru"),
        ({"cell": ["gru"], "activation": ["softplus"]}, "grid.activation", "tanh, relu"),
        ({"cell": ["gru", "gru"]}, "grid.cell", "more than once"),
        ({"cell": ["gru"], "units": []}, "grid.units", "at least one"),
        ({"cell": ["gru"], "size": [1]}, "grid.size", "unknown key"),
    ],
)
def test_refused(grid, key, message):
    assert message in faults(models={}, grid=grid)[key]


def test_neither_models_nor_grid():
    without = {key: value for key, value in mapping().items() if key != "models"}
    with pytest.raises(SettingsError, match=r"models: is missing.*or give a grid"):
        Experiment.from_mapping(without)


class TestOverrides:
    def test_train_what_matches_all_their_keys(self):
        found = experiment(
            models={},
            grid=AXES,
            overrides=[
                {"cell": "gru", "training": {"steps": 7}},
                {"cell": "gru", "units": 32, "training": {"steps": 9}},
            ],
        )
        task = next(iter(found.tasks))
        steps = {name: found.training_for(task, name).steps for name in found.models}
        assert {steps[f"gru-{a}-16"] for a in ("tanh", "relu")} == {7}
        assert {steps[f"gru-{a}-32"] for a in ("tanh", "relu")} == {9}
        assert 7 not in {steps["vanilla-tanh-16"], steps["vanilla-relu-32"]}

    @pytest.mark.parametrize(
        ("override", "key", "message"),
        [
            ({"cell": "lstm", "training": {"steps": 7}}, "overrides[0]", "matches no task"),
            ({"training": {"steps": 7}}, "overrides[0]", "at least one of task, model"),
            ({"cell": "gru"}, "overrides[0]", "give the training"),
            ({"cell": "gru", "training": {"steps": 0}}, "overrides[0].training.steps", ">= 1"),
        ],
    )
    def test_refused(self, override, key, message):
        assert message in faults(models={}, grid=AXES, overrides=[override])[key]

    def test_a_contradiction_is_laid_at_their_door(self):
        late = {"schedule": {"kind": "multi_step", "milestones": [900]}, "steps": 100}
        found = faults(models={}, grid=AXES, overrides=[{"cell": "gru", "training": late}])
        assert "overrides[0].training.schedule" in found


def test_every_rank_is_a_constraint():
    grid = {"cell": "ctrnn", "units": 8, "rank": [1, 2, "full"]}
    given = mapping(models={}, grid=grid)
    del given["constraints"]
    found = Experiment.from_mapping(given)
    assert list(found.models) == ["ctrnn-8"]
    ranks = {name: constraint.rank for name, constraint in found.constraints.items()}
    assert ranks == {"rank1": 1, "rank2": 2, "full": "full"}
    of = [factors(found, cohort).rank for cohort in found.cohorts()]
    assert of == [1, 2, None]


def test_constraints_of_the_grid_join_those_that_have_names():
    grid, own = {"cell": "vanilla", "rank": 3}, {"sparse": {"density": 0.5}}
    assert list(experiment(models={}, grid=grid, constraints=own).constraints) == [
        "sparse",
        "rank3",
    ]
    message = faults(models={}, grid=grid, constraints={"rank3": {}})
    assert "also the name of a constraint of the grid" in message["constraints.rank3"]
