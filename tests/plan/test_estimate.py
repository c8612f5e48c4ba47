"""Estimates grow as the work does, and know every cell and stage."""

from pathlib import Path

import pytest

from rnnpipe.networks.cells import CELLS
from rnnpipe.plan.estimate import JOB_SECONDS, estimate_costs, network_costs
from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.settings import Experiment, load_experiment
from rnnpipe.settings.costs import GATES, STATES, Cost
from rnnpipe.tasks import FlipFlop

CONFIG = Path(__file__).parents[2] / "config"
EXPERIMENT = {
    "experiment": "x",
    "seeds": "0-9",
    "tasks": {"flipflop": {}},
    "models": {"m": {"cell": "vanilla"}},
    "compute": {"seeds_per_job": 4},
}


def test_a_rule_costs_its_jobs_and_its_networks():
    experiment = Experiment.from_mapping(EXPERIMENT)
    costs = estimate_costs(experiment, {"train": 3, "other": 2})
    one = network_costs(experiment, experiment.cohorts()[0])["train"]
    assert [cost.jobs for cost in costs.values()] == [3, 2]
    assert costs["other"].core_seconds == 2 * JOB_SECONDS
    assert costs["train"].core_seconds == pytest.approx(3 * JOB_SECONDS + 10 * one.core_seconds)
    assert costs["train"].disk_bytes == pytest.approx(10 * one.disk_bytes)


def test_training_time_grows_as_networks_steps_and_units_squared():
    def seconds(**changes) -> float:
        experiment = Experiment.from_mapping({**EXPERIMENT, **changes})
        return network_costs(experiment, experiment.cohorts()[0])["train"].core_seconds

    base = seconds()
    assert seconds(training={"steps": 3000}) == pytest.approx(3 * base)
    assert seconds(models={"m": {"cell": "vanilla", "units": 128}}) == pytest.approx(4 * base)
    assert seconds(tasks={"flipflop": {"time": 100}}) == pytest.approx(2 * base)


def test_estimates_know_how_gated_cells_lie():
    for kind, cell in CELLS.items():
        assert (GATES.get(kind, 1), STATES.get(kind, 1)) == (cell.gates, cell.state_blocks)

    def costs(kind: str):
        experiment = Experiment.from_mapping({**EXPERIMENT, "models": {"m": {"cell": kind}}})
        return network_costs(experiment, experiment.cohorts()[0])

    plain, gated = costs("vanilla"), costs("lstm")
    assert gated["train"].core_seconds == pytest.approx(4 * plain["train"].core_seconds)
    assert gated["stability"].core_seconds == pytest.approx(8 * plain["stability"].core_seconds)
    assert gated["harvest"].disk_bytes > 1.5 * plain["harvest"].disk_bytes


def test_every_stage_has_a_cost_of_its_own():
    experiment = load_experiment(CONFIG / "config.yaml")
    for cohort in experiment.cohorts():
        costs = network_costs(experiment, cohort)
        assert set(costs) == set(BLOCK_STAGES)
        if not experiment.tasks[cohort.task].sweeps():
            assert costs.pop("branches") == Cost()
        assert all(cost.core_seconds > 0 and cost.disk_bytes > 0 for cost in costs.values())


def test_expected_points_are_three_to_the_bits():
    assert FlipFlop(bits=3).expected_points == 27
