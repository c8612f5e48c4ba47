"""The end of a run: solved networks, what failed and where its log is, where to look."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rnnpipe.commands.run.course import Course
from rnnpipe.commands.run.display import last_line
from rnnpipe.jobs.plain_text import count, duration, table
from rnnpipe.plan.paths import INDEX, experiment_folder, output_paths
from rnnpipe.plan.plan import Plan

MOST_FAILURES = 20


def closing_text(
    plan: Plan, course: Course, succeeded: bool, folder: Path, log: Path, seconds: float
) -> str:
    """Say how a run ended, in the folder that the results lie in.

    Parameters
    ----------
    plan
        What there was to do.
    course
        What was done.
    succeeded
        Whether all was done.
    folder, log
        The folder, and Snakemake's log, as seen from where the command was called.
    seconds
        How long the run took.
    """
    parts = [_headline(course, succeeded, seconds), *_errors(course), *_failures(course, folder)]
    rows = [*_solved(plan), *_places(plan, folder)]
    if not succeeded:
        rows.append(("Snakemake's log", str(log)))
    if rows:
        parts.append(table([[f"  {name}", text] for name, text in rows], numbers=0))
    return "\n".join(parts)


def _headline(course: Course, succeeded: bool, seconds: float) -> str:
    ran = f"{count(course.finished, 'job')} in {duration(seconds)}"
    if course.stopped:
        return f"Stopped after {ran}. Nothing is lost: the same command goes on from here."
    if course.failures:
        return f"{count(len(course.failures), 'job')} failed; done: {ran}."
    if not succeeded:
        return f"Not all is done: {ran}{':' if course.errors else '.'}"
    return f"Done: {ran}." if course.finished else "Done: there was nothing left to do."


def _errors(course: Course) -> Iterator[str]:
    yield from (text.rstrip() for _, text in course.errors)


def _failures(course: Course, folder: Path) -> Iterator[str]:
    """Write each failed job, the last line of its log, and the log."""
    for job in course.failures[:MOST_FAILURES]:
        yield f"  {job.label}"
        if said := last_line(job):
            yield f"      {said}"
        yield from (f"      {folder / log}" for log in job.logs)
    if (more := len(course.failures) - MOST_FAILURES) > 0:
        yield f"  and {more} more"
    if course.failures:
        yield "The same command tries these again, and nothing that is done."


def _solved(plan: Plan) -> Iterator[tuple[str, str]]:
    """Count the solved networks of each task that has trained ones, among all that are planned."""
    from rnnpipe.commands.status.state import read_status

    status = read_status(plan, time.time())
    planned: Counter[str] = Counter()
    for cohort, block in plan.blocks("train"):
        planned[cohort.task] += len(block.seeds)
    for task in dict.fromkeys(cohort.task for cohort in status.solved):
        solved = sum(n for cohort, n in status.solved.items() if cohort.task == task)
        yield "solved", f"{task}: {solved} of {count(planned[task], 'network')}"


def _places(plan: Plan, folder: Path) -> Iterator[tuple[str, str]]:
    """Name the first page, the figures and the findings, as far as they are there."""
    page = Path(output_paths(plan.name, "pages")["folder"], INDEX)
    findings = Path(output_paths(plan.name, "findings")["page"])
    figures = Path(experiment_folder(plan.name), "figures")
    drawn = len(list(figures.glob("task=*/*.png")))
    if page.exists():
        yield "first page", str(folder / page)
    if drawn:
        yield "figures", f"{folder / figures}{'/'} ({drawn})"
    if findings.exists():
        yield "findings", str(folder / findings)
