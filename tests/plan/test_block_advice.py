"""Advice on the size of blocks: where starts cost much, or single blocks take long."""

from pathlib import Path

import pytest
import yaml

from rnnpipe.plan.block_advice import LONGEST, block_advice
from rnnpipe.plan.estimate import network_seconds
from rnnpipe.settings import Experiment, load_experiment

CONFIG = Path(__file__).parents[2] / "config"
FILES = sorted(CONFIG.glob("*.yaml"))
HEAVY = {"m": {"cell": "lstm", "units": 512}}


def advice(**changes) -> str:
    base = {
        "experiment": "x",
        "seeds": "0-999",
        "tasks": {"flipflop": {}},
        "models": {"m": {"cell": "vanilla", "units": 16}},
    }
    return block_advice(Experiment.from_mapping({**base, **changes}))


def test_a_thousand_small_networks_should_go_by_the_dozen():
    said = advice()
    assert said.startswith("Larger blocks would serve better: the starts of all jobs on blocks")
    assert "compute: {seeds_per_job: 64}" in said
    assert advice(compute={"seeds_per_job": 64}) == ""


def test_a_usual_small_experiment_is_left_alone():
    assert advice(seeds="0-9") == ""
    assert advice(seeds="0-9", compute={"seeds_per_job": 1}) == ""


def test_heavy_blocks_should_be_smaller():
    experiment = Experiment.from_mapping(
        {
            "experiment": "x",
            "seeds": "0-15",
            "tasks": {"flipflop": {}},
            "models": HEAVY,
            "training": {"steps": 5000},
            "compute": {"seeds_per_job": 64},
        }
    )
    one = sum(network_seconds(experiment, experiment.cohorts()[0]).values())
    assert 8 * one <= LONGEST < 16 * one
    said = block_advice(experiment)
    assert said.startswith("Smaller blocks would serve better: the heaviest block, of 16 networks")
    assert "compute: {seeds_per_job: 8}" in said


def test_a_seed_by_itself_cannot_be_divided():
    hours = {"steps": 10**7}
    assert "{seeds_per_job: 1}" in advice(models=HEAVY, training=hours)
    assert advice(models=HEAVY, training=hours, compute={"seeds_per_job": 1}) == ""
    assert advice(models=HEAVY, training=hours, seeds=7) == ""


def test_on_cuda_training_and_search_do_not_count():
    hours = {"steps": 10**8}
    assert advice(seeds="0-9", training=hours).startswith("Smaller")
    assert advice(seeds="0-9", training=hours, compute={"device": "cuda"}) == ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shipped_experiment_has_blocks_that_suit_it(file):
    assert block_advice(load_experiment(file)) == ""


def test_without_its_own_size_the_experiment_of_a_thousand_would_be_told():
    written = yaml.safe_load((CONFIG / "thousand.yaml").read_text())
    assert written.pop("compute") == {"seeds_per_job": 64}
    assert "{seeds_per_job: 64}" in block_advice(Experiment.from_mapping(written))
