"""Blocks without results are found, left out of everything that gathers, and named."""

import json
import os
from pathlib import Path

import pytest

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.lost import benchmarks
from rnnpipe.plan.missing import (
    failed_jobs,
    failure_text,
    missing_blocks,
    without_missing,
)
from rnnpipe.plan.paths import block_path, log_path, output_paths
from rnnpipe.plan.plan import EXAMPLES, Plan
from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.plan.words import MISSING, SKIP, take
from rnnpipe.settings import Cohort, SettingsError
from rnnpipe.settings.job_settings import FindingsJob, PagesJob, PopulationJob
from tests.helpers.plans import EXPERIMENT, every_setting, plan

PLAIN = Cohort("memory", "tanh10", "none")
SIGNED = Cohort("heading", "leaky", "dale")
EVERY = plan().blocks("train")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """All files of the experiment, empty, in the working directory."""
    monkeypatch.chdir(tmp_path)
    for stage in BLOCK_STAGES:
        for file in plan().stage_files(stage):
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            Path(file).touch()


def remove(cohort: Cohort, seeds: str, *names: str) -> None:
    for name in names:
        Path(block_path("x", name, cohort, seeds)).unlink()


def lacking():
    """A plan without two blocks of different tasks."""
    remove(PLAIN, "0-3", "modes", "edges")
    remove(SIGNED, "4-7", "weights", "runs", "edges")
    return without_missing(plan())


def read(model, text: str):
    return model.model_validate(json.loads(text))


def test_whoever_has_all_files_is_not_missing():
    complete = plan()
    assert missing_blocks(complete) == ()
    assert without_missing(complete) is complete


def test_the_first_stage_without_files_is_the_one_that_died():
    found = {(one.cohort, one.seeds): one for one in lacking().missing}
    assert list(found) == [(PLAIN, "0-3"), (SIGNED, "4-7")]
    assert [one.stage for one in found.values()] == ["skeleton", "train"]
    assert found[PLAIN, "0-3"].log == "results/x/logs/skeleton/memory.tanh10.none.0-3.log"
    assert [one.networks for one in found.values()] == [4, 2]


def test_no_job_and_no_table_knows_the_missing():
    rest = lacking()
    for stage in BLOCK_STAGES:
        kept = [job for job in plan().jobs()[stage] if job in rest.jobs()[stage]]
        assert rest.jobs()[stage] == kept
    assert len(rest.jobs()["train"]) == len(EVERY) - 2
    lost = [block_path("x", "edges", *block) for block in ((PLAIN, "0-3"), (SIGNED, "4-7"))]
    whole, files = set(plan().files("edges")), set(rest.files("edges"))
    assert whole - files == set(lost)
    assert not any("memory.tanh10.none.0-3." in path for path in benchmarks(rest))


def test_jobs_that_gather_are_told_who_is_missing():
    members = read(PopulationJob, settings_text(lacking(), "population", "memory"))
    assert [(block.cohort, block.seeds) for block in members.missing] == [(PLAIN, "0-3")]
    blocks = set(members.blocks())
    assert (PLAIN, "0-3") not in blocks and (PLAIN, "4-7") in blocks
    assert len(blocks) == len(plan().blocks("train", "memory")) - 1
    assert members.missing_networks() == 4
    findings = read(FindingsJob, settings_text(without_missing(plan()), "findings"))
    assert findings.missing_by_task() == {"memory": 4, "heading": 2}


def test_settings_of_the_others_stand():
    before, after = every_setting(plan()), every_setting(lacking())
    blocks = [job for job in after if job[0] in BLOCK_STAGES]
    assert {job: after[job] for job in blocks} == {job: before[job] for job in blocks}


def test_a_cohort_of_which_nothing_is_left_is_compared_with_none():
    for seeds in ("0-3", "4-7"):
        for constraint in ("none", "dale"):
            remove(Cohort("memory", "leaky", constraint), seeds, "edges")
    rest = without_missing(plan())
    assert {cohort.model for cohort in rest.cohorts("memory")} == {"tanh10"}
    assert ("memory", "memory") in plan().figures()
    assert ("memory", "memory") not in rest.figures()


def test_a_task_of_which_nothing_is_left_is_named_all_the_same():
    for cohort, block in plan().blocks("train", "memory"):
        remove(cohort, block.label, "edges")
    rest = without_missing(plan())
    assert rest.tasks() == ["heading"]
    findings = read(FindingsJob, settings_text(rest, "findings"))
    assert findings.missing_networks("memory") == 24


def test_nothing_at_all_is_refused():
    for file in plan().files("edges"):
        Path(file).unlink()
    with pytest.raises(SettingsError, match="no block has all its files yet"):
        without_missing(plan())


@pytest.mark.parametrize(("given", "skips"), [({}, False), ({"missing": "skip"}, True)])
def test_the_word_is_taken_out_of_the_configuration(given, skips):
    config = {**EXPERIMENT, **given}
    assert take(config, MISSING, SKIP) == skips
    assert config == EXPERIMENT


