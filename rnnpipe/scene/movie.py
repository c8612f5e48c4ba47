"""A scene in motion: turned around, revealed by orders, run through by a trial, or arising."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import vedo

from rnnpipe.figures.projection import PLACE
from rnnpipe.scene import box, growth, solid
from rnnpipe.scene.contents import Scene
from rnnpipe.scene.picture import ASPECT, Canvas, default_view
from rnnpipe.scene.sizes import sizes
from rnnpipe.scene.view import View, fitted
from rnnpipe.scene.worded import NOTE, worded

KINDS = ("turn", "reveal", "trial", "development")
_ROOM = (0.1, 0.1, 0.86, 0.9)
# How many steps the tail of the state that runs through is long.
_TAIL = 12


def frames(scene: Scene, kind: str, count: int, width: int) -> Iterator[np.ndarray]:
    """Draw the pictures of a movie, (row, column, 3), bytes, one after another.

    Parameters
    ----------
    scene
        What is shown.
    kind
        ``turn``: once around; ``reveal``: once around for every number of unstable modes, with
        the points of up to so many; ``trial``: one trial runs through the skeleton;
        ``development``: the skeleton as it arises while the network is trained.
    count
        Number of pictures per turn.
    width
        Width of the pictures in pixels.

    Raises
    ------
    ValueError
        If `kind` is none of `KINDS`, or of a development that is not known.
    """
    if kind not in KINDS:
        raise ValueError(f"movies are of kind {', '.join(KINDS)}, not {kind!r}")
    if kind == "development":
        yield from growth.frames(scene, count, width)
        return
    view = roomy(scene)
    if kind == "trial":
        yield from _trial(scene, view, count, width)
        return
    parts = [scene.up_to(order) for order in scene.orders] if kind == "reveal" else [scene]
    for part in parts:
        with Canvas(part, width, peeled=False) as canvas:
            for number in range(count):
                turned = view.turned(360 * number / count)
                yield worded(canvas, part, turned, canvas.image(turned))


def roomy(scene: Scene) -> View:
    """The usual camera, far enough away for the box to fit whichever way it is turned."""
    view = default_view(scene)
    low, high = box.bounds(scene.places)
    reach = np.hypot(*(high - low)[:2]) / 2
    middle = (low + high) / 2
    round_ = np.array([[np.cos(a), np.sin(a)] for a in np.linspace(0, 2 * np.pi, 24)]) * reach
    rims = [np.column_stack([middle[:2] + round_, np.full(24, z)]) for z in (low[2], high[2])]
    return fitted(view.elevation, view.azimuth, np.concatenate(rims), ASPECT, _ROOM)


def _trial(scene: Scene, view: View, count: int, width: int) -> Iterator[np.ndarray]:
    """The example trial, drawn as it runs, evenly over the pictures."""
    number = int(scene.trial["trial"].iloc[0])
    places = scene.paths.loc[scene.paths["trial"] == number, PLACE].to_numpy(float)
    size = sizes(scene)
    with Canvas(scene, width, peeled=False) as canvas:
        for now in np.linspace(0, len(places) - 1, count):
            whole, part = int(now), now - int(now)
            after = places[min(whole + 1, len(places) - 1)]
            state = (1 - part) * places[whole] + part * after
            run = np.vstack([places[max(whole - _TAIL, 0) : whole + 1], state])
            guests = [vedo.Sphere(state, r=1.3 * size.point, c=NOTE)]
            guests.append(solid.tubes([run], 3 * size.run).color(NOTE))
            note = f"trial {number}, step {whole}{_inputs(scene, whole)}"
            yield worded(canvas, scene, view, canvas.image(view, guests), note)


def _inputs(scene: Scene, time: int) -> str:
    """The inputs of the example trial at one step, in words."""
    rows = scene.trial[(scene.trial["layer"] == "input") & (scene.trial["time"] == time)]
    values = rows.sort_values("channel")["value"]
    return f", input {', '.join(f'{value + 0.0:+.2g}' for value in values)}" if len(values) else ""
