"""Colours of a scene's trajectories and curves."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import Colormap, ListedColormap, Normalize, to_hex, to_rgb

from rnnpipe.figures import style
from rnnpipe.scene.contents import Colouring, Scene

UNKNOWN = "#B8BCC0"
PATH_GREY = "#7F868C"
RUN = "#3A3A3A"
EDGE = "#9AA0A6"
EXAMPLE = "#56B4E9"


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
    """Colours (step, 3), bytes, of values (step,); those that are not known are grey."""
    colours = colour_map(colouring)(norm(colouring)(np.nan_to_num(values)))[:, :3]
    colours[np.isnan(values)] = to_rgb(UNKNOWN)
    return np.round(255 * colours).astype(np.uint8)


def run_colours(scene: Scene) -> dict[str, str]:
    """Colour of the runs of each probe: that of the value that it stands for, else dark.

    Only where trajectories are coloured by a quantity that several probes stand for.
    """
    colours = dict.fromkeys(scene.probes, RUN)
    if scene.colouring is not None and scene.colouring.kind == "linear" and _valued(scene):
        source, low_to_high = colour_map(scene.colouring), norm(scene.colouring)
        colours |= {p: to_hex(source(low_to_high(v))) for p, v in scene.probe_values.items()}
    return colours


def _valued(scene: Scene) -> bool:
    """Whether the probes' values lie within what the trajectories are coloured by."""
    values = list(scene.probe_values.values())
    colouring = scene.colouring
    return len(set(values)) > 1 and colouring.low <= min(values) <= max(values) <= colouring.high


def probe_colours(scene: Scene) -> dict[str, str]:
    """Colour of the curves of each probe: dark where there is one, else one each."""
    probes = [str(probe) for probe in scene.curves["probe"].unique()]
    if len(probes) == 1:
        return {probes[0]: style.INK}
    return {
        probe: style.CATEGORIES[(i + 3) % len(style.CATEGORIES)] for i, probe in enumerate(probes)
    }
