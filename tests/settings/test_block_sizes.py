"""Blocks follow from the seeds and their number per job, and from nothing else."""

import pytest

from rnnpipe.settings import Experiment
from tests.helpers.experiments import CONFIG, mapping


def labels(**changes) -> list[str]:
    """Labels of the blocks of an experiment of ten seeds, of the default size unless given."""
    made = Experiment.from_mapping(mapping(**{"seeds": "0-9", "compute": {}} | changes))
    return [block.label for block in made.blocks()]


DEFAULT = ["0-3", "4-7", "8-11"]


# Each changes what a network costs, some of them a thousandfold.
@pytest.mark.parametrize(
    "changes",
    [
        {"models": {"m": {"cell": "vanilla", "units": 2}}},
        {"models": {"m": {"cell": "lstm", "units": 512}, "more": {"cell": "gru", "units": 8}}},
        {"models": {"mine": {"cell": "vanilla", "units": 8, "from": str(CONFIG)}}},
        {"tasks": {"flipflop": {"bits": 1, "time": 10}}},
        {"tasks": {"flipflop": {"bits": 6, "time": 1000}, "sinewave": {}, "context": {}}},
        {"tasks": {"flipflop": {"probes": {"swept": {"bit1": [0, 1, 99]}}}}},
        {"constraints": {"none": {}, "dale": {"dale_ratio": 0.8}}},
        {"training": {"steps": 10**6, "trials": 4096}},
        {"training": {"steps": 1, "trials": 1}},
        {"harvest": {"trials": 10**5}},
        {"fixed_points": {"box": 10**5}},
        {"graph": {"perturbations": 10**4}},
        {"behaviour": {"trials": 10**5}},
        {"compute": {"threads": 4}},
        {"compute": {"device": "cuda"}},
        {"compute": {"device": "auto"}},
    ],
    ids=str,
)
def test_no_task_model_or_setting_moves_a_block(changes):
    assert labels(**changes) == labels() == DEFAULT


def test_a_given_number_holds_for_all_cohorts():
    assert labels(compute={"seeds_per_job": 5}) == ["0-4", "5-9"]
    assert labels(compute={"seeds_per_job": 64}) == ["0-63"]
    heavy = {"m": {"cell": "lstm", "units": 512}}
    assert labels(models=heavy, compute={"seeds_per_job": 64}) == ["0-63"]


def test_one_more_seed_changes_only_the_block_it_falls_into():
    def blocks(seeds: str) -> dict:
        made = Experiment.from_mapping(mapping(seeds=seeds, compute={}))
        return {block.label: block.seeds for block in made.blocks()}

    four, five, six = blocks("0-3"), blocks("0-4"), blocks("0-5")
    assert {**four, "4-7": (4,)} == five
    assert {**five, "4-7": (4, 5)} == six
