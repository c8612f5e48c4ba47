"""Estimates grow as the work does, and know every cell and stage."""

from pathlib import Path

import pytest

from rnnpipe.networks.cells import CELLS
from rnnpipe.plan.estimate import JOB_SECONDS, SECONDS, experiment_seconds, network_seconds
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.rules import BLOCK_RULES, processes
from rnnpipe.plan.stages import STAGES
from rnnpipe.settings import Experiment, load_experiment
from rnnpipe.settings.sections.models import GATES, STATES

CONFIG = Path(__file__).parents[2] / "config"
EXPERIMENT = {
    "experiment": "x",
    "seeds": "0-9",
    "tasks": {"flipflop": {}},
    "models": {"m": {"cell": "vanilla"}},
}


def seconds_of_one(**changes) -> dict[str, float]:
    experiment = Experiment.from_mapping({**EXPERIMENT, **changes})
    return network_seconds(experiment, experiment.cohorts()[0])


def test_a_rule_takes_the_starts_of_its_jobs_and_its_networks():
    experiment = Experiment.from_mapping(EXPERIMENT)
    jobs = {"train": 3, "findings": 2, "scene": 1}
    seconds = experiment_seconds(experiment, jobs)
    assert list(seconds) == list(jobs)
    assert seconds["findings"] == 2 * JOB_SECONDS
    assert seconds["train"] == pytest.approx(3 * JOB_SECONDS + 10 * seconds_of_one()["train"])
    assert seconds["scene"] == JOB_SECONDS + SECONDS["scene"]
    every = Experiment.from_mapping({**EXPERIMENT, "scenes": {"networks": "all"}})
    drawn = experiment_seconds(every, jobs)["scene"]
    assert drawn == pytest.approx(JOB_SECONDS + 10 * SECONDS["scene"])


def test_training_time_grows_as_networks_steps_and_times():
    base = seconds_of_one()["train"]
    assert seconds_of_one(training={"steps": 3000})["train"] == pytest.approx(3 * base)
    assert seconds_of_one(tasks={"flipflop": {"time": 100}})["train"] == pytest.approx(2 * base)


@pytest.mark.parametrize(
    ("rank", "units", "measured"),
    [
        ("full", 64, 1.66),
        ("full", 256, 15.4),
        ("full", 512, 55.5),
        (2, 64, 1.37),
        (2, 256, 4.18),
        (2, 512, 8.64),
    ],
)
def test_training_steps_take_about_the_milliseconds_measured(rank, units, measured):
    """Those of docs/performance.md, of four networks at once."""
    told = seconds_of_one(
        models={"m": {"cell": "vanilla", "units": units}},
        constraints={"c": {"rank": rank}},
        training={"steps": 1000},
    )
    assert 0.8 * measured < told["train"] < 1.5 * measured


def test_estimates_know_the_gates_of_every_cell():
    for kind, cell in CELLS.items():
        assert (GATES.get(kind, 1), STATES.get(kind, 1)) == (cell.gates, cell.state_blocks)
    plain, gated = seconds_of_one(), seconds_of_one(models={"m": {"cell": "lstm"}})
    assert gated["train"] == pytest.approx(4 * plain["train"])
    assert all(plain[rule] < gated[rule] <= 4 * plain[rule] * (1 + 1e-9) for rule in plain)


def test_development_takes_as_long_as_the_probes_that_are_followed():
    probes = {"zero": {}, "low": {"bit1": -1}, "high": {"bit1": 1}}
    tasks = {"flipflop": {"bits": 1, "probes": probes}}

    def taken(**development: int) -> float:
        return seconds_of_one(tasks=tasks, development=development)["development"]

    assert taken() == pytest.approx(3 * taken(probes=1))
    assert taken(probes=7) == taken()
    assert taken(probes=2) == pytest.approx(2 * taken(probes=1))


@pytest.mark.parametrize("config", ["config.yaml", "universality.yaml"])
def test_every_stage_that_goes_through_networks_has_one_constant(config):
    experiment = load_experiment(CONFIG / config)
    jobs = {rule: len(names) for rule, names in processes(Plan(experiment).jobs()).items()}
    assert set(SECONDS) < set(STAGES)
    for cohort in experiment.cohorts():
        seconds = network_seconds(experiment, cohort)
        swept = bool(experiment.tasks[cohort.task].sweeps())
        assert ("branches" in seconds) == swept
        assert set(seconds) <= {STAGES[stage].rule for stage in SECONDS} & set(jobs)
        assert all(taken > 0 for taken in seconds.values())


def test_every_stage_that_is_asked_for_is_estimated_where_it_is():
    swept = {"kind": "flipflop", "bits": 1, "probes": {"zero": {}, "push": {"bit1": [-1, 1, 5]}}}
    every = seconds_of_one(
        tasks={"flipflop": swept},
        constraints={"low": {"rank": 2}},
        development={"count": 3},
        ranks={},
    )
    assert every.keys() == BLOCK_RULES.keys()
    assert min(every.values()) > 0
    alone = {rule for rule, stages in BLOCK_RULES.items() if stages[0].only is None}
    assert seconds_of_one().keys() == alone
