"""Pictures show what the scene holds, where the camera sees it, and are the same each time."""

import io
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from PIL import Image

from rnnpipe.dynamics.classes import CYCLE, LIMIT_CYCLE
from rnnpipe.figures import style
from rnnpipe.figures.panels.attractors import MOVING
from rnnpipe.figures.projection import PLACE
from rnnpipe.scene.colouring import attractor_colours, run_colours
from rnnpipe.scene.contents import Colouring
from rnnpipe.scene.overlay import entries
from tests.scene.ideal_scenes import cube, ring, turning

WIDTH = 600


@pytest.fixture(scope="module")
def drawn(graphics):
    from rnnpipe.scene.picture import picture

    return picture


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(float) / 255


def around(image: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Colours of the 5 × 5 pixels around a place on the picture, as of `View.seen`."""
    height, width = image.shape[:2]
    x, y = round(place[0] * width), round((1 - place[1]) * height)
    return image[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3)


def hue_is(colours: np.ndarray, wanted: str) -> bool:
    """Whether some colour is a shade of the one wanted."""
    unit = np.array(to_rgb(wanted)) / np.linalg.norm(to_rgb(wanted))
    lengths = np.linalg.norm(colours, axis=1).clip(1e-9)
    return bool(((colours @ unit) / lengths).max() > 0.985)


def test_a_picture_has_the_size_asked_for(drawn):
    assert Image.open(io.BytesIO(drawn(cube(), WIDTH))).size == (600, 450)


def test_spheres_lie_where_the_camera_sees_their_points(drawn):
    from rnnpipe.scene.picture import ASPECT, default_view

    scene, view = cube(), default_view(cube())
    image = pixels(drawn(scene, 1200))
    seen = view.seen(scene.points[PLACE].to_numpy(), ASPECT)
    # Those in front are hidden by nothing but lines.
    depth = scene.points[PLACE].to_numpy() @ view.towards
    front = np.argsort(depth)[-6:]
    for number in front:
        colour = style.unstable_colour(int(scene.points["unstable"].iloc[number]))
        assert hue_is(around(image, seen[number]), colour)


def test_what_is_not_revealed_is_not_drawn(drawn):
    from rnnpipe.scene.picture import default_view

    orange = np.array(to_rgb(style.unstable_colour(3)))
    view = default_view(cube())

    def oranges(scene) -> int:
        return int((np.abs(pixels(drawn(scene, WIDTH, view)) - orange).max(axis=2) < 0.06).sum())

    assert oranges(cube()) > 0 == oranges(cube().up_to(2))


def test_the_same_scene_gives_the_same_bytes(drawn):
    assert drawn(ring(), WIDTH) == drawn(ring(), WIDTH)


def test_another_process_draws_the_same_bytes(drawn, tmp_path):
    program = (
        "import sys; from pathlib import Path; from tests.scene.ideal_scenes import cube\n"
        "from rnnpipe.scene.graphics import prepare_graphics; prepare_graphics(1)\n"
        "from rnnpipe.scene.picture import picture\n"
        f"Path(sys.argv[1]).write_bytes(picture(cube(), {WIDTH}))"
    )
    path = ":".join(sys.path)
    file = tmp_path / "other.png"
    subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path = {path!r}.split(':')\n{program}", file],
        check=True,
    )
    assert file.read_bytes() == drawn(cube(), WIDTH)


def test_attractors_have_the_colours_of_their_kinds(graphics):
    from rnnpipe.scene.sizes import sizes
    from rnnpipe.scene.solid import bodies

    drawn = [to_hex(mesh.color()) for mesh in bodies(turning(), sizes(turning()))]
    for kind in MOVING:
        assert style.KIND_COLOURS[kind].lower() in drawn
    # A tube and three arrowheads of a limit cycle; a cycle's states are cubes, too.
    assert drawn.count(style.KIND_COLOURS[LIMIT_CYCLE].lower()) == 4
    assert drawn.count(style.KIND_COLOURS[CYCLE].lower()) == 5


def test_the_legend_of_a_picture_names_the_kinds_of_attractors():
    labels = {handle.get_label() for handle in entries(turning())}
    assert {"limit cycle (n = 1)", "chaotic set (n = 1)", "torus (n = 1)"} <= labels


def test_attractors_of_probes_with_values_have_the_colour_of_their_probes_runs():
    scene = replace(
        turning(),
        probes=("slow", "fast"),
        probe_values={"slow": 0.1, "fast": 0.5},
        colouring=Colouring("frequency", "rad per step", "linear", 0.0, 0.6),
    )
    colours = attractor_colours(scene, LIMIT_CYCLE)
    assert colours == run_colours(scene) and len(set(colours.values())) == 2
    plain = attractor_colours(turning(), LIMIT_CYCLE)
    assert plain == {"zero": style.KIND_COLOURS[LIMIT_CYCLE]}


def test_a_scene_without_points_is_drawn(drawn):
    bare = cube().up_to(-1)
    assert bare.points.empty
    empty = replace(bare, paths=bare.paths.iloc[:60])
    assert pixels(drawn(empty, WIDTH)).min() < 0.9
