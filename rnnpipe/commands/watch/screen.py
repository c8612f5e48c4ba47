"""What is shown of an experiment at work: a screen on a terminal, plain lines elsewhere."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from rnnpipe.commands.status.page import block_states, sum_up, time_spent
from rnnpipe.commands.status.state import State, Status, seconds_left
from rnnpipe.commands.watch.running import Running
from rnnpipe.jobs.plain_text import count, duration

# Jobs beyond this many are counted, not listed.
MOST_JOBS = 16
CURVE_WIDTH, BAR_WIDTH = 24, 12
BLOCKS = "▁▂▃▄▅▆▇█"


def screen(status: Status, running: Sequence[Running], notes: Sequence[str]) -> RenderableType:
    """Show networks by task, running jobs with their losses, failed jobs, and notes."""
    parts: list[RenderableType] = [
        Text(f"experiment {status.experiment}: {sum_up(status)}", style="bold"),
        _jobs_bar(status),
        Text(time_spent(status.jobs, seconds_left(status.jobs)), style="dim"),
        Text(),
        _tasks(status),
    ]
    if running:
        parts += [Text(), _running(running)]
    if more := len(running[MOST_JOBS:]):
        parts.append(Text(f"and {more} more"))
    parts += [Text(line, style="red") for line in failed_lines(status)]
    parts += [Text(), *(Text(note, style="dim") for note in notes)]
    return Group(*parts)


def plain_lines(status: Status, running: Sequence[Running], notes: Sequence[str]) -> list[str]:
    """Write one line for all networks, one per job that runs or failed, and one per note."""
    jobs = [f"  {one.seen.job.label}: {one.said}" for one in running]
    return [
        f"experiment {status.experiment}: {sum_up(status)}",
        *jobs,
        *(f"  {line}" for line in failed_lines(status)),
        *(f"  {note}" for note in notes),
    ]


def failed_lines(status: Status) -> list[str]:
    """Write one line per failed job: its log file and the last line of it."""
    failed = [one for one in status.jobs if one.state is State.FAILED]
    lines = []
    for one in failed[:MOST_JOBS]:
        said = one.log.lines[-1] if one.log and one.log.lines else "(it says nothing)"
        lines.append(f"failed: {one.job.label}, {one.job.log}: {said}")
    if more := len(failed) - len(lines):
        lines.append(f"failed: and {more} more")
    return lines


def _jobs_bar(status: Status) -> RenderableType:
    done = sum(one.state is State.DONE for one in status.jobs)
    row = Table.grid(padding=(0, 1))
    row.add_row(
        ProgressBar(len(status.jobs), done, width=40, complete_style="green"),
        f"{done} of {count(len(status.jobs), 'job')}",
    )
    return row


def _tasks(status: Status) -> Table:
    """Count the networks of each task: trained, solved, and done with all stages."""
    networks, trained, done, solved = Counter(), Counter(), Counter(), Counter()
    for one in status.jobs:
        if one.job.cohort is not None and any("/training/" in path for path in one.job.outputs):
            networks[one.job.cohort.task] += one.job.networks
            trained[one.job.cohort.task] += one.job.networks * (one.state is State.DONE)
    for cohort, states in block_states(status.jobs).items():
        done[cohort.task] += states[State.DONE]
    for cohort, number in status.solved.items():
        solved[cohort.task] += number
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("task")
    for name in ("networks", "trained", "solved", "all stages done"):
        table.add_column(name, justify="right")
    for task, number in networks.items():
        table.add_row(task, *map(str, (number, trained[task], solved[task], done[task])))
    return table


def _running(running: Sequence[Running]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("running", no_wrap=True)
    table.add_column("for", justify="right", no_wrap=True)
    table.add_column("", width=BAR_WIDTH)
    for name in ("done", "left", "loss", "validation"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("loss so far, log scale", width=CURVE_WIDTH, no_wrap=True)
    for one in running[:MOST_JOBS]:
        table.add_row(one.seen.job.label, duration(one.seen.seconds), *_cells(one))
    return table


def _cells(one: Running) -> tuple[RenderableType, ...]:
    """Bar, steps, time left, losses and their curve, as the job reports them."""
    if one.reported is None:
        return "", "", "", "", "", Text(one.said, style="dim", overflow="ellipsis")
    said = one.reported
    bar = ProgressBar(max(said.total, 1), said.done, width=BAR_WIDTH, complete_style="cyan")
    first = (bar, f"{said.done}/{said.total}", said.left)
    if one.curve is None:
        return *first, "", "", Text(said.label, style="dim")
    curve, last = one.curve, one.curve.losses[-1]
    validation = "–" if last.validation != last.validation else f"{last.validation:.3g}"
    line = sparkline(curve.steps, [loss.loss for loss in curve.losses], curve.total, CURVE_WIDTH)
    return *first, f"{last.loss:.3g}", validation, Text(line, style="cyan")


def sparkline(steps: Sequence[int], values: Sequence[float], total: int, width: int) -> str:
    """Draw a curve in one line of text: block characters, as high as the logarithm of the values.

    Parameters
    ----------
    steps, values
        The curve; values that are not finite and above zero are left out.
    total
        Number of steps of the whole curve, which would fill the line.
    width
        Characters of a full line.

    Returns
    -------
    str
        Text whose length is the share of the steps done so far.
    """
    x, y = np.asarray(steps, float), np.asarray(values, float)
    usable = np.isfinite(y) & (y > 0)
    if not usable.any():
        return ""
    x, y = x[usable], np.log(y[usable])
    columns = min(max(round(width * x[-1] / total), 1), width)
    heights = np.interp(np.linspace(x[0], x[-1], columns), x, y)
    span = np.ptp(heights) or 1.0
    places = (heights - heights.min()) / span * (len(BLOCKS) - 1)
    return "".join(BLOCKS[round(place)] for place in places)
