"""Movies have as many pictures as asked for, turn, and are whole or not there."""

import itertools

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from rnnpipe.commands.movie import KINDS as OFFERED
from rnnpipe.commands.movie import write_movie
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


def test_the_command_offers_every_kind(frames):
    from rnnpipe.scene.movie import KINDS

    assert OFFERED == KINDS


def test_an_unknown_kind_is_refused(frames):
    with pytest.raises(ValueError, match="turn, reveal, trial"):
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
