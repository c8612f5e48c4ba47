"""The fingerprints that a plan expects follow from settings and from all that comes before."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnpipe.commands.status.jobs import jobs_of
from rnnpipe.parameters import canonical
from rnnpipe.plan.compared import stale_jobs
from rnnpipe.plan.expected import Expected, Job
from rnnpipe.plan.job_settings import job_settings, settings_text
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.reads import files_read
from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.plan.stale import refusal_text, stale_lines
from rnnpipe.settings import load_experiment
from rnnpipe.settings.reading.job import read_settings
from rnnpipe.tables.provenance import IN_FOLDER, read_provenance
from tests.helpers.plans import changed, plan
from tests.helpers.planted import plant_done, plant_words

ROOT = Path(__file__).parents[2]
# Most of what one argument of a command may hold on Linux, in bytes.
MOST_BYTES = 131_072
# The stages that have jobs of every block.
EVERYWHERE = {name for name, stage in BLOCK_STAGES.items() if stage.only is None}


def every(**sections: Any) -> dict[Job, str]:
    expected = Expected(plan(**sections))
    return {job: expected.fingerprint(*job) for job, _ in expected.jobs()}


@pytest.fixture(scope="module")
def before() -> dict[Job, str]:
    return every()


def differing(before: dict[Job, str], after: dict[Job, str]) -> set[Job]:
    return {job for job in before.keys() & after.keys() if before[job] != after[job]}


def test_equal_plans_expect_the_same_and_no_two_jobs_do(before):
    assert before == every()
    assert len(set(before.values())) == len(before)


def test_a_change_of_training_counts_for_all_that_follows_of_its_task(before):
    jobs = differing(before, every(**changed("tasks.memory.training.learning_rate", 0.02)))
    assert {job[0] for job in jobs} == {rule for rule, *_ in before} - {"seconds", "branches"}
    assert all(job[1:2] in [(), ("memory",)] for job in jobs)


def test_a_change_of_the_search_spares_what_comes_before_it(before):
    jobs = differing(before, every(**changed("fixed_points.tolerance", 1e-18)))
    spared = {"train", "harvest", "behaviour", "seconds"}
    assert {job[0] for job in jobs} & BLOCK_STAGES.keys() == EVERYWHERE - spared
    assert not {job[0] for job in jobs} & spared


def test_another_name_counts_only_where_it_is_written(before):
    assert differing(before, every(experiment="y")) == {("findings",), ("pages",)}


def test_a_job_finds_its_files_in_the_order_in_which_they_were_planned():
    """Also where tasks, models and constraints do not stand in the order of the alphabet."""
    planned = plan()
    assert list(planned.tasks()) != sorted(planned.tasks())
    for rule, jobs in planned.jobs().items():
        for names in jobs:
            settings = job_settings(planned, rule, *names)
            told = json.loads(settings_text(planned, rule, *names))
            assert files_read(read_settings(type(settings), told)) == files_read(settings), rule


def test_the_content_of_a_mask_counts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = []
    for filled in (True, False):
        np.save("m.npy", np.full((10, 10), filled))
        found.append(every(constraints={"masked": {"mask": "m.npy"}}))
    assert {job[0] for job in differing(*found)} >= EVERYWHERE


@pytest.mark.parametrize("name", ["thousand", "universality"])
def test_what_a_job_is_told_fits_on_its_command_line(name):
    expected = Expected(Plan(load_experiment(ROOT / "config" / f"{name}.yaml")))
    for rule, jobs in expected.plan.jobs().items():
        if jobs:
            assert len(expected.origin_text(rule, *jobs[-1]).encode()) < MOST_BYTES // 2, rule


class TestStale:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        for job in jobs_of(plan()):
            plant_done(job, 1.0)

    def test_what_was_made_as_planned_is_current(self):
        assert stale_jobs(Expected(plan())) == {}

    def test_settings_that_differ_are_named_with_both_values(self):
        stale = stale_jobs(Expected(plan(**changed("constraints.dale.dale_ratio", 0.3))))
        lines = stale_lines(stale)
        trained = [line for line in lines if line.startswith("train memory tanh10 dale 0-3: ")]
        assert len(trained) == 1
        assert "constraint.regions.0.excitatory was 8, is now 3" in trained[0]
        assert lines[-1].startswith("and ") and lines[-1].endswith(" that follow from these")
        assert all(job[0] != "train" or job[3] == "dale" for job in stale)
        assert "--config stale=show" in refusal_text(stale)

    def test_other_code_is_called_that(self, monkeypatch):
        code = Plan.code

        def other(self: Plan, rule: str, *names: str) -> str:
            return "0123" if rule == "stability" else code(self, rule, *names)

        monkeypatch.setattr(Plan, "code", other)
        stale = stale_jobs(Expected(plan()))
        assert not {"train", "harvest", "fixed_points"} & {job[0] for job in stale}
        texts = stale["stability", "memory", "tanh10", "none", "0-3"]
        assert len(texts) == 1 and texts[0].startswith("made by other code (")
        graph = stale["graph", "memory", "tanh10", "none", "0-3"]
        assert graph == ["made from other stability, modes"]

    @pytest.mark.parametrize("name", ["weights", "training"])
    def test_one_file_from_elsewhere_makes_its_job_stale(self, name):
        expected, job = Expected(plan()), ("train", "memory", "tanh10", "none", "0-3")
        (path,) = (Path(p) for p in dict(expected.jobs())[job] if f"/{name}/" in p)
        other = {**read_provenance(path), "fingerprint": "01234567", "code": "abc"}
        plant_words(path, canonical(other))
        assert stale_jobs(expected).keys() == {job}

    def test_damaged_files_are_left_to_the_jobs_that_read_them(self):
        expected, job = Expected(plan()), ("train", "memory", "tanh10", "none", "0-3")
        (path,) = (Path(p) for p in dict(expected.jobs())[job] if "/history/" in p)
        path.write_bytes(path.read_bytes()[:20])
        assert stale_jobs(expected) == {}

    def test_what_says_nothing_is_stale(self):
        folder = next(Path("results/x/scenes").rglob("networks=examples"))
        (folder / IN_FOLDER).unlink()
        ((job, texts),) = stale_jobs(Expected(plan())).items()
        assert job[0] == "scene" and "made by hand or by an earlier version" in texts[0]
