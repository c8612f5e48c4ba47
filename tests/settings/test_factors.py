"""Factors say what a cohort is by design, and nothing that has no meaning there."""

from typing import Any

import pytest

from rnnpipe.settings import Cohort
from rnnpipe.settings.experiment import factors
from rnnpipe.tables.schemas import FACTORS
from tests.helpers.experiments import experiment

REGIONS = [
    {"name": "A", "fraction": 0.75, "dale_ratio": 0.5, "density": 0.2},
    {"name": "B", "fraction": 0.25, "autapses": False},
]


def of(model: str, constraint: str = "none", **sections) -> dict[str, Any]:
    found = experiment(**sections)
    return factors(found, Cohort("flipflop", model, constraint)).model_dump()


def test_they_are_those_of_the_table():
    assert {*of("m"), "constraint"} == set(FACTORS)


def test_a_grids_axes_are_factors():
    found = of(
        "gru-relu-32-l2_1e-4", grid={"cell": "gru", "activation": "relu", "units": 32, "l2": 1e-4}
    )
    assert (found["cell"], found["activation"], found["units"], found["l2"]) == (
        "gru",
        "relu",
        32,
        1e-4,
    )
    assert found["alpha"] is None and found["noise"] is None


def test_a_leak_is_one_of_leaky_cells():
    found = of("m", models={"m": {"cell": "leaky", "alpha": 0.5, "noise": 0.1}})
    assert (found["alpha"], found["noise"]) == (0.5, 0.1)


def test_the_penalty_is_the_one_that_holds():
    found = of(
        "m",
        training={"weight_decay": 1e-3},
        overrides=[{"model": "m", "training": {"weight_decay": 1e-5}}],
    )
    assert found["l2"] == 1e-5


def test_regions_are_modules():
    models = {"m": {"cell": "vanilla", "units": 16}}
    found = of("m", "two", models=models, constraints={"two": {"regions": REGIONS}})
    assert found["modules"] == 2
    assert found["dale_ratio"] == 0.5
    assert found["autapses"] is False
    assert found["density"] == pytest.approx(0.75 * 0.2 + 0.25)
    free = of("m", "none", models=models)
    assert (free["modules"], free["dale_ratio"], free["autapses"], free["density"]) == (
        1,
        None,
        True,
        1.0,
    )
