"""Movies have as many pictures as asked for, turn, and are whole or not there."""

import itertools

import imageio_ffmpeg
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from rnnpipe.commands.movie import KINDS as OFFERED
from rnnpipe.commands.movie import write_movie
from rnnpipe.figures import style
from tests.scene.grown_scenes import grown
from tests.scene.ideal_scenes import cube

WIDTH = 320


@pytest.fixture(scope="module")
def frames(graphics):
    from rnnpipe.scene import movie

    return movie.frames


def plain(count, value=200):
    return iter([np.full((40, 61, 3), value + number, np.uint8) for number in range(count)])


def test_a_turn_leads_back_to_its_begin(frames):
    pictures = list(frames(cube(), "turn", 4, WIDTH))
    assert len(pictures) == 4 and pictures[0].shape == (240, 320, 3)
    # Neighbours differ: the scene has been turned.
    assert all(np.abs(a.astype(int) - b).mean() > 1 for a, b in itertools.pairwise(pictures))


def test_revealing_turns_once_for_every_order(frames):
    assert len(list(frames(cube(), "reveal", 1, WIDTH))) == 4


def test_a_trial_moves_a_sphere(frames):
    first, last = frames(cube(), "trial", 2, WIDTH)
    assert np.abs(first.astype(int) - last).max() > 50


def test_a_development_grows_from_one_point_to_all(frames):
    first, last = frames(grown(), "development", 2, WIDTH)
    assert first.shape == last.shape == (240, 320, 3)
    for order, (few, many) in {0: (1, 8), 3: (0, 1)}.items():
        wanted = np.array(to_rgb(style.unstable_colour(order))) * 255
        # The upper right has the legend, in the same colours.
        shown = [near(picture[:, :230], wanted) for picture in (first, last)]
        assert shown[1] > shown[0] >= 20 * few and shown[1] >= 20 * many


def near(picture: np.ndarray, colour: np.ndarray) -> int:
    """Pixels of nearly the hue of a colour, whatever its shade."""
    lit = picture.reshape(-1, 3) / np.maximum(picture.reshape(-1, 3).max(1, keepdims=True), 1)
    return int((np.abs(lit - colour / colour.max()).max(1) < 0.12).sum())


def test_a_network_without_kept_weights_has_no_movie_of_its_development(frames):
    with pytest.raises(ValueError, match="no weights were kept"):
        next(frames(cube(), "development", 1, WIDTH))


def test_the_command_offers_every_kind(frames):
    from rnnpipe.scene.movie import KINDS

    assert OFFERED == KINDS


def test_an_unknown_kind_is_refused(frames):
    with pytest.raises(ValueError, match="turn, reveal, trial, development"):
        next(frames(cube(), "dance", 1, WIDTH))


def test_an_mp4_holds_every_picture(tmp_path):
    write_movie(tmp_path / "a.mp4", plain(7), 5)
    reader = imageio_ffmpeg.read_frames(str(tmp_path / "a.mp4"))
    about = next(reader)
    assert about["fps"] == 5 and about["size"] == (60, 40)
    assert len(list(reader)) == 7


def test_a_gif_holds_every_picture(tmp_path):
    write_movie(tmp_path / "a.gif", plain(3), 10)
    with Image.open(tmp_path / "a.gif") as movie:
        assert movie.n_frames == 3 and movie.size == (61, 40)
        assert movie.info["duration"] == 100 and movie.info["loop"] == 0


@pytest.mark.parametrize("name", ["a.gif", "a.mp4"])
def test_an_interrupted_movie_leaves_the_one_before(tmp_path, name):
    file = tmp_path / name
    file.write_bytes(b"before")

    def broken():
        yield from plain(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_movie(file, broken(), 5)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert file.read_bytes() == b"before"


def test_other_files_and_no_pictures_are_refused(tmp_path):
    with pytest.raises(ValueError, match="mp4"):
        write_movie(tmp_path / "a.avi", plain(1), 5)
    with pytest.raises(ValueError, match="at least one"):
        write_movie(tmp_path / "a.gif", plain(0), 5)
