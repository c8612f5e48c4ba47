"""What the files of every job of a plan say of their making, if they were made as it is planned."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from rnnpipe.plan.job_settings import job_settings
from rnnpipe.plan.paths import block_path, output_paths, population_path
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.reads import Files, files_read
from rnnpipe.plan.stages import BLOCK, STAGES
from rnnpipe.settings import Cohort
from rnnpipe.tables.fingerprint import (
    Origin,
    content_fingerprint,
    counted,
    fingerprint,
    origin_record,
)

# A rule, and the values of its wildcards.
Job = tuple[str, ...]


class Expected:
    """The origin and the fingerprint of every job of a plan, each found when it is asked for.

    Parameters
    ----------
    plan
        The experiment's jobs and their files.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._origins: dict[Job, Origin] = {}
        self._fingerprints: dict[Job, str] = {}
        self._contents: dict[Path, str] = {}
        self._reads: dict[Job, Files] = {}

    def jobs(self) -> Iterator[tuple[Job, list[str]]]:
        """Yield every job and the files that it writes."""
        for rule, every in self.plan.jobs().items():
            for names in every:
                yield (rule, *names), list(output_paths(self.plan.name, rule, *names).values())

    def settings(self, *job: str) -> dict[str, Any]:
        """Return those settings of a job that count."""
        return counted(job_settings(self.plan, *job))

    def record(self, *job: str) -> dict[str, Any]:
        """Return what a job's files say of their making, if it was made as planned."""
        settings = self.settings(*job)
        return {"settings": settings, **origin_record(settings, self.origin(*job))}

    def fingerprint(self, *job: str) -> str:
        """Return the fingerprint of a job."""
        if job not in self._fingerprints:
            self._fingerprints[job] = fingerprint(self.settings(*job), self.origin(*job))
        return self._fingerprints[job]

    def origin(self, *job: str) -> Origin:
        """Return what a job's files come from."""
        if job not in self._origins:
            prints = {
                name: "".join(map(self._fingerprint_of, paths))
                for name, paths in self.reads(*job).items()
            }
            self._origins[job] = Origin(self.plan.code(*job), prints)
        return self._origins[job]

    def origin_text(self, *job: str) -> str:
        """Return what a job's files come from, as the job is told it.

        The jobs of blocks are also told the settings behind the files that they read: others read
        the files of so many jobs that a command line has no room for them.
        """
        origin = self.origin(*job)
        if STAGES[job[0]].wildcards != BLOCK:
            return origin.text()
        makers = {name: self._made.get(str(path)) for name, (path,) in self._given(*job).items()}
        settings = {name: self.settings(*maker) for name, maker in makers.items() if maker}
        return Origin(origin.code, origin.files, settings).text()

    @cached_property
    def _made(self) -> dict[str, Job]:
        """The job that makes each file."""
        return {path: job for job, outputs in self.jobs() for path in outputs}

    def maker(self, path: Path) -> Job | None:
        """Return the job that makes a file; None for a file that no job makes."""
        return self._made.get(str(path))

    def _fingerprint_of(self, path: Path) -> str:
        if job := self.maker(path):
            return self.fingerprint(*job)
        return self.content(path)

    def content(self, path: Path) -> str:
        """Return the fingerprint of a file that no job makes."""
        if path not in self._contents:
            self._contents[path] = content_fingerprint(path)
        return self._contents[path]

    def reads(self, *job: str) -> Files:
        """Return the files that a job reads, by what they are to it."""
        if job not in self._reads:
            self._reads[job] = {**self._given(*job), **files_read(job_settings(self.plan, *job))}
        return self._reads[job]

    def _given(self, rule: str, *names: str) -> Files:
        """Return the files that a job's script is given."""
        stage, experiment = STAGES[rule], self.plan.name
        if stage.wildcards == BLOCK:
            cohort, seeds = Cohort(*names[:-1]), names[-1]
            return {n: [Path(block_path(experiment, n, cohort, seeds))] for n in stage.inputs}
        return {n: [Path(population_path(experiment, n, *names))] for n in stage.inputs}
