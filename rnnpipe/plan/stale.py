"""Which files of a plan were made otherwise than it is planned, and what differs."""

import os
from collections.abc import Iterable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.jobs.plain_text import count
from rnnpipe.plan.expected import Expected, Job
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.provenance import Unmarked, carries_provenance, differences, read_provenance

SHOWN, DIFFERENCES_SHOWN = 10, 3
# As it stands on Snakemake's command line: `--config stale=show`.
KEY, SHOW = "stale", "show"
# Files are opened side by side: over a network, each takes milliseconds.
READERS = 16
# A file that reads only files of other stale jobs differs in these words alone.
FOLLOWS = "made from other "


def takes_show(config: MutableMapping[str, Any]) -> bool:
    """Remove from a configuration the key that asks for reports of stale results; return its value.

    Raises
    ------
    SettingsError
        If it says anything else.
    """
    value = config.pop(KEY, None)
    if value not in (None, SHOW):
        raise SettingsError([Fault(KEY, f'"{value}" is not allowed; it is {SHOW}, or left out')])
    return value == SHOW


def stale_jobs(expected: Expected) -> dict[Job, list[str]]:
    """Return the jobs with files that were made otherwise than planned, and what differs in each.

    Files that are missing or damaged are left out.
    """
    asked = [
        (job, path) for job, paths in expected.jobs() for path in paths if carries_provenance(path)
    ]
    with ThreadPoolExecutor(READERS) as readers:
        found = readers.map(_read, (path for _, path in asked))
    stale: dict[Job, list[str]] = {}
    for (job, _), said in zip(asked, found, strict=True):
        if said is not None and job not in stale and (other := _differences(expected, job, said)):
            stale[job] = other
    return stale


def _differences(expected: Expected, job: Job, said: Mapping[str, Any]) -> list[str]:
    if said.get("fingerprint") == expected.fingerprint(*job):
        return []
    return differences(said, expected.record(*job))


def _read(path: str) -> Mapping[str, Any] | None:
    """Read what a file says of its making; None if there is none, or if it is damaged.

    A damaged file fails the jobs that read it, and shows there.
    """
    try:
        return _read_once(path, os.stat(path).st_mtime_ns)
    except Unmarked:
        return {}
    except (OSError, ArtifactError):
        return None


@cache
def _read_once(path: str, changed: int) -> Mapping[str, Any]:
    """Read a file; again only when it has changed."""
    return read_provenance(path)


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
        f"so, with --config {KEY}={SHOW} (make report STALE={SHOW})."
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
