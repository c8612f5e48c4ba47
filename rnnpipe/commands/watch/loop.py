"""Looks at an experiment until its workflow ends."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live

from rnnpipe.commands.status.state import State, Status, read_status
from rnnpipe.commands.watch.figures import LossFigures
from rnnpipe.commands.watch.running import LossLogs, Running, running_jobs
from rnnpipe.commands.watch.screen import plain_lines, screen
from rnnpipe.jobs.processes import workflow_runs
from rnnpipe.plan.expected import Expected
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stale import stale_text
from rnnpipe.tables.artifacts import ArtifactError

# Seconds between two looks, on a terminal and elsewhere.
LOOK_SECONDS, LINE_SECONDS = 2.0, 30.0
# `make` follows up a workflow in which jobs failed by one that goes on without their networks.
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Look:
    """An experiment at one moment.

    Attributes
    ----------
    status
        The state of its jobs.
    running
        The jobs that run.
    notes
        Further lines to show.
    hasty
        Whether to look again at once: more figures may wait to be drawn.
    """

    status: Status
    running: list[Running]
    notes: list[str]
    hasty: bool = False

    @property
    def done(self) -> bool:
        """Whether every job is done."""
        return all(one.state is State.DONE for one in self.status.jobs)


class Watch:
    """Looks at an experiment repeatedly and notices when its workflow ends.

    Parameters
    ----------
    plan
        The experiment's jobs and their files.
    figures
        Whether to draw loss curves as blocks finish.
    """

    def __init__(self, plan: Plan, figures: bool) -> None:
        self._plan, self._expected = plan, Expected(plan)
        self._logs = LossLogs()
        self._curves = LossFigures(plan) if figures else None
        self._ran = False
        self._still: float | None = None  # when the workflow was first found not to run

    def look(self, now: float) -> Look:
        """Read the files; `now` is in seconds since the epoch."""
        status = read_status(self._plan, now, self._expected)
        logs = [one.job.log for one in status.jobs if one.state is State.RUNNING]
        curves = self._logs.read(logs)
        notes, hasty = stale_text(status.stale).splitlines(), False
        if self._curves is not None:
            try:
                hasty = self._curves.update(status.jobs, curves, now)
            except ArtifactError as error:
                notes.append(f"no figure of the losses: {error}")
            notes += filter(None, [self._curves.note()])
        look = Look(status, running_jobs(status.jobs, curves), notes, hasty)
        if logs or workflow_runs():
            self._ran, self._still = True, None
        else:
            self._still = now if self._still is None else self._still
            notes += [] if look.done else ["no workflow runs here"]
        return look

    def ended(self, look: Look, now: float) -> bool:
        """Return whether all jobs are done, or the workflow ran and has ended before that."""
        still = 0.0 if self._still is None else now - self._still
        return not look.hasty and (look.done or (self._ran and still > PATIENCE_SECONDS))


def watch_plan(
    plan: Plan,
    console: Console,
    figures: bool,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Show how far an experiment is until it ends.

    Parameters
    ----------
    plan
        The experiment's jobs and their files.
    console
        Where to show it; a terminal gets a screen that is redrawn, anything else
        plain lines whenever they change.
    figures
        Whether to draw loss curves as blocks finish.
    clock, sleep
        The time in seconds since the epoch, and how to wait.

    Returns
    -------
    bool
        Whether every job is done.
    """
    watcher = Watch(plan, figures)
    seconds = LOOK_SECONDS if console.is_terminal else LINE_SECONDS
    with _shown(console) as show:
        while True:
            now = clock()
            look = watcher.look(now)
            show(look)
            if watcher.ended(look, now):
                return look.done
            sleep(0.0 if look.hasty else seconds)


@contextmanager
def _shown(console: Console) -> Iterator[Callable[[Look], None]]:
    """Give a function that shows one look on the console."""
    if console.is_terminal:
        with Live(console=console, auto_refresh=False) as live:
            yield lambda look: live.update(
                screen(look.status, look.running, look.notes), refresh=True
            )
        return
    before: list[str] = []

    def show(look: Look) -> None:
        now = plain_lines(look.status, look.running, look.notes)
        if now != before:
            console.file.write("\n".join(now) + "\n")
            console.file.flush()
        before[:] = now

    yield show
