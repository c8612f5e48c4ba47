"""What the trajectories and continua of a scene are coloured by, and in which colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.colors import Colormap, ListedColormap, Normalize, to_hex, to_rgb

from rnnpipe.figures import style
from rnnpipe.figures.options import FigureOptions
from rnnpipe.scene.contents import Colouring, Scene
from rnnpipe.tables.parquet import matrix

# What may be asked for; ``condition``: heading, frequency, or whatever the task names.
COLOURS = ("condition", "time", "input", "grey")
UNKNOWN = "#B8BCC0"
PATH_GREY = "#7F868C"
RUN = "#3A3A3A"
EDGE = "#9AA0A6"
EXAMPLE = "#56B4E9"


def coloured(
    steps: pd.DataFrame, by: str, options: FigureOptions, channels: Sequence[str]
) -> tuple[np.ndarray, Colouring | None]:
    """Value of every step of some trials, and the meaning of the values.

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
    """Value of a single input; of several inputs, the number of the strongest for its range."""
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


def pale(colour: str) -> str:
    """A light tint: marginal points belong to neither side."""
    return to_hex([0.35 * part + 0.65 for part in to_rgb(colour)])


def colour_map(colouring: Colouring) -> Colormap:
    """Map from the range of a colouring, 0 to 1, to colours."""
    if colouring.kind == "categorical":
        count = len(colouring.labels)
        return ListedColormap([style.CATEGORIES[i % len(style.CATEGORIES)] for i in range(count)])
    return style.condition_map(colouring.kind)


def norm(colouring: Colouring) -> Normalize:
    """Range of a colouring; categories lie in the middle of their part of it."""
    if colouring.kind == "categorical":
        return Normalize(-0.5, len(colouring.labels) - 0.5)
    return Normalize(colouring.low, colouring.high)


def path_colours(values: np.ndarray, colouring: Colouring) -> np.ndarray:
    """Colours (step, 3), bytes, of values (step,); unknown values are grey."""
    colours = colour_map(colouring)(norm(colouring)(np.nan_to_num(values)))[:, :3]
    colours[np.isnan(values)] = to_rgb(UNKNOWN)
    return np.round(255 * colours).astype(np.uint8)


def run_colours(scene: Scene) -> dict[str, str]:
    """Colour of each probe's runs: the colour of the value that the probe stands for, else dark.

    Only where trajectories are coloured by a quantity that several probes stand for.
    """
    colours = dict.fromkeys(scene.probes, RUN)
    if scene.colouring is not None and scene.colouring.kind == "linear" and _valued(scene):
        source, low_to_high = colour_map(scene.colouring), norm(scene.colouring)
        colours |= {p: to_hex(source(low_to_high(v))) for p, v in scene.probe_values.items()}
    return colours


def attractor_colours(scene: Scene, kind: str) -> dict[str, str]:
    """Colour of each probe's attractors of a kind: that of the probe's runs, else of the kind."""
    runs = run_colours(scene)
    return {p: style.KIND_COLOURS[kind] if colour == RUN else colour for p, colour in runs.items()}


def _valued(scene: Scene) -> bool:
    """Whether the probes' values lie within what the trajectories are coloured by."""
    values = list(scene.probe_values.values())
    colouring = scene.colouring
    return len(set(values)) > 1 and colouring.low <= min(values) <= max(values) <= colouring.high


def probe_colours(scene: Scene) -> dict[str, str]:
    """Colour of each probe's continua: dark if there is one probe, else one colour each."""
    probes = [str(probe) for probe in scene.continua["probe"].unique()]
    if len(probes) == 1:
        return {probes[0]: style.INK}
    return {
        probe: style.CATEGORIES[(i + 3) % len(style.CATEGORIES)] for i, probe in enumerate(probes)
    }
