"""The figure of a task's losses while some of its networks still train."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from rnnpipe.commands.watch.losses import Curve
from rnnpipe.figures import captions, layout, style
from rnnpipe.figures.kinds import training
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.selection import NETWORK, status
from rnnpipe.jobs.plain_text import count
from rnnpipe.settings import Cohort
from rnnpipe.tasks import Task


def finished_block(
    task: Task, cohort: Cohort, history: pd.DataFrame, outcome: pd.DataFrame, networks: int
) -> pd.DataFrame:
    """What is drawn of a block that has trained.

    Parameters
    ----------
    task
        Decides what is solved.
    history, outcome
        Its tables ``history`` and ``training``.
    networks
        How many networks the figure is to be of.
    """
    solved = outcome["score"].map(task.is_solved).astype(bool)
    outcome = outcome[["seed"]].assign(status=status(outcome.assign(solved=solved)))
    rows = training.needed("history", history, networks).merge(outcome, on="seed")
    return rows.assign(model=cohort.model, constraint=cohort.constraint, layer="loss")


def growing_block(cohort: Cohort, block: str, curve: Curve) -> pd.DataFrame:
    """What is drawn of a block that trains: the means over its networks, as one network's."""
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
    """A panel per cohort, as the figure ``training`` has them.

    Parameters
    ----------
    finished, growing
        From `finished_block` and `growing_block`.
    still, waiting
        Networks that train, and that have not begun.
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
