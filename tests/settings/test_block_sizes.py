"""Blocks suit their cohort, and nothing moves them but what trains networks anew."""

import pytest

from rnnpipe.settings import Cohort, Experiment, load_experiment
from rnnpipe.settings.block_sizes import CPU_LARGEST, CPU_SECONDS
from rnnpipe.settings.costs import Analysis, costs_of_network
from tests.helpers.experiments import CONFIG, mapping

CHOSEN = {"compute": {}}
COHORT = Cohort("flipflop", "m", "none")


def size(cell: str = "vanilla", units: int = 64, device: str = "cpu", **changes) -> int:
    models = {"m": {"cell": cell, "units": units}}
    compute = {"device": device}
    experiment = Experiment.from_mapping(
        mapping(**{"models": models, "compute": compute} | changes)
    )
    return experiment.seeds_per_job(COHORT)


def seconds(experiment: Experiment, cohort: Cohort) -> float:
    """Of one network's whole chain with the usual analysis."""
    training = experiment.training_for(cohort.task, cohort.model)
    task = experiment.tasks[cohort.task].model_copy(update={"given_probes": {}})
    costs = costs_of_network(task, experiment.models[cohort.model], training, Analysis())
    return sum(cost.core_seconds for cost in costs.values())


def test_small_and_fast_cohorts_go_by_the_dozen_and_heavy_ones_almost_alone():
    assert size(units=16) == size() == 64
    assert size(cell="lstm", units=256) <= 4
    assert size(training={"steps": 10**6}) == 1


@pytest.mark.parametrize("config", ["config.yaml", "universality.yaml"])
def test_a_block_is_the_largest_power_of_two_that_takes_minutes(config):
    experiment = load_experiment(CONFIG.parent / config)
    chosen = experiment.model_copy(
        update={"compute": experiment.compute.model_copy(update={"seeds_per_job": None})}
    )
    found = {chosen.seeds_per_job(cohort) for cohort in chosen.cohorts()}
    assert len(found) > 1
    for cohort in chosen.cohorts():
        number, one = chosen.seeds_per_job(cohort), seconds(chosen, cohort)
        assert number in {1, 2, 4, 8, 16, 32, 64}
        assert number == 1 or number * one <= CPU_SECONDS
        assert number == CPU_LARGEST or 2 * number * one > CPU_SECONDS


def test_a_given_number_holds_for_all_cohorts():
    heavy = {"cell": "lstm", "units": 256}
    models = {"m": {"cell": "vanilla", "units": 8}, "heavy": heavy}
    experiment = Experiment.from_mapping(mapping(models=models, compute={"seeds_per_job": 5}))
    assert {experiment.seeds_per_job(cohort) for cohort in experiment.cohorts()} == {5}
    chosen = Experiment.from_mapping(mapping(models=models, compute={"seeds_per_job": None}))
    assert len({chosen.seeds_per_job(cohort) for cohort in chosen.cohorts()}) == 2


# Each would change the size if the size followed it, for it changes what networks cost.
@pytest.mark.parametrize(
    "changes",
    [
        {"seeds": "0-999"},
        {"models": {"m": {"cell": "gru"}, "more": {"cell": "lstm", "units": 512}}},
        {"tasks": {"flipflop": {}, "sinewave": {}}},
        {"tasks": {"flipflop": {"probes": {str(n) + "x": {"bit1": n} for n in range(64)}}}},
        {"tasks": {"flipflop": {"probes": {"swept": {"bit1": [0, 1, 99]}}}}},
        {"tasks": {"flipflop": {"solved": 0.5}}},
        {"harvest": {"trials": 10**6}},
        {"fixed_points": {"starts": 10**5}},
        {"graph": {"perturbations": 10**4}},
        {"behaviour": {"trials": 10**6}},
        {"compute": {"threads": 4}},
        {"compute": {"device": "auto"}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_nothing_moves_a_block_that_leaves_its_networks_as_they_are(changes):
    model = {"models": {"m": {"cell": "gru"}}}
    base = Experiment.from_mapping(mapping(**CHOSEN | model))
    changed = Experiment.from_mapping(mapping(**CHOSEN | model | changes))
    assert 1 < base.seeds_per_job(COHORT) < 64
    assert changed.seeds_per_job(COHORT) == base.seeds_per_job(COHORT)


def test_on_cuda_hundreds_go_at_once_as_memory_and_the_analysis_allow():
    assert size(device="cuda") == 1024
    assert size(device="cuda", training={"steps": 10**6}) == 1024
    assert 1 < size(device="cuda", training={"trials": 4096}) < 256
    assert size(cell="lstm", units=256, device="cuda") < 64
