"""How far an experiment is, in plain lines, for where there is no terminal."""

from collections.abc import Sequence

from rnnpipe.commands.status.disk import Status
from rnnpipe.commands.status.page import sum_up
from rnnpipe.commands.watch.running import Running
from rnnpipe.commands.watch.view import failed_lines


def lines(status: Status, running: Sequence[Running], notes: Sequence[str]) -> list[str]:
    """A line for all networks, and one for each job that runs or failed, and the notes."""
    jobs = [f"  {one.seen.job.label}: {one.said}" for one in running]
    return [
        f"experiment {status.experiment}: {sum_up(status)}",
        *jobs,
        *(f"  {line}" for line in failed_lines(status)),
        *(f"  {note}" for note in notes),
    ]
