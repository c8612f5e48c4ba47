"""Writing under partial names: nothing is left of a failure, and writers never meet."""

import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rnnpipe.commands.movie import write_movie
from rnnpipe.tables.artifacts import ArtifactError, whole_file, whole_folder, write_bytes
from rnnpipe.tables.partial import partial

WAYS = {"file": whole_file, "folder": whole_folder}


def fill(own: Path, text: str) -> None:
    """Write what a test's file or folder holds."""
    if own.is_dir():
        for name in "ab":
            write_bytes(own / name, text.encode())
    else:
        own.write_text(text)


def content(path: Path) -> set[str]:
    """What a test's file or folder holds."""
    return {file.read_text() for file in (path.iterdir() if path.is_dir() else [path])}


def writer(way: str, path: Path) -> subprocess.Popen:
    """A process that says when it is in the middle of writing, and stays there."""
    text = f"""
        import pathlib, sys, time
        from rnnpipe.tables.artifacts import {WAYS[way].__name__} as whole
        with whole(pathlib.Path(sys.argv[1])) as own:
            (own / "a" if own.is_dir() else own).write_text("half")
            print("writing", flush=True)
            time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(text), str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "writing\n"
    return process


def write_and_fail(way: str, path: Path, failure: BaseException) -> None:
    with WAYS[way](path) as own:
        fill(own, "new")
        raise failure


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("failure", [OSError("disk"), ValueError("x"), KeyboardInterrupt()])
def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path, way, failure):
    path = tmp_path / "t"
    with WAYS[way](path) as own:
        fill(own, "old")
    with pytest.raises((type(failure), ArtifactError)):
        write_and_fail(way, path, failure)
    assert content(path) == {"old"}
    assert os.listdir(tmp_path) == ["t"]


def test_a_movie_that_fails_leaves_nothing(tmp_path):
    def pictures():
        yield None
        raise ValueError("no second picture")

    for suffix in ("mp4", "gif"):
        with pytest.raises((ValueError, AttributeError)):
            write_movie(tmp_path / f"m.{suffix}", pictures(), 5)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("way", WAYS)
def test_two_writers_of_one_name_end_with_one_whole(tmp_path, way):
    path = tmp_path / "t"
    with WAYS[way](path) as first, WAYS[way](path) as second:
        assert first != second
        fill(first, "first")
        fill(second, "second")
    assert content(path) == {"first"}
    assert os.listdir(tmp_path) == ["t"]


def test_folders_of_many_writers_replace_each_other_whole(tmp_path):
    def write(number: int) -> None:
        with whole_folder(tmp_path / "t") as own:
            fill(own, str(number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(40)))
    assert len(content(tmp_path / "t")) == 1
    assert os.listdir(tmp_path) == ["t"]


@pytest.mark.parametrize("way", WAYS)
def test_what_a_killed_process_left_goes_with_the_next_and_what_a_living_one_writes_stays(
    tmp_path, way
):
    path = tmp_path / "t"
    killed, alive = writer(way, path), writer(way, path)
    try:
        killed.kill()
        killed.wait()
        assert len(os.listdir(tmp_path)) == 2
        (tmp_path / ".t.1-00@another-machine.partial").write_text("not known to be dead")
        write_bytes(tmp_path / "other", b"")
        assert len(os.listdir(tmp_path)) == 4
        with WAYS[way](path) as own:
            fill(own, "new")
        left = [name for name in os.listdir(tmp_path) if name.endswith(".partial")]
        assert len(left) == 2 and any(f".{alive.pid}-" in name for name in left)
    finally:
        alive.kill()
        alive.wait()


@pytest.mark.parametrize("way", WAYS)
def test_a_writer_that_is_told_to_stop_removes_what_it_wrote(tmp_path, way):
    process = writer(way, tmp_path / "t")
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 128 + signal.SIGTERM
    assert os.listdir(tmp_path) == []


def test_who_handles_sigterm_goes_on_doing_so(tmp_path):
    asked = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    try:
        with whole_file(tmp_path / "t") as own:
            os.kill(os.getpid(), signal.SIGTERM)
            own.write_text("whole")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert asked == [signal.SIGTERM]
    assert (tmp_path / "t").read_text() == "whole"


@pytest.mark.parametrize("name", ["é" * 120, "a[b]*?.png", "x" * 250])
def test_any_name_that_a_file_may_have_can_be_written(tmp_path, name):
    with partial(tmp_path / name) as own:
        assert own.name.startswith(".")
    write_bytes(tmp_path / name, b"x")
    assert os.listdir(tmp_path) == [name]


def test_a_folder_does_not_take_the_place_of_a_file(tmp_path):
    (tmp_path / "t").write_text("mine")
    with pytest.raises(ArtifactError, match="cannot be written"), whole_folder(tmp_path / "t"):
        pass
    assert (tmp_path / "t").read_text() == "mine"
    assert os.listdir(tmp_path) == ["t"]
