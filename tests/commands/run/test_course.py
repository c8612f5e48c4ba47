"""The course of a run follows from what Snakemake logs, and tells what ended and what is left."""

import logging
import threading

import pytest

from rnnpipe.commands.run.course import Course
from rnnpipe.commands.run.events import take

STATS = {"all": 1, "train": 2, "harvest": 2, "total": 5}
OF_JOBS = (
    "WorkflowError:\nAt least one job did not complete successfully.",
    "RuleException:\nCalledProcessError in file x, line 3:",
)


class Clock:
    """Seconds that tests let pass."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> list:
    return []


@pytest.fixture
def course(clock, told) -> Course:
    return Course(
        seconds={"train": 30.0, "harvest": 10.0},
        ended=lambda *said: told.append(said),
        clock=clock,
    )


def log(course: Course, message: str = "", **fields) -> None:
    """What Snakemake's logger passes on."""
    record = logging.makeLogRecord({"msg": message, "levelno": logging.INFO, **fields})
    take(course, record)


def begin(course: Course, number: int, rule: str = "train", seeds: str = "0-3") -> None:
    names = {"task": "flipflop", "seeds": seeds} if rule != "all" else {}
    path = [f"logs/{rule}.log"] if rule != "all" else []
    log(course, event="job_info", jobid=number, rule_name=rule, wildcards=names, log=path)


def fail(course: Course, number: int, rule: str = "train") -> None:
    log(course, event="job_error", jobid=number, rule_name=rule, log=[f"logs/{rule}.log"])


def finish(course: Course, number: int) -> None:
    log(course, event="job_finished", job_id=number)


def test_jobs_are_counted_without_rules_that_only_gather(course, told, clock):
    log(course, event="run_info", stats=STATS)
    assert (course.done, course.total) == (0, 4)
    begin(course, 7)
    clock.now = 30.0
    finish(course, 7)
    begin(course, 0, "all")
    finish(course, 0)
    assert (course.done, course.total) == (1, 4)
    [(job, seconds, failed)] = told
    assert (job.label, job.logs, seconds, failed) == (
        "train flipflop 0-3",
        ("logs/train.log",),
        30.0,
        False,
    )


def test_a_job_that_ctrl_c_ends_has_not_failed_if_its_end_is_told_first(course, told):
    begin(course, 1)
    end = threading.Thread(target=fail, args=(course, 1))
    end.start()
    course.stop()
    end.join()
    assert not told and not course.failures


def test_the_time_left_follows_what_jobs_were_estimated_to_take(course, clock):
    log(course, event="run_info", stats=STATS)
    assert course.left() is None
    begin(course, 7)
    clock.now = 60.0  # twice the estimate
    finish(course, 7)
    assert course.left() == pytest.approx(2 * (30 + 10 + 10))


def test_a_job_that_is_tried_again_has_not_failed(course):
    begin(course, 7)
    fail(course, 7)
    assert [job.label for job in course.failures] == ["train flipflop 0-3"]
    begin(course, 7)
    assert course.failures == []
    finish(course, 7)
    assert (course.failures, course.finished) == ([], 1)


def test_failures_outlive_the_snakemake_that_saw_them(course):
    begin(course, 7)
    fail(course, 7)
    course.follow_up()
    begin(course, 7, "harvest")
    finish(course, 7)
    assert [job.rule for job in course.failures] == ["train"]


def test_a_job_fails_once_however_often_that_is_said(course, told):
    begin(course, 7)
    fail(course, 7)
    fail(course, 7)
    assert len(told) == 1


def test_jobs_that_end_because_the_run_is_stopped_have_not_failed(course, told):
    begin(course, 7)
    log(course, "Terminating processes on user request, this might take some time.")
    fail(course, 7)
    assert course.stopped and (course.failures, told) == ([], [])


def test_faults_of_no_job_are_kept_but_not_that_some_job_failed(course):
    for text in OF_JOBS:
        log(course, text, event="error", exception=text.split(":")[0])
    log(course, "LockException:\nno", event="error", exception="LockException")
    assert course.errors == [("LockException", "LockException:\nno")]


def test_what_the_workflow_says_to_people_is_passed_on(course):
    said = []
    course.noted = said.append
    log(course, "Files of 1 job are stale\n", note=True)
    log(course, "Select jobs to execute...")
    assert said == ["Files of 1 job are stale"]
