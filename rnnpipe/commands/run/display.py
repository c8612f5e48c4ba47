"""What a run shows: a line per job that has ended; on a terminal, also a bar and what runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from rnnpipe.commands.run.course import Begun, Course
from rnnpipe.jobs.log import read_log
from rnnpipe.jobs.plain_text import duration
from rnnpipe.jobs.progress import read_progress

# Where lines cannot be rewritten, one says this often that long jobs are at work.
LINE_SECONDS = 60.0
REDRAWN_PER_SECOND = 2
# Running jobs beyond this many are counted, not listed.
MOST_JOBS = 8


def ended_line(course: Course, job: Begun, seconds: float, failed: bool) -> str:
    """Write a line on a job that has ended."""
    width = len(str(course.total))
    if failed:
        return f"{'failed':>{2 * width + 3}} {job.label}: {last_line(job) or 'no word why'}"
    return f"[{course.done:{width}}/{course.total}] {job.label}, {duration(seconds)}"


def last_line(job: Begun) -> str:
    """Return the last line of the first of a job's logs that has one; "" if none has."""
    for log in job.logs:
        with suppress(OSError):
            if lines := read_log(Path(log)).lines:
                return lines[-1]
    return ""


def running_line(job: Begun, now: float) -> str:
    """Write a line on a job that runs: how far it is, as its log tells."""
    said = last_line(job)
    told = read_progress(said)
    share = f"{100 * told.done // max(told.total, 1)} %, {told.left} left" if told else ""
    return f"{job.label}, {duration(now - job.began)}" + (f": {share}" if share else "")


@contextmanager
def shown(console: Console, course: Course) -> Iterator[None]:
    """Show the course of a run while the ``with`` block runs."""

    def tell(job: Begun, seconds: float, failed: bool) -> None:
        line = Text(ended_line(course, job, seconds, failed), style="red" if failed else "")
        console.print(line, soft_wrap=True)

    course.ended = tell
    course.noted = lambda text: console.print(Text(text), soft_wrap=True)
    if console.is_terminal and not console.is_dumb_terminal:
        with Live(
            get_renderable=lambda: _board(course),
            console=console,
            refresh_per_second=REDRAWN_PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        ):
            yield
        return
    with _lines_now_and_then(console, course):
        yield


def _board(course: Course) -> RenderableType:
    """Draw the bar, and what runs beneath it."""
    if course.stopped:
        return Text("stopping: jobs write down how far they are", style="dim")
    if not course.total:
        return Text("looking at what there is to do", style="dim")
    row = Table.grid(padding=(0, 1))
    row.add_row(
        ProgressBar(course.total, course.done, width=32, complete_style="green"), course.summary()
    )
    return Group(row, *(Text(f"  {line}", style="dim") for line in running_lines(course)))


def running_lines(course: Course) -> list[str]:
    """Write a line per running job; the jobs beyond `MOST_JOBS` are counted."""
    jobs = [job for job in list(course.running.values()) if job.shown]
    lines = [running_line(job, course.clock()) for job in jobs[:MOST_JOBS]]
    return lines + ([f"and {more} more"] if (more := len(jobs) - MOST_JOBS) > 0 else [])


@contextmanager
def _lines_now_and_then(
    console: Console, course: Course, every: float = LINE_SECONDS
) -> Iterator[None]:
    """Say what runs wherever nothing has ended for a while."""
    over = threading.Event()

    def watch() -> None:
        before = -1
        while not over.wait(every):
            if course.done == before and (lines := running_lines(course)):
                console.print(Text(f"{course.summary()}; {lines[0]}"), soft_wrap=True)
            before = course.done

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
