"""Constraints and masks fit the networks they are combined with."""

import numpy as np
import pytest

from rnnpipe.settings import ConstraintSettings
from rnnpipe.settings.sections.constraints import excitatory_units
from tests.helpers.experiments import experiment, faults


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
