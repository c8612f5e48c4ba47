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


class TestRank:
    @pytest.mark.parametrize(
        ("constraint", "key", "message"),
        [
            ({"rank": 0}, "rank", "whole number from 1 on, or full"),
            ({"rank": 1.5}, "rank", "whole number from 1 on, or full"),
            ({"rank": "low"}, "rank", "whole number from 1 on, or full"),
            ({"rank": 11}, "rank", "more than the 10 units of models.m"),
            ({"rank": 2, "dale_ratio": 0.8}, "dale_ratio", "cannot hold beside a rank"),
            ({"rank": 2, "autapses": False}, "autapses", "cannot hold beside a rank"),
            ({"rank": 2, "density": 0.5}, "density", "cannot hold beside a rank"),
            ({"rank": 2, "mask": "m.npy"}, "mask", "cannot hold beside a rank"),
            (
                {"rank": 2, "regions": [{"name": "a", "units": 10}]},
                "regions",
                "cannot hold beside a rank",
            ),
            ({"loadings": {"m0 n0": 1}}, "loadings", "without a rank"),
            ({"rank": 1, "loadings": {"m1 n0": 0.5}}, "loadings", "m1 is beyond rank 1"),
            ({"rank": 1, "loadings": {"m0": 0.5}}, "loadings", "no pair of vectors"),
            ({"rank": 1, "loadings": {"m0 n0": 1, "n0 m0": 1}}, "loadings", "twice"),
            ({"rank": 1, "loadings": {"m0 n0": 1.5}}, "loadings", "smallest eigenvalue -0.5"),
            ({"rank": 1, "loadings": {"n0 input3": 0.5}}, "loadings", "input3 is not among the"),
            (
                {"rank": 1, "loadings": {"m0 n0": 0.5}, "input_mask": "m.npy"},
                "input_mask",
                "whose covariance the loadings give",
            ),
        ],
    )
    def test_what_cannot_hold_with_it_is_refused(self, constraint, key, message):
        models = {"m": {"cell": "vanilla", "units": 10}}
        found = faults(constraints={"c": constraint}, models=models)
        assert message in found[f"constraints.c.{key}"]

    def test_it_is_for_cells_without_gates(self):
        models = {"m": {"cell": "gru"}, "c": {"cell": "ctrnn"}}
        changes = {"models": models, "constraints": {"low": {"rank": 2}}}
        message = faults(**changes)["constraints.low.rank"]
        assert "models.m is a gru; exclude {model: m, constraint: low}" in message
        assert experiment(**changes, exclude=[{"model": "m"}])

    def test_equal_covariances_are_equal_settings(self):
        one, other = (
            ConstraintSettings.model_validate({"rank": 2, "loadings": loadings})
            for loadings in ({"n0 m1": 0.5, "m0 n0": 0.2}, {"m0 n0": 0.2, "m1 n0": 0.5})
        )
        assert one == other and one.model_dump_json() == other.model_dump_json()
        resolved = one.resolved(10)
        assert resolved.rank == 2 and resolved.loadings == {"m0 n0": 0.2, "m1 n0": 0.5}
        free = ConstraintSettings.model_validate({"rank": "full"}).resolved(10)
        assert free == ConstraintSettings().resolved(10) and free.rank is None


def test_ranks_that_no_network_has_are_warned_of():
    models = {"m": {"cell": "vanilla", "units": 16}, "n": {"cell": "vanilla", "units": 32}}
    (warning,) = experiment(models=models, ranks={"skeletons": [1, 32, 33]}).warnings()
    assert warning.startswith("ranks.skeletons: no network has a rank of 33")
    assert not experiment(models=models, ranks={}).warnings()