@pytest.mark.parametrize("word", ["Skip", True, 0, ""])
def test_any_other_word_is_refused(word):
    with pytest.raises(SettingsError, match=f'"{word}" is not allowed; it is skip'):
        take({"missing": word}, MISSING, SKIP)


def test_a_failure_names_logs_and_ways_on():
    missing = lacking().missing
    log = Path(missing[0].log)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.touch()
    jobs = [("distances", ("heading",)), ("findings", ())]
    text = failure_text(missing, jobs, "x")
    assert f"memory tanh10 none 0-3 ended at skeleton: {log}" in text
    assert "and 1 more" in text and missing[1].log not in text
    assert "Other jobs that failed: 2." in text
    assert "heading ended at distances: results/x/logs/distances/heading.log" in text
    assert "findings ended early: results/x/logs/findings.log" in text
    assert "--config missing=skip" in text
    assert failure_text([], [], "x") == ""
    assert "Blocks" not in failure_text([], jobs, "x")


def fail(rule: str, *names: str, said: str = "error: no") -> None:
    """Plant the log of a job that left no files."""
    log = Path(log_path("x", rule, *names))
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(f"{said}\n")


def rules_of(of: Plan, task: str) -> dict[str, set[str]]:
    """What is planned of a task: rules, kinds of figures, cohorts that are drawn."""
    jobs = of.jobs()
    return {
        rule: {names[-1] if rule == "figure" else rule for names in own if names[:1] == (task,)}
        for rule, own in jobs.items()
    }


GATHERING = ("population", "distances", "statistics", "figure", "scene")


@pytest.mark.parametrize(
    ("failed", "lost", "of_findings"),
    [
        ("population", {"population", "statistics", "scene"}, True),
        ("distances", {"distances", "statistics"}, True),
        ("statistics", {"statistics"}, False),
    ],
)
def test_a_job_on_a_task_that_failed_costs_its_task_alone(failed, lost, of_findings):
    fail(failed, "heading")
    whole, rest = plan(), without_missing(plan())
    assert rest.failed == ((failed, ("heading",)),)
    assert rules_of(rest, "memory") == rules_of(whole, "memory")
    kept = rules_of(rest, "heading")
    assert {rule for rule in GATHERING if not kept[rule]} == lost | (
        {"figure"} if failed == "population" else set()
    )
    # No job of blocks, and no other table is touched.
    assert all(kept[stage] == rules_of(whole, "heading")[stage] for stage in BLOCK_STAGES)
    for rule in ("findings", "pages"):
        named = any("heading" in path for path in rest.tables_of_tasks(rule))
        assert named == (rule == "findings" and not of_findings)
        assert any("memory" in path for path in rest.tables_of_tasks(rule))
    assert not any("heading" in path for path in rest.page_inputs())
    findings = read(FindingsJob, settings_text(rest, "findings"))
    assert findings.missing_by_task() == ({"heading": 24} if of_findings else {})
    assert ("heading" in findings.tasks) != of_findings
    pages = read(PagesJob, settings_text(rest, "pages"))
    assert set(pages.tasks) == {"memory"} and pages.missing_by_task() == {"heading": 24}
    assert {part.task for part in pages.parts} == {"memory"}
    log = f"results/x/logs/{failed}/heading.log"
    assert {(block.stage, block.log) for block in pages.missing} == {(failed, log)}


def test_figures_without_the_failed_tables_are_drawn():
    fail("statistics", "memory")
    kinds = rules_of(without_missing(plan()), "memory")["figure"]
    assert {"training", "census"} <= kinds and "numbers" not in kinds


def test_a_figure_and_a_scene_that_failed_cost_themselves():
    scene = (*vars(PLAIN).values(), EXAMPLES)
    fail("figure", "memory", "census")
    fail("scene", *scene)
    whole, rest = plan(), without_missing(plan())
    assert set(whole.figures()) - set(rest.figures()) == {("memory", "census")}
    assert set(whole.scenes()) - set(rest.scenes()) == {(PLAIN, EXAMPLES)}
    assert set(rest.pages()) == set(rest.scenes())
    assert set(whole.every_file()) - set(rest.every_file()) == {
        *output_paths("x", "figure", "memory", "census").values(),
        *output_paths("x", "scene", *scene).values(),
    }


def test_a_job_that_came_to_its_end_or_runs_has_not_failed():
    fail("population", "memory", said="finished after 3 s")
    fail("population", "heading", said="reading blocks 3/4")
    assert failed_jobs(plan()) == ()
    os.utime(log_path("x", "population", "heading"), (0, 0))
    assert failed_jobs(plan()) == (("population", ("heading",)),)


def test_jobs_on_all_tasks_need_one_task_and_are_tried_again():
    fail("findings")
    fail("population", "memory")
    rest = without_missing(plan())
    assert rest.jobs()["findings"] == [()]
    fail("population", "heading")
    rest = without_missing(plan())
    assert not rest.jobs()["findings"] and not rest.jobs()["pages"] and rest.jobs()["seconds"]
