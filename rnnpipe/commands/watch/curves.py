"""Loss curves as they grow: a figure a task, drawn anew as blocks finish."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from rnnpipe.commands.status.disk import Seen, State
from rnnpipe.commands.watch.loss_figure import finished_block, growing_block, loss_figure
from rnnpipe.commands.watch.losses import Curve
from rnnpipe.figures import style
from rnnpipe.figures.options import FigureOptions
from rnnpipe.plan.paths import block_path, live_path
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Cohort
from rnnpipe.tables.artifacts import write_bytes
from rnnpipe.tables.parquet import read_table
from rnnpipe.tasks import make_task

# Between two drawings of a task: where another block has trained, and where some train on.
FINISHED_SECONDS, GROWING_SECONDS = 10.0, 60.0
DPI = 120
HISTORY = ("seed", "step", "loss", "validation_loss")
OUTCOME = ("seed", "score", "stop_reason")
Block = tuple[Cohort, str]


@dataclass(frozen=True)
class _Known:
    """What is known of a task's losses, and since when.

    Attributes
    ----------
    finished
        Blocks that have trained.
    lines
        How many lines of losses there are of each that trains.
    when
        Seconds since the epoch.
    """

    finished: frozenset[Block]
    lines: Mapping[Block, int]
    when: float

    def is_news(self, drawn: "_Known | None") -> bool:
        """Whether it is worth a drawing, after what was drawn last."""
        if drawn is None:
            return bool(self.finished or self.lines)
        age = self.when - drawn.when
        if self.finished != drawn.finished:
            return age >= FINISHED_SECONDS
        return self.lines != drawn.lines and age >= GROWING_SECONDS


class LiveCurves:
    """The figures of the losses so far, of every task of a plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._blocks: dict[Block, pd.DataFrame] = {}
        self._drawn: dict[str, _Known] = {}

    def update(self, jobs: Iterable[Seen], curves: Mapping[str, Curve], now: float) -> bool:
        """Draw the figure of one of the tasks of which more is known than when it was drawn.

        One takes seconds, in which nothing else is seen.

        Parameters
        ----------
        jobs
            All jobs of the plan.
        curves
            Losses so far, by the paths of the logs.
        now
            Seconds since the epoch.

        Returns
        -------
        bool
            Whether one was drawn, so that there may be more to draw.

        Raises
        ------
        ArtifactError
            If a finished block's table cannot be read, or a figure not be written.
        """
        trains = [one for one in jobs if one.job.rule == "train"]
        for task in self._plan.tasks():
            own = [one for one in trains if one.job.cohort.task == task]
            growing = {
                _block(one): curves[one.job.log]
                for one in own
                if one.state is State.RUNNING and one.job.log in curves
            }
            finished = frozenset(_block(one) for one in own if one.state is State.DONE)
            known = _Known(finished, {key: len(c.steps) for key, c in growing.items()}, now)
            if known.is_news(self._drawn.get(task)):
                self._drawn[task] = known
                write_bytes(Path(live_path(self._plan.name, task)), self._png(task, own, growing))
                return True
        return False

    def note(self) -> str:
        """Where the figures lie that were drawn; nothing before there is one."""
        paths = ", ".join(live_path(self._plan.name, task) for task in self._drawn)
        return f"losses so far: {paths}" if paths else ""

    def _png(self, task: str, own: Sequence[Seen], growing: Mapping[Block, Curve]) -> bytes:
        total = sum(one.job.networks for one in own)
        finished = [self._finished(one, total) for one in own if one.state is State.DONE]
        figure = loss_figure(
            FigureOptions(task, self._plan.experiment.tasks[task].kind),
            list(dict.fromkeys(one.job.cohort for one in own)),
            finished,
            [growing_block(*block, curve) for block, curve in growing.items()],
            still=sum(one.job.networks for one in own if _block(one) in growing),
            waiting=sum(one.job.networks for one in own if _waits(one, growing)),
        )
        buffer = io.BytesIO()
        style.save(figure, buffer, "png", DPI)
        return buffer.getvalue()

    def _finished(self, one: Seen, total: int) -> pd.DataFrame:
        """What is drawn of a block that has trained; its tables are read once."""
        cohort, label = block = _block(one)
        if block not in self._blocks:
            history, outcome = (
                read_table(Path(block_path(self._plan.name, name, cohort, label)), columns)
                for name, columns in (("history", HISTORY), ("training", OUTCOME))
            )
            task = make_task(self._plan.experiment.tasks[cohort.task].definition())
            self._blocks[block] = finished_block(task, cohort, history, outcome, total)
        return self._blocks[block]


def _block(one: Seen) -> Block:
    return one.job.cohort, one.job.names[-1]


def _waits(one: Seen, growing: Mapping[Block, Curve]) -> bool:
    return one.state is not State.DONE and _block(one) not in growing
