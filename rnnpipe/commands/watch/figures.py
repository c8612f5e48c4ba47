"""Figures of the losses so far: one per task, drawn anew as blocks finish."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from rnnpipe.commands.status.state import Seen, State
from rnnpipe.commands.watch.running import Curve
from rnnpipe.figures import captions, layout, style
from rnnpipe.figures.kinds import training
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.selection import status
from rnnpipe.jobs.plain_text import count
from rnnpipe.plan.paths import block_path, live_path
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Cohort
from rnnpipe.tables.artifacts import write_bytes
from rnnpipe.tables.parquet import read_table
from rnnpipe.tables.schemas import NETWORK
from rnnpipe.tasks import Task

# Seconds between two drawings of a task: if another block has trained, and if blocks train on.
FINISHED_SECONDS, GROWING_SECONDS = 10.0, 60.0
DPI = 120
HISTORY = ("seed", "step", "loss", "validation_loss")
OUTCOME = ("seed", "score", "stop_reason")
Block = tuple[Cohort, str]


@dataclass(frozen=True)
class _Known:
    """What was known of a task's losses at one time.

    Attributes
    ----------
    finished
        Blocks that have trained.
    lines
        Number of lines of losses per block that trains.
    when
        Seconds since the epoch.
    """

    finished: frozenset[Block]
    lines: Mapping[Block, int]
    when: float

    def is_news(self, drawn: "_Known | None") -> bool:
        """Return whether this is worth a drawing, given what was drawn last."""
        if drawn is None:
            return bool(self.finished or self.lines)
        age = self.when - drawn.when
        if self.finished != drawn.finished:
            return age >= FINISHED_SECONDS
        return self.lines != drawn.lines and age >= GROWING_SECONDS


class LossFigures:
    """Draws the figures of the losses so far, one per task of a plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._blocks: dict[Block, pd.DataFrame] = {}
        self._drawn: dict[str, _Known] = {}

    def update(self, jobs: Iterable[Seen], curves: Mapping[str, Curve], now: float) -> bool:
        """Draw the figure of one task whose losses have grown since it was drawn last.

        A drawing takes seconds, in which nothing else is shown; hence one task per call.

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
            Whether a figure was drawn; other tasks may then wait for theirs.

        Raises
        ------
        ArtifactError
            If a table of a finished block cannot be read, or a figure cannot be written.
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
        """Name the files of the figures drawn so far; empty if there are none."""
        paths = ", ".join(live_path(self._plan.name, task) for task in self._drawn)
        return f"losses so far: {paths}" if paths else ""

    def _png(self, task: str, own: Sequence[Seen], growing: Mapping[Block, Curve]) -> bytes:
        total = sum(one.job.networks for one in own)
        finished = [self._finished(one, total) for one in own if one.state is State.DONE]
        figure = loss_figure(
            FigureOptions(task),
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
        """Rows of a block that has trained; its tables are read once."""
        cohort, label = block = _block(one)
        if block not in self._blocks:
            history, outcome = (
                read_table(Path(block_path(self._plan.name, name, cohort, label)), columns)
                for name, columns in (("history", HISTORY), ("training", OUTCOME))
            )
            task = self._plan.experiment.tasks[cohort.task]
            self._blocks[block] = finished_block(task, cohort, history, outcome, total)
        return self._blocks[block]


def _block(one: Seen) -> Block:
    return one.job.cohort, one.job.names[-1]


def _waits(one: Seen, growing: Mapping[Block, Curve]) -> bool:
    return one.state is not State.DONE and _block(one) not in growing


def finished_block(
    task: Task, cohort: Cohort, history: pd.DataFrame, outcome: pd.DataFrame, networks: int
) -> pd.DataFrame:
    """Rows of the loss figure for a block that has trained.

    Parameters
    ----------
    task
        The task, which decides what counts as solved.
    history, outcome
        The block's tables ``history`` and ``training``.
    networks
        Number of networks that the figure will show.
    """
    solved = outcome["score"].map(task.is_solved).astype(bool)
    outcome = outcome[["seed"]].assign(status=status(outcome.assign(solved=solved)))
    rows = training.needed("history", history, networks).merge(outcome, on="seed")
    return rows.assign(model=cohort.model, constraint=cohort.constraint, layer="loss")


def growing_block(cohort: Cohort, block: str, curve: Curve) -> pd.DataFrame:
    """Rows of the loss figure for a block that trains: its mean losses, drawn like one network."""
    return pd.DataFrame(
        {
            "seed": int(block.split("-")[0]),
            "step": curve.steps,
            "loss": [said.loss for said in curve.losses],
            "validation_loss": [said.validation for said in curve.losses],
            "status": training.TRAINING,
            "model": cohort.model,
            "constraint": cohort.constraint,
            "layer": "loss",
        }
    )


def loss_figure(
    options: FigureOptions,
    cohorts: Sequence[Cohort],
    finished: Sequence[pd.DataFrame],
    growing: Sequence[pd.DataFrame],
    still: int,
    waiting: int,
) -> Figure:
    """Draw the losses of a task, one panel per cohort as in the figure ``training``.

    Parameters
    ----------
    finished, growing
        Rows from `finished_block` and `growing_block`, one frame per block.
    still, waiting
        Numbers of networks that train, and that have not begun.
    """
    panels = pd.DataFrame([vars(cohort) for cohort in cohorts])[["model", "constraint"]]
    frame = layout.stack(training.COLUMNS, panels, *finished, *growing)
    with style.context():
        figure = training.draw(frame, options)
        text = training.describe(frame, options)
        captions.place(figure, f"{text} {_outcomes(finished, still, waiting)}")
        layout.settle(figure)
    return figure


def _outcomes(finished: Sequence[pd.DataFrame], still: int, waiting: int) -> str:
    sentences = []
    if finished:
        states = pd.concat(finished)[[*NETWORK, "status"]].drop_duplicates(NETWORK)["status"]
        parts = [f"{(states == state).sum()} {state}" for state in style.STATUS]
        sentences.append(f"{count(len(states), 'network')} trained: {', '.join(parts)}.")
    if still:
        sentences.append(f"{still} still training, drawn as the mean of each block.")
    if waiting:
        sentences.append(f"{waiting} not begun.")
    return " ".join(sentences)
