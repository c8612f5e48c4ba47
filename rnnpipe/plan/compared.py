"""The files of a plan compared with what is planned of them, and with the files that they read.

A job is stale if its files were made with other settings, by other code or from other files than
planned; if a folder of its own lacks files; or if a file that it read holds something else by now,
since it was lost and came back otherwise, or was put there by hand.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from rnnpipe.plan.expected import Expected, Job
from rnnpipe.plan.job_settings import job_settings
from rnnpipe.plan.stages import STAGES
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.contents import joined
from rnnpipe.tables.provenance import (
    Unmarked,
    carries_provenance,
    differences,
    folder_fault,
    read_provenance,
    setting_differences,
)

# Files are opened side by side: over a network, each takes milliseconds.
READERS = 16
# A file that reads only files of other stale jobs differs in these words alone.
FOLLOWS = "made from other "
# What a file says of its making; None for one that is missing or damaged.
Said = Mapping[str, Mapping[str, Any] | None]


@dataclass(frozen=True)
class Compared:
    """What is known of an experiment's files.

    Attributes
    ----------
    stale
        Jobs whose files are stale, and what differs in each. Files that are missing or damaged
        are left out.
    settled
        Of jobs that are done and not stale: the files that they read and that hold, as they are
        now, what the job was made from. Whatever their times say, such a file is no reason to
        run the job again.
    """

    stale: dict[Job, list[str]] = field(default_factory=dict)
    settled: dict[Job, frozenset[str]] = field(default_factory=dict)


def settled_for(known: Compared, expected: Expected, jobs: Sequence[Job]) -> frozenset[str]:
    """Return the files that are settled for each of some jobs that reads them."""
    own = [known.settled.get(job, frozenset()) for job in jobs]
    if len(jobs) == 1:
        return own[0]
    unsettled = {
        str(path)
        for job, settled in zip(jobs, own, strict=True)
        for paths in expected.reads(*job).values()
        for path in paths
        if str(path) not in settled
    }
    return frozenset().union(*own) - unsettled


def compared(expected: Expected, wanted: Callable[[Job], bool] = lambda job: True) -> Compared:
    """Compare files of a plan with what is planned of them, and with those that they read.

    Parameters
    ----------
    expected
        What is planned.
    wanted
        Says of which jobs to read files; by default of all.
    """
    jobs = [(job, paths) for job, paths in expected.jobs() if wanted(job)]
    asked = [path for _, paths in jobs for path in paths if carries_provenance(path)]
    with ThreadPoolExecutor(READERS) as readers:
        said = dict(zip(asked, readers.map(_read, asked), strict=True))
    found, changed = Compared(), set()
    # In the order of the stages: what a job reads is compared before it.
    for job, paths in jobs:
        own = {path: said[path] for path in paths if said.get(path) is not None}
        now = _contents_now(expected, job, said) if own else {}
        if other := _differences(expected, job, own) or _of_own_file(expected, job, own):
            found.stale[job] = other
        elif other := _faults(own) or _changed(own, now) or _following(expected, job, changed):
            found.stale[job] = other
            changed.add(job)
        elif own and all(map(os.path.exists, paths)):
            found.settled[job] = _settled(expected, job, own, now)
    return found


def stale_jobs(
    expected: Expected, wanted: Callable[[Job], bool] = lambda job: True
) -> dict[Job, list[str]]:
    """Return the jobs of a plan whose files are stale, and what differs in each."""
    return compared(expected, wanted).stale


def _differences(expected: Expected, job: Job, own: Said) -> list[str]:
    """Say how the first file of a job that was not made as planned differs."""
    for said in own.values():
        if said.get("fingerprint") != expected.fingerprint(*job) and (
            other := differences(said, expected.record(*job))
        ):
            return other
    return []


def _of_own_file(expected: Expected, job: Job, own: Said) -> list[str]:
    """Say how a file differs in keys that no other of its job's files depends on.

    What reads the others is then as it was; what reads this one has the keys, too.
    """
    if not (keys := STAGES[job[0]].settings.of_own_file):
        return []
    now = job_settings(expected.plan, *job).model_dump(mode="json")
    texts = (
        setting_differences(was, now, [key for key in keys if key in was])
        for was in (said.get("settings", {}) for said in own.values())
    )
    return list(dict.fromkeys(chain.from_iterable(texts)))


def _faults(own: Said) -> list[str]:
    """Say what a job's folders lack."""
    folders = {path: said for path, said in own.items() if os.path.isdir(path)}
    return [fault for path, said in folders.items() if (fault := folder_fault(Path(path), said))]


def _contents_now(expected: Expected, job: Job, said: Said) -> dict[str, str]:
    """Return the digests of what a job reads, by name; "" where one is not known."""
    return {
        name: joined(_content(expected, str(path), said) for path in paths)
        for name, paths in expected.reads(*job).items()
    }


def _content(expected: Expected, path: str, said: Said) -> str:
    if expected.maker(Path(path)) is None:
        return expected.content(Path(path))
    return (said.get(path) or {}).get("content", "")


def _changed(own: Said, now: Mapping[str, str]) -> list[str]:
    """Say which files that a job read hold something else by now."""
    names = [
        name
        for said in own.values()
        for name, text in said.get("contents", {}).items()
        if now.get(name) and now[name] != text
    ]
    return [f"{name} now holds other values than were read" for name in dict.fromkeys(names)]


def _following(expected: Expected, job: Job, changed: set[Job]) -> list[str]:
    """Say which files a job reads of jobs that will run again although they are as planned."""
    names = [
        name
        for name, paths in expected.reads(*job).items()
        if changed and any(expected.maker(path) in changed for path in paths)
    ]
    return [f"{FOLLOWS}{', '.join(names)}"] if names else []


def _settled(expected: Expected, job: Job, own: Said, now: Mapping[str, str]) -> frozenset[str]:
    known = [said.get("contents", {}) for said in own.values()]
    return frozenset(
        str(path)
        for name, paths in expected.reads(*job).items()
        if now[name] and all(contents.get(name) == now[name] for contents in known)
        for path in paths
    )


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
