"""What is told of an experiment follows from the files that its jobs leave."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from rnnpipe.commands.status.jobs import Job, jobs_of
from rnnpipe.commands.status.page import block_states, page
from rnnpipe.commands.status.state import Seen, State, read_status, seconds_left
from rnnpipe.plan.expected import Expected
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.paths import benchmark_path, log_path
from rnnpipe.plan.rules import processes
from rnnpipe.plan.stages import IMPORT, STAGES
from rnnpipe.settings import Cohort
from tests.helpers.plans import changed, plan
from tests.helpers.planted import NOW, SINCE, plant_dead, plant_done, plant_log

ROOT = Path(__file__).parents[3]
COHORT = Cohort("memory", "tanh10", "none")
FIRST_BLOCK = (*vars(COHORT).values(), "0-3")
SOLVED, UNSOLVED = 0.0, 1.0


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def job(rule: str, *names: str) -> Job:
    return next(j for j in jobs_of(plan()) if (j.rule, j.names) == (rule, names))


def seen(rule: str, *names: str) -> Seen:
    jobs = read_status(plan(), NOW).jobs
    return next(s for s in jobs if (s.job.rule, s.job.names) == (rule, names))


def test_every_job_of_the_plan_is_one_and_no_two_share_a_file():
    jobs = jobs_of(plan())
    planned = {
        (rule, names) for rule, all_names in processes(plan().jobs()).items() for names in all_names
    }
    assert {(one.rule, one.names) for one in jobs} == planned
    files = [f for one in jobs for f in (*one.outputs, one.log, one.benchmark)]
    assert len(files) == len(set(files))


def test_jobs_write_every_file_that_the_plan_knows():
    outputs = {path for one in jobs_of(plan()) for path in one.outputs}
    assert outputs == {path for stage in STAGES for path in plan().stage_files(stage)}


def test_an_imported_block_has_the_log_of_its_own_rule():
    Path("0.pt").touch()
    imported = plan(
        models={"mine": {"cell": "gru", "from": "{seed}.pt"}}, seeds="0", constraints={"none": {}}
    )
    first = jobs_of(imported)[0]
    names = ("memory", "mine", "none", "0-3")
    assert (first.rule, first.names) == (IMPORT, names)
    assert first.log == log_path("x", IMPORT, *names)
    assert first.benchmark == benchmark_path("x", "train", *names)


def test_nothing_on_disk_waits():
    status = read_status(plan(), NOW)
    assert {one.state for one in status.jobs} == {State.WAITING}
    assert not any(status.solved.values())


def test_all_files_of_a_job_make_it_done_and_one_missing_does_not():
    train = job("train", *FIRST_BLOCK)
    plant_done(train, 7.0, (SOLVED,))
    found = seen("train", *FIRST_BLOCK)
    assert (found.state, found.seconds) == (State.DONE, 7.0)
    Path(train.outputs[0]).unlink()
    # Its log says that it finished: somebody removed the file.
    assert seen("train", *FIRST_BLOCK).state is State.WAITING


def test_files_made_otherwise_than_planned_are_stale_with_what_differs():
    train = job("train", *FIRST_BLOCK)
    plant_done(train, 7.0, (SOLVED,))
    now = plan(**changed("tasks.memory.training.learning_rate", 0.02))
    status = read_status(now, NOW)
    (found,) = (s for s in status.jobs if (s.job.rule, s.job.names) == (train.rule, train.names))
    assert found.state is State.STALE
    assert not any(status.solved.values())
    text = page(status)
    assert "48 networks: 0 done, 0 stale, 0 running, 0 failed, 48 waiting; 0 solved" in text
    assert "Files of 1 job are stale, made otherwise than planned:\n" in text
    line = "  train memory tanh10 none 0-3: training.learning_rate was 0.01, is now 0.02"
    assert line in text.splitlines()


def test_a_fresh_log_is_of_a_running_job_and_an_old_one_of_a_dead_one():
    train = job("train", *FIRST_BLOCK)
    plant_log(train, "training: 5/10")
    found = seen("train", *FIRST_BLOCK)
    assert (found.state, found.seconds) == (State.RUNNING, NOW - SINCE)
    assert found.log.lines == ("training: 5/10",)
    plant_dead(train, "training: 5/10")
    assert seen("train", *FIRST_BLOCK).state is State.FAILED


def test_an_error_in_a_fresh_log_is_a_failure():
    plant_log(job("population", "memory"), "error: a.parquet: is damaged")
    assert seen("population", "memory").state is State.FAILED


def test_solved_networks_are_those_that_reach_the_threshold_of_the_task():
    plant_done(job("train", *FIRST_BLOCK), 1.0, (1.0, 0.0, float("nan"), 1.0))
    status = read_status(plan(), NOW)
    assert status.solved == {COHORT: 2}


def test_a_network_whose_training_diverged_has_solved_nothing():
    plant_done(job("train", *FIRST_BLOCK), 1.0, (1.0, 1.0), reasons=("steps", "diverged"))
    assert read_status(plan(), NOW).solved == {COHORT: 1}


def test_what_happened_first_in_a_chain_counts_for_its_networks():
    chain = [one for one in jobs_of(plan()) if one.names == FIRST_BLOCK]
    for number, one in enumerate(chain):
        assert block_states(read_status(plan(), NOW).jobs)[COHORT][State.DONE] == 0, number
        plant_done(one, 1.0)
    networks = block_states(read_status(plan(), NOW).jobs)[COHORT]
    assert networks == {State.DONE: 4, State.WAITING: 2}
    Path(chain[-1].outputs[0]).unlink()
    plant_log(chain[-1], "following")
    assert block_states(read_status(plan(), NOW).jobs)[COHORT][State.RUNNING] == 4
    Path(chain[-2].outputs[0]).unlink()
    plant_dead(chain[-2])
    assert block_states(read_status(plan(), NOW).jobs)[COHORT][State.FAILED] == 4


def seen_as(one: Job, state: State, seconds: float = float("nan")) -> Seen:
    return Seen(one, state, seconds)


def test_time_left_is_the_estimate_scaled_by_what_was_taken():
    other = Cohort("heading", "leaky", "none")

    def made(rule: str, cohort: Cohort, estimate: float) -> Job:
        return Job(rule, (), (), "", "", estimate, cohort, 1)

    jobs = [
        seen_as(made("train", COHORT, 10.0), State.DONE, 20.0),
        seen_as(made("train", other, 10.0), State.DONE, 40.0),
        seen_as(made("train", COHORT, 5.0), State.WAITING),
        seen_as(made("train", COHORT, 5.0), State.RUNNING, 4.0),
        seen_as(made("train", COHORT, 5.0), State.RUNNING, 400.0),
        seen_as(made("train", Cohort("a", "b", "c"), 5.0), State.WAITING),
        seen_as(made("graph", COHORT, 5.0), State.FAILED),
    ]
    assert seconds_left(jobs) == [0, 0, 10, 6, 0, 15, 5]


def test_the_page_shows_cohorts_progress_and_the_ends_of_failed_logs():
    plant_done(job("train", *FIRST_BLOCK), 60.0, (1.0, 1.0, 1.0, 0.0))
    plant_log(job("train", *FIRST_BLOCK[:3], "4-7"), "training: 5/10 (50 %), 0:13 left")
    plant_dead(job("harvest", *FIRST_BLOCK), *map(str, range(10)))
    text = page(read_status(plan(), NOW))
    assert text.startswith(
        "experiment x: 48 networks: 0 done, 0 stale, 2 running, 4 failed, 42 waiting; 3 solved\n"
    )
    rows = [line.split() for line in text.splitlines()]
    assert ["memory", "tanh10", "none", "6", "0", "0", "2", "4", "0", "3"] in [
        row[:10] for row in rows
    ]
    assert "train memory tanh10 none 4-7, 1.7 min: training: 5/10 (50 %), 0:13 left" in text
    log = "results/x/logs/harvest/memory.tanh10.none.0-3.log"
    assert f"failed: harvest memory tanh10 none 0-3, {log}\n  5\n  6\n  7\n  8\n  9" in text
    assert "with the 1 that run at once now" in text


def test_of_many_failed_jobs_some_are_shown_and_the_others_counted():
    failed = [one for one in jobs_of(plan()) if one.rule == "train"]
    for one in failed:
        plant_dead(one)
    text = page(read_status(plan(), NOW))
    assert text.count("failed: train") == 10
    assert f"failed: and {len(failed) - 10} more" in text


def run_seconds() -> int:
    """Run the job of the seconds as the workflow does, and return how it ended."""
    log, output = Path(job("seconds").log), job("seconds").outputs[0]
    log.parent.mkdir(parents=True, exist_ok=True)
    origin = Expected(plan()).origin_text("seconds")
    options = ["--settings", settings_text(plan(), "seconds"), "--origin", origin]
    with log.open("w") as stream:
        command = [
            sys.executable,
            str(ROOT / "scripts" / "seconds.py"),
            *options,
            "--seconds",
            output,
        ]
        return subprocess.run(command, stdout=stream, stderr=stream).returncode


def test_a_real_job_is_seen_to_fail_and_then_to_be_done():
    benchmark = Path(job("train", *FIRST_BLOCK).benchmark)
    benchmark.parent.mkdir(parents=True)
    benchmark.write_text("no numbers")
    assert run_seconds() != 0
    failed = next(s for s in read_status(plan(), time.time()).jobs if s.job.rule == "seconds")
    assert failed.state is State.FAILED
    assert failed.log.owner is not None
    assert "is no benchmark file" in failed.log.lines[-1]
    for one in jobs_of(plan()):
        if one.cohort is not None:
            plant_done(one, 1.0)
    assert run_seconds() == 0
    assert seen("seconds").state is State.DONE
