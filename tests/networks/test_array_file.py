"""Arrays are found by name in files of torch, NumPy and MATLAB; others are refused in a line."""

from pathlib import Path

import numpy as np
import pytest
import scipy.io
import scipy.sparse
import torch

from rnnpipe.networks.array_file import read_arrays, read_named
from rnnpipe.settings.sections.arrays import ArraySettings
from rnnpipe.tables.artifacts import ArtifactError

W = np.arange(4.0).reshape(2, 2)
V = np.array([5.0, 6.0])


def refused(path: Path, reader=read_arrays, *more) -> str:
    with pytest.raises(ArtifactError) as caught:
        reader(path, *more)
    message = str(caught.value)
    assert message.startswith(f"{path}: ") and "\n" not in message
    return message.removeprefix(f"{path}: ")


def write_torch(path: Path) -> None:
    tensors = {"W": torch.from_numpy(W), "b": torch.from_numpy(V).half()}
    torch.save({"epoch": 3, "net": {"rnn.W": torch.from_numpy(W)}, **tensors}, path)


def write_matlab(path: Path) -> None:
    held = {"W": scipy.sparse.csc_matrix(W), "b": V, "net": {"rnn": {"W": W}}, "epoch": 3}
    scipy.io.savemat(path, held)


def write_npz(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, W=W, b=V, epoch=3, **{"net.rnn.W": W})


WRITERS = {"torch": write_torch, "matlab": write_matlab, "npz": write_npz}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("name", ["network.pt", "network"])
def test_every_format_gives_the_same_arrays_whatever_the_file_is_called(kind, name, tmp_path):
    WRITERS[kind](tmp_path / name)
    held = read_arrays(tmp_path / name)
    assert {*held} == {"W", "b", "net.rnn.W", "epoch"}
    assert np.array_equal(held["W"], W) and np.array_equal(held["net.rnn.W"], W)
    assert np.array_equal(np.ravel(held["b"]), V)


def test_a_file_of_one_array_calls_it_array(tmp_path):
    np.save(tmp_path / "W.npy", W)
    torch.save(torch.from_numpy(W), tmp_path / "W.pt")
    for name in ("W.npy", "W.pt"):
        held = read_arrays(tmp_path / name)
        assert [*held] == ["array"] and np.array_equal(held["array"], W)


def names(**changes) -> ArraySettings:
    given = {"recurrent": "W", "bias": "b", "input": None, "output": None, **changes}
    return ArraySettings.model_validate(given)


@pytest.mark.parametrize("kind", WRITERS)
def test_arrays_are_given_by_their_keys(kind, tmp_path):
    WRITERS[kind](tmp_path / "f")
    found = read_named(tmp_path / "f", names(recurrent="net.rnn.W"))
    assert [*found] == ["recurrent", "bias"]
    assert np.array_equal(found["recurrent"], W)


def test_every_array_may_have_a_file_of_its_own(tmp_path):
    np.save(tmp_path / "W.npy", W)
    np.savez(tmp_path / "b.npy.npz", b=V, other=W)
    (tmp_path / "b.npy.npz").rename(tmp_path / "b.npy")
    found = read_named(tmp_path / "{array}.npy", names())
    assert np.array_equal(found["recurrent"], W) and np.array_equal(found["bias"], V)
    with pytest.raises(ArtifactError, match=r"c\.npy: cannot be read"):
        read_named(tmp_path / "{array}.npy", names(bias="c"))


def test_the_seed_is_the_number_of_a_stacked_network(tmp_path):
    np.savez(tmp_path / "f.npz", W=np.stack([W, -W]), b=np.stack([V, -V]))
    found = read_named(tmp_path / "f.npz", names(stacked=True), 1)
    assert np.array_equal(found["recurrent"], -W) and np.array_equal(found["bias"], -V)
    message = refused(tmp_path / "f.npz", read_named, names(stacked=True), 2)
    assert "2 networks, numbered from 0; seed 2 is not there" in message


def test_a_name_that_is_not_there_is_answered_by_those_that_are(tmp_path):
    write_npz(tmp_path / "f.npz")
    message = refused(tmp_path / "f.npz", read_named, names(recurrent="net.W"))
    assert message == (
        "has no array net.W (arrays.recurrent); it holds W, b, epoch, net.rnn.W; did you mean "
        '"net.rnn.W"?'
    )


class Mine:
    """Something that only unpickling would make."""


def test_nothing_is_unpickled(tmp_path):
    np.savez(tmp_path / "f.npz", W=W, b=np.array([Mine()], dtype=object))
    assert read_arrays(tmp_path / "f.npz")["b"] is None
    message = refused(tmp_path / "f.npz", read_named, names())
    assert message.startswith("b (arrays.bias) is a pickle of Python objects, which is not opened")
    np.save(tmp_path / "f.npy", np.array([Mine()], dtype=object))
    assert refused(tmp_path / "f.npy").startswith("is a pickle of Python objects, which is not")
    torch.save({"W": Mine()}, tmp_path / "f.pt")
    assert "other objects than tensors, which is not opened" in refused(tmp_path / "f.pt")


@pytest.mark.parametrize(
    "content", [b"MATLAB 7.3 MAT-file, Platform: GLNXA64", b"\x89HDF\r\n\x1a\n"]
)
def test_hdf5_is_refused_with_what_to_do(content, tmp_path):
    (tmp_path / "f.mat").write_bytes(content.ljust(600, b"\0"))
    message = refused(tmp_path / "f.mat")
    assert "HDF5" in message and "save(file, '-v7')" in message


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_files_that_were_cut_short(kind, share, tmp_path):
    WRITERS[kind](tmp_path / "f")
    content = (tmp_path / "f").read_bytes()
    (tmp_path / "f").write_bytes(content[: int(share * len(content))])
    assert "damaged" in refused(tmp_path / "f")


@pytest.mark.parametrize("content", [b"", b"W = 3\n", b"\x00" * 200, b"PK\x03\x04"])
def test_files_of_other_kinds(content, tmp_path):
    (tmp_path / "f").write_bytes(content)
    assert "no file of arrays" in refused(tmp_path / "f")


def test_missing_files(tmp_path):
    assert "cannot be read" in refused(tmp_path / "none.mat")
