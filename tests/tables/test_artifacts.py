"""Files are whole or absent, and the same bytes for the same content."""

import os
import pickle

import pytest

from rnnpipe.tables import artifacts
from rnnpipe.tables.artifacts import ArtifactError, link, write_bytes, write_pickle


def test_a_death_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "t"
    write_bytes(path, b"old")

    def die(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(artifacts.os, "fsync", die)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    monkeypatch.undo()
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["t"]


def test_what_cannot_be_linked_is_named(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(ArtifactError, match=r"folder: cannot be copied to .*b \(Is a directory\)"):
        link(tmp_path / "folder", tmp_path / "b")


def test_equal_content_gives_equal_pickles(tmp_path):
    for name in ("a", "b"):
        write_pickle(tmp_path / name, {1: "x"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert pickle.loads((tmp_path / "a").read_bytes()) == {1: "x"}
