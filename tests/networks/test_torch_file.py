"""Foreign files are refused in one line of ours, and what torch advises is not passed on."""

import io
import pickle
import warnings
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from rnnpipe.networks.torch_file import read_tensors
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.file_kinds import describe_bytes

GRU = nn.GRU(2, 3)


def written(write, *what, **options) -> bytes:
    buffer = io.BytesIO()
    write(*what, buffer, **options)
    return buffer.getvalue()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("notes.txt", "none")
    return buffer.getvalue()


def scripted() -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return written(torch.jit.save, torch.jit.script(GRU))


def numpy_arrays() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, weight=np.ones(2))
    return buffer.getvalue()


OBJECTS = "a pickle of a whole module or other objects than tensors, which is not opened"
FOREIGN = {
    "empty": (b"", "empty"),
    "text": (b"units: 5\n", "text"),
    "bytes": (b"\x00\xff\x01" * 99, "of another format"),
    "cut": (written(torch.save, GRU.state_dict())[:300], "cut short or damaged"),
    "module": (written(torch.save, GRU), OBJECTS),
    "arrays": (written(torch.save, {"weight": np.ones(2)}), OBJECTS),
    "old": (
        written(torch.save, GRU, _use_new_zipfile_serialization=False),
        "a pickle of other objects",
    ),
    "pickle": (pickle.dumps(SimpleNamespace(a=1)), "a pickle of other objects"),
    "scripted": (scripted(), "a module of torch.jit.save"),
    "npz": (numpy_arrays(), "an archive of NumPy arrays (.npz)"),
    "npy": (b"\x93NUMPY\x01\x00v\x00{}", "a NumPy array (.npy)"),
    "hdf": (b"\x89HDF\r\n\x1a\n" + bytes(99), "an HDF5 file"),
    "safetensors": ((8).to_bytes(8, "little") + b'{"a": 1}  ', "a file of safetensors"),
    "zip": (archive(), "a zip archive of other files"),
}


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.filterwarnings("error")
def test_a_foreign_file_is_told_in_one_line_of_ours(kind, tmp_path):
    content, looks = FOREIGN[kind]
    path = tmp_path / "7.pt"
    path.write_bytes(content)
    with pytest.raises(ArtifactError) as caught:
        read_tensors(path, "file of weights", "save weights alone")
    expected = f"{path}: is damaged or no file of weights: it is {looks}; save weights alone"
    assert str(caught.value) == expected
    with pytest.raises(ArtifactError, match="is damaged or no weights file: it is") as caught:
        load_networks(path)
    assert "weights_only" not in str(caught.value) and caught.value.__context__ is None


def test_files_of_torch_are_read_old_ones_as_well(tmp_path):
    for new in (True, False):
        torch.save(GRU.state_dict(), tmp_path / "7.pt", _use_new_zipfile_serialization=new)
        state = read_tensors(tmp_path / "7.pt", "file", "")
        assert torch.equal(state["weight_hh_l0"], GRU.weight_hh_l0)


def test_a_file_of_torch_that_is_damaged_is_not_said_to_hold_objects():
    assert "torch.save that is damaged" in describe_bytes(FOREIGN["module"][0])
