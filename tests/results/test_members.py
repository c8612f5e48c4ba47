"""The blocks that a job on many blocks reads, told in few words."""

import json

from rnnpipe.results.members import blocks_of, cohort_of, cohorts_of, holds, missing_networks
from rnnpipe.settings import Cohort
from tests.helpers.plans import EXPERIMENT, plan

# A cohort that is trained for long, beside one that is not.
SLOW = {"cell": "vanilla", "units": 64, "training": {"steps": 10_000}}
MODELS = {**EXPERIMENT["models"], "slow": SLOW}


def test_every_cohort_has_the_blocks_that_the_plan_gives_it():
    mixed = plan(models=MODELS, seeds="0-99", compute={})
    members = json.loads(mixed.population_settings("memory"))
    assert cohorts_of(members) == mixed.cohorts("memory")
    planned = [(cohort, block.label) for cohort, block in mixed.blocks("train", "memory")]
    assert list(blocks_of(members)) == planned
    assert len(members["blocks"]) == 2


def test_labels_are_told_once_however_many_cohorts_there_are():
    """A command line is no longer than 128 kB."""
    models = {f"m{number}": {"cell": "vanilla", "units": 10} for number in range(50)}
    text = plan(models=models, seeds="0-9999").population_settings("memory")
    assert len(json.loads(text)["blocks"]) == 1
    assert len(text) < 60_000 < 100 * 2500 * len("0-3")


def test_the_missing_are_counted_and_not_read():
    one = {"task": "memory", "model": "m", "constraint": "c"}
    lost = {**one, "seeds": "4-7", "networks": 3, "stage": "train", "log": "l"}
    members = {"cohorts": [{**one, "seeds_per_job": 4}], "blocks": {"4": ["0-3", "4-7"]}}
    assert missing_networks(members) == 0 and len(list(blocks_of(members))) == 2
    members["missing"] = [lost]
    assert list(blocks_of(members)) == [(Cohort("memory", "m", "c"), "0-3")]
    assert missing_networks(members) == missing_networks(members, "memory") == 3
    assert missing_networks(members, "heading") == 0


def test_an_entry_may_say_more_than_whose_it_is():
    assert cohort_of({"task": "a", "model": "b", "constraint": "c", "x": 1}) == Cohort(
        "a", "b", "c"
    )


def test_a_block_holds_its_slot():
    assert [seed for seed in range(9) if holds("2-5", seed)] == [2, 3, 4, 5]
