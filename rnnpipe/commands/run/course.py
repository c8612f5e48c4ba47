"""The course of a run: which jobs run, which have ended and how, and what time is left."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rnnpipe.jobs.plain_text import duration
from rnnpipe.plan.estimate import JOB_SECONDS

# Rules of the workflow that only gather what others write.
TARGETS = ("all", "networks", "skeletons", "figures", "scenes")


@dataclass(frozen=True)
class Begun:
    """A job that was started.

    Attributes
    ----------
    label
        Its rule, and the values of its wildcards.
    rule
        Its rule.
    logs
        Paths of its logs.
    began
        When, by the clock that was asked.
    """

    label: str
    rule: str
    logs: tuple[str, ...]
    began: float

    @property
    def shown(self) -> bool:
        """Whether it does work that people should know of."""
        return self.rule not in TARGETS


@dataclass(kw_only=True)
class Course:
    """Jobs of a run, of one Snakemake or of two that follow each other.

    Attributes
    ----------
    seconds
        What a job of each rule is estimated to take.
    ended
        Called with each job that has ended, its seconds, and whether it failed.
    noted
        Called with what the workflow says to people.
    clock
        Gives seconds.
    total, done
        Number of jobs that this Snakemake plans, and of those that have finished.
    finished
        Number of jobs that have finished in all.
    running, failed
        Jobs by the numbers that Snakemake gives them.
    errors
        What Snakemake says of faults that are of no job: their names and texts.
    stopped
        Whether the run was asked to stop.
    """

    seconds: Mapping[str, float] = field(default_factory=dict)
    ended: Callable[[Begun, float, bool], None] = lambda job, seconds, failed: None
    noted: Callable[[str], None] = lambda text: None
    clock: Callable[[], float] = time.monotonic
    total: int = 0
    done: int = 0
    finished: int = 0
    running: dict[int, Begun] = field(default_factory=dict)
    failed: dict[int, Begun] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    stopped: bool = False

    def __post_init__(self) -> None:
        self._earlier: list[Begun] = []  # failures of an earlier Snakemake
        self._waiting: Counter[str] = Counter()
        self._spent = 0.0  # estimated seconds of the jobs that finished
        self._began = self.clock()

    @property
    def failures(self) -> list[Begun]:
        """Jobs that failed for good."""
        return [*self._earlier, *self.failed.values()]

    def follow_up(self) -> None:
        """Begin with the jobs of one more Snakemake, which numbers them anew."""
        self._earlier = self.failures
        self.running, self.failed, self.errors = {}, {}, []
        self.total = self.done = 0

    def plan_jobs(self, stats: Mapping[str, int]) -> None:
        """Take the number of jobs of each rule."""
        own = {rule: count for rule, count in stats.items() if rule not in (*TARGETS, "total")}
        self._waiting = Counter(own)
        self.total = sum(own.values())

    def begin(
        self, number: int, rule: str, wildcards: Mapping[str, str], log: Sequence[str]
    ) -> None:
        """Note that a job is started, perhaps once more."""
        label = " ".join((rule, *map(str, wildcards.values())))
        self.failed.pop(number, None)
        self.running[number] = Begun(label, rule, tuple(log), self.clock())

    def finish(self, number: int) -> None:
        """Note that a job has finished."""
        job = self.running.pop(number, None)
        if job is None or not job.shown:
            return
        self.done += 1
        self.finished += 1
        self._waiting[job.rule] -= 1
        self._spent += self._estimate(job.rule)
        self.ended(job, self.clock() - job.began, False)

    def fail(self, number: int, rule: str, log: Sequence[str]) -> None:
        """Note that a job has failed; of a run that was asked to stop, it only ended."""
        now = self.clock()
        job = self.running.pop(number, Begun(rule, rule, (), now))
        if self.stopped or number in self.failed:
            return
        # A cluster's own log, named now, may be the only one that says why.
        self.failed[number] = replace(job, logs=tuple(log) or job.logs)
        self.ended(self.failed[number], now - job.began, True)

    def stop(self) -> None:
        """Note that the run was asked to stop."""
        self.stopped = True

    def err(self, name: str, text: str) -> None:
        """Note a fault that is of no job."""
        self.errors.append((name, text))

    def left(self) -> float | None:
        """Return the seconds that the jobs still take, about; None before one has finished."""
        if not self._spent:
            return None
        rest = sum(self._estimate(rule) * count for rule, count in self._waiting.items())
        return (self.clock() - self._began) / self._spent * rest

    def _estimate(self, rule: str) -> float:
        return self.seconds.get(rule, JOB_SECONDS)

    def summary(self) -> str:
        """Say how many jobs are done, and what time is left."""
        text = f"{self.done} of {self.total} jobs"
        left = self.left()
        return text if left is None else f"{text}, about {duration(left)} left"
