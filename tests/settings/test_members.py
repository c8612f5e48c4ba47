"""The blocks that a job on many blocks reads, told in few words."""

import json

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.settings import Cohort
from rnnpipe.settings.job_settings import PopulationJob
from rnnpipe.settings.members import Members, block_holds
from tests.helpers.plans import plan


def test_every_cohort_has_the_blocks_that_the_plan_gives_it():
    whole = plan(seeds="0-99")
    members = PopulationJob.model_validate(json.loads(settings_text(whole, "population", "memory")))
    assert [entry.cohort for entry in members.cohorts] == whole.cohorts("memory")
    planned = [(cohort, block.label) for cohort, block in whole.blocks("train", "memory")]
    assert list(members.blocks()) == planned


def test_labels_are_told_once_however_many_cohorts_there_are():
    """A command line is no longer than 128 kB."""
    models = {f"m{number}": {"cell": "vanilla", "units": 10} for number in range(50)}
    text = settings_text(plan(models=models, seeds="0-9999"), "population", "memory")
    assert len(json.loads(text)["labels"]) == 2500
    assert len(text) < 60_000 < 100 * 2500 * len("0-3")


def test_the_missing_are_counted_and_not_read():
    one = {"task": "memory", "model": "m", "constraint": "c"}
    lost = {**one, "seeds": "4-7", "networks": 3, "stage": "train", "log": "l"}
    whole = {"experiment": "x", "cohorts": [one], "labels": ["0-3", "4-7"]}
    complete = Members.model_validate(whole)
    assert complete.missing_networks() == 0 and len(list(complete.blocks())) == 2
    members = Members.model_validate({**whole, "missing": [lost]})
    assert list(members.blocks()) == [(Cohort("memory", "m", "c"), "0-3")]
    assert members.missing_networks() == members.missing_networks("memory") == 3
    assert members.missing_networks("heading") == 0
    assert members.missing_by_task() == {"memory": 3}


def test_a_block_holds_its_slot():
    assert [seed for seed in range(9) if block_holds("2-5", seed)] == [2, 3, 4, 5]
