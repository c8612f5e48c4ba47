"""What is said of stale results: which they are, what differs, and why there is no report."""

from collections.abc import Iterable, Mapping

from rnnpipe.jobs.plain_text import count
from rnnpipe.plan.compared import FOLLOWS
from rnnpipe.plan.expected import Job
from rnnpipe.plan.words import SHOW, STALE

SHOWN, DIFFERENCES_SHOWN = 10, 3


def stale_text(stale: Mapping[Job, Iterable[str]]) -> str:
    """Say which files are stale, in lines that end; "" if none is."""
    if not stale:
        return ""
    lines = [f"Files of {count(len(stale), 'job')} are stale, made otherwise than planned:"]
    return "".join(f"{line}\n" for line in (*lines, *(f"  {line}" for line in stale_lines(stale))))


def refusal_text(stale: Mapping[Job, Iterable[str]]) -> str:
    """Say why there is no report of stale results, and what to do."""
    return (
        f"No report: {stale_text(stale)}"
        "Run the workflow, which makes them anew; or ask for a report that shows them and says "
        f"so, with --config {STALE}={SHOW} (make report STALE={SHOW})."
    )


def changed_text(stale: Mapping[Job, Iterable[str]]) -> str:
    """Say at the end of a run what it made stale, and what to do; "" if nothing.

    Parameters
    ----------
    stale
        Jobs that were current before, and what differs in each.
    """
    if not stale:
        return ""
    return (
        "Lost files came back otherwise than they were: made with other versions of libraries, or "
        f"on another machine. {stale_text(stale)}"
        "Run the workflow again, which makes them anew."
    )


def stale_lines(stale: Mapping[Job, Iterable[str]]) -> list[str]:
    """Say which jobs have stale files and what differs; those that only follow are counted."""
    roots = {
        job: [text for text in texts if not text.startswith(FOLLOWS)]
        for job, texts in stale.items()
    }
    roots = {job: texts for job, texts in roots.items() if texts} or dict(stale)
    lines = [
        f"{' '.join(job)}: {'; '.join(texts[:DIFFERENCES_SHOWN])}"
        + (f"; and {more} more" if (more := len(texts) - DIFFERENCES_SHOWN) > 0 else "")
        for job, texts in list(roots.items())[:SHOWN]
    ]
    if more := len(roots) - len(lines):
        lines.append(f"and {more} more")
    if more := len(stale) - len(roots):
        lines.append(f"and {more} that follow from these")
    return lines
