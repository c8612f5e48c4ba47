"""What jobs that run have said of how far they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rnnpipe.commands.status.disk import Seen, State
from rnnpipe.commands.watch.losses import Curve
from rnnpipe.jobs.progress import Reported, read_progress


@dataclass(frozen=True)
class Running:
    """A job that runs.

    Attributes
    ----------
    seen
        The job, and what is on disk of it.
    reported
        How far it said that it is; None if it has not said so.
    curve
        Its losses so far; None where it trains nothing, or has not said so.
    """

    seen: Seen
    reported: Reported | None
    curve: Curve | None

    @property
    def said(self) -> str:
        """Its last line."""
        log = self.seen.log
        return log.lines[-1] if log and log.lines else "begins"


def running_jobs(jobs: Iterable[Seen], curves: Mapping[str, Curve]) -> list[Running]:
    """The jobs that run, those that train first."""
    running = [
        Running(one, _reported(one), curves.get(one.job.log))
        for one in jobs
        if one.state is State.RUNNING
    ]
    return sorted(running, key=lambda one: one.curve is None)


def _reported(one: Seen) -> Reported | None:
    lines = one.log.lines if one.log else ()
    return next(filter(None, map(read_progress, reversed(lines))), None)
