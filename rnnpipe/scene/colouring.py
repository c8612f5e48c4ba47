"""What the trajectories of a scene are coloured by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.projection import matrix
from rnnpipe.scene.contents import Colouring

# What may be asked for; ``condition``: heading, frequency, or whatever the task names.
COLOURS = ("condition", "time", "input", "grey")


def coloured(
    steps: pd.DataFrame, by: str, options: FigureOptions, channels: Sequence[str]
) -> tuple[np.ndarray, Colouring | None]:
    """Value of every step of some trials, and what the values mean.

    Parameters
    ----------
    steps
        Rows of the table ``trajectories``.
    by
        One of `COLOURS`.
    options
        Says what the task's condition is; a categorical one is not coloured.
    channels
        Names of the inputs.

    Returns
    -------
    Values (step,), NaN for steps that stay grey, and their meaning; all NaN and ``None`` where
    nothing is coloured.

    Raises
    ------
    ValueError
        If `by` is none of `COLOURS`.
    """
    if by not in COLOURS:
        raise ValueError(f"trajectories are coloured by {', '.join(COLOURS)}, not by {by!r}")
    grey = np.full(len(steps), np.nan)
    if len(steps) == 0 or by == "grey":
        return grey, None
    if by == "time":
        return _ranged(steps["time"].to_numpy(float), "time", "steps")
    if by == "input":
        return _by_input(matrix(steps["input"]), channels)
    values = steps["condition"].to_numpy(float)
    if options.condition_kind == "categorical" or not np.isfinite(values).any():
        return grey, None
    name, unit = options.condition_name, options.condition_unit
    if options.condition_kind == "circular":
        values = np.angle(np.exp(1j * values))
        return values, Colouring(name, unit, "circular", -np.pi, np.pi)
    return _ranged(values, name, unit)


def _by_input(inputs: np.ndarray, channels: Sequence[str]) -> tuple[np.ndarray, Colouring]:
    """The value of a single input; of several, which is the strongest, relative to its range."""
    if inputs.shape[1] == 1:
        return _ranged(inputs[:, 0], channels[0], "")
    ranges = np.abs(inputs).max(0)
    strength = np.abs(inputs) / np.where(ranges > 0, ranges, 1.0)
    values = strength.argmax(1).astype(float)
    values[strength.max(1) == 0] = np.nan
    last = float(len(channels) - 1)
    return values, Colouring("strongest input", "", "categorical", 0.0, last, tuple(channels))


def _ranged(values: np.ndarray, name: str, unit: str) -> tuple[np.ndarray, Colouring]:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return values, Colouring(name, unit, "linear", low, high)
