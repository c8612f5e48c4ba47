"""A run shows a line per job that ended, and on a terminal a bar and how far running jobs are."""

from io import StringIO

from rich.console import Console

from rnnpipe.commands.run.course import Course
from rnnpipe.commands.run.display import MOST_JOBS, running_lines, shown

LOG = """\
train on here, process 1, since 2026-01-01T00:00:00+00:00
training: 250/1000 (25 %), 0:30 left, loss 0.1, validation 0.1, 4 training
"""


def console(terminal: bool) -> Console:
    return Console(file=StringIO(), force_terminal=terminal, width=100, highlight=False)


def test_lines_tell_what_ended_and_why_it_failed(tmp_path):
    (tmp_path / "train.log").write_text("step 1\nerror: no such file\n")
    course, screen = Course(clock=lambda: 0.0), console(terminal=False)
    with shown(screen, course):
        course.plan_jobs({"train": 11, "total": 11})
        course.begin(1, "train", {"task": "a"}, [])
        course.begin(2, "train", {"task": "b"}, [str(tmp_path / "train.log")])
        course.finish(1)
        course.fail(2, "train", [])
    assert screen.file.getvalue().splitlines() == [
        "[ 1/11] train a, 0.0 s",
        " failed train b: error: no such file",
    ]


def test_a_terminal_shows_a_bar_and_how_far_each_job_is(tmp_path):
    (tmp_path / "train.log").write_text(LOG)
    course, screen = Course(clock=lambda: 0.0), console(terminal=True)
    with shown(screen, course):
        course.plan_jobs({"train": 2, "total": 2})
        course.begin(1, "train", {"task": "a"}, [str(tmp_path / "train.log")])
    text = screen.file.getvalue()
    assert "0 of 2 jobs" in text and "━" in text
    assert "train a, 0.0 s: 25 %, 0:30 left" in text


def test_many_running_jobs_are_counted():
    course = Course(clock=lambda: 0.0)
    for number in range(MOST_JOBS + 3):
        course.begin(number, "train", {"seeds": str(number)}, [])
    course.begin(99, "all", {}, [])
    lines = running_lines(course)
    assert lines[0] == "train 0, 0.0 s" and lines[MOST_JOBS:] == ["and 3 more"]
