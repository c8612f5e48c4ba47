"""The movie of a development: points and attractors as they are born, move and die."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import vedo
from matplotlib.figure import Figure

from rnnpipe.figures import style
from rnnpipe.figures.panels.steps import first_of, step_axis
from rnnpipe.figures.projection import PLACE
from rnnpipe.scene import box, solid
from rnnpipe.scene.contents import Development, Scene
from rnnpipe.scene.development import described, skeleton_at, times
from rnnpipe.scene.picture import ASPECT, Canvas
from rnnpipe.scene.sizes import Sizes, sizes
from rnnpipe.scene.view import fitted, vantage
from rnnpipe.scene.worded import worded

# The last skeleton stays for this share of the pictures.
_HELD = 0.1
# Where the loss is drawn, and what is left for the box above it and beside the legend.
_INSET = (0.1, 0.1, 0.24, 0.12)
_ROOM = (0.13, 0.29, 0.8, 0.93)


def frames(scene: Scene, number: int, width: int) -> Iterator[np.ndarray]:
    """Draw the pictures of the movie, (row, column, 3), bytes, steps evenly on their axis.

    Parameters
    ----------
    scene
        A network whose weights were kept in training.
    number
        Number of pictures.
    width
        Width of the pictures in pixels.

    Raises
    ------
    ValueError
        If its weights were not kept.
    """
    development = scene.development
    if development is None:
        raise ValueError(
            "no weights were kept while this network was trained: the experiment has no section "
            "development"
        )
    places = development.lives[PLACE].to_numpy(float)
    bare = without_skeleton(scene)
    corners = box.corners(*box.bounds(places))
    view, size = fitted(*vantage(scene), corners, ASPECT, _ROOM), _sizes(scene, places)
    held = min(int(_HELD * number), number - 1)
    shown = times(development, number - held)
    with Canvas(bare, width, peeled=True, places=places) as canvas:
        for step in [*shown, *[shown[-1]] * held]:
            skeleton = skeleton_at(development, step)
            now = with_skeleton(bare, skeleton)
            image = canvas.image(view, [*solid.bodies(now, size), *_balls(skeleton, size.point)])
            note = described(development, step, skeleton)
            yield worded(canvas, now, view, image, note, _inset(development, step))


def without_skeleton(scene: Scene) -> Scene:
    """The scene without anything that is drawn, whose names and axes stay."""
    tables = ("paths", "points", "attractors", "curves", "modes", "edges", "continua")
    bare = {name: getattr(scene, name).iloc[:0] for name in tables}
    runs = scene.unstable_manifold_runs.iloc[:0]
    return replace(scene, **bare, unstable_manifold_runs=runs)


def with_skeleton(bare: Scene, skeleton: pd.DataFrame) -> Scene:
    """The scene of the points and attractors of one step."""
    points = skeleton[skeleton["of"] == "point"].drop(columns="of")
    moving = skeleton[skeleton["of"] == "attractor"].drop(columns="of")
    return replace(
        bare, points=points.reset_index(drop=True), attractors=moving.reset_index(drop=True)
    )


def _sizes(scene: Scene, places: np.ndarray) -> Sizes:
    """Radii that suit the last skeleton in the box of all."""
    own = sizes(scene)
    extent = float(np.ptp(places, axis=0).max()) or own.extent
    return replace(own, extent=extent, point=min(own.point, 0.03 * extent))


def _balls(skeleton: pd.DataFrame, smallest: float) -> list[vedo.Mesh]:
    """Attractors that move, as pale balls of their amplitude around their mean."""
    meshes = []
    for _, row in skeleton[skeleton["of"] == "attractor"].iterrows():
        radius = max(float(row["amplitude"]), smallest)
        ball = vedo.Sphere(row[PLACE].to_numpy(float), r=radius, res=32)
        colour = style.KIND_COLOURS[str(row["kind"])]
        meshes.append(ball.color(colour).alpha(0.16).lighting("off"))
    return meshes


def _inset(development: Development, step: float) -> Callable[[Figure], None]:
    """What draws the loss over steps below at the left, with a line at the step."""
    kept = development.kept.drop_duplicates("step")

    def draw(figure: Figure) -> None:
        ax = figure.add_axes(_INSET)
        ax.plot(kept["step"], kept["test_loss"], "o-", color=style.GREY, ms=2, lw=0.8)
        ax.set_yscale("log")
        step_axis(ax, first_of(kept["step"]), float(kept["step"].max()))
        ax.axvline(step, color=style.CATEGORIES[5], lw=1.0, clip_on=False)
        ax.patch.set_alpha(0.85)
        ax.set_ylabel("test loss")

    return draw
