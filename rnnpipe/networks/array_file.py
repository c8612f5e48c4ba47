"""Arrays by name from a file of torch's, NumPy's or MATLAB's, opened without running anything."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io
import scipy.sparse
from torch import Tensor

from rnnpipe.faults import suggestion
from rnnpipe.networks.torch_file import read_tensors
from rnnpipe.settings.sections.arrays import PLACE, ArraySettings
from rnnpipe.tables.artifacts import ArtifactError, read_bytes
from rnnpipe.tables.file_kinds import describe_bytes

# Name of the array of a file that holds one without a name.
ONLY = "array"
# Names that MATLAB's reader adds.
_ADDED = ("__header__", "__version__", "__globals__")
_KINDS = "a file of torch.save, .npz, .npy or .mat is needed"
_HDF5 = (b"MATLAB 7.3", b"\x89HDF")
_PICKLED = "a pickle of Python objects, which is not opened; save it as an array of numbers"


def read_arrays(path: Path) -> dict[str, Any]:
    """Read what a file of arrays holds, by name.

    Parameters
    ----------
    path
        A file of `torch.save`, an `.npz` or `.npy`, or MATLAB's `.mat` up to
        version 7: told by what is in it, not by its name.

    Returns
    -------
    dict
        Names of what lies in a mapping or a struct are joined by dots
        (``params.W``); a file of one array without a name calls it ``array``.
        What is no array is left as it is, and what NumPy would have to unpickle
        is None.

    Raises
    ------
    ArtifactError
        If the file is missing, damaged or another kind of file; one line.
    """
    content = read_bytes(path)
    if content.startswith(_HDF5):
        raise ArtifactError(
            f"{path}: is HDF5, as MATLAB files of version 7.3 are, which is not read; save it in "
            "MATLAB as version 7: save(file, '-v7'), or its arrays by numpy.savez"
        )
    read = _reader(content)
    if read is None:
        held = read_tensors(path, "file of arrays", _KINDS)
        return dict(_flat(held if isinstance(held, Mapping) else {ONLY: held}))
    try:
        return dict(_flat(read(content)))
    except Exception as error:  # bytes of other origin make readers fail in any way
        fault = f"is damaged: it begins as {describe_bytes(content)}; {_KINDS}"
        if _is_pickled(error):
            fault = f"is {_PICKLED}"
    raise ArtifactError(f"{path}: {fault}")


def read_named(path: Path, arrays: ArraySettings, network: int | None = None) -> dict[str, Any]:
    """Read the arrays of one network by their keys.

    Parameters
    ----------
    path
        The file; with ``{array}`` in its name, a file for each array, which holds
        an array of that name or a single one.
    arrays
        Their names.
    network
        Number of the network, of arrays that are stacked.

    Raises
    ------
    ArtifactError
        As `read_arrays`, and if an array is not there; names those that are.
    """
    if PLACE not in str(path):
        held = read_arrays(path)
        found = {key: _named(path, held, key, name) for key, name in arrays.names.items()}
    else:
        found = {}
        for key, name in arrays.names.items():
            own = Path(str(path).replace(PLACE, name))
            held = read_arrays(own)
            found[key] = held[ONLY] if [*held] == [ONLY] else _named(own, held, key, name)
    if network is None:
        return found
    return {key: _row(path, key, array, network) for key, array in found.items()}


def is_torch_file(path: Path) -> bool:
    """Whether a file is left to torch to read: one that is neither NumPy's nor MATLAB's."""
    content = read_bytes(path)
    return _reader(content) is None and not content.startswith(_HDF5)


def is_numeric(value: Any) -> bool:
    """Whether something in a file is an array of real numbers."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "biuf"


def _reader(content: bytes) -> Any:
    """What reads bytes that begin like these; None: torch."""
    if content.startswith(b"MATLAB"):
        return _read_matlab
    if content.startswith(b"\x93NUMPY"):
        return lambda content: {ONLY: np.load(io.BytesIO(content), allow_pickle=False)}
    if content.startswith(b"PK"):
        try:
            names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        except zipfile.BadZipFile:
            return None
        if names and all(name.endswith(".npy") for name in names):
            return _read_npz
    return None


def _read_npz(content: bytes) -> dict[str, Any]:
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return {name: _member(file, name) for name in file.files}


def _member(file: Any, name: str) -> Any:
    try:
        return file[name]
    except ValueError as error:
        if not _is_pickled(error):
            raise
        return None


def _is_pickled(error: Exception) -> bool:
    """Whether NumPy refused to unpickle an array."""
    return isinstance(error, ValueError) and "allow_pickle" in str(error)


def _read_matlab(content: bytes) -> dict[str, Any]:
    held = scipy.io.loadmat(io.BytesIO(content), simplify_cells=True)
    return {name: value for name, value in held.items() if name not in _ADDED}


def _flat(held: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in held.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        else:
            yield name, _as_array(value)


def _as_array(value: Any) -> Any:
    """Tensors and sparse matrices as plain arrays; anything else as it is."""
    if isinstance(value, Tensor):
        value = value.detach().to_dense()
        return (value if value.is_complex() else value.double()).numpy()
    return value.toarray() if scipy.sparse.issparse(value) else value


def _named(path: Path, held: Mapping[str, Any], key: str, name: str) -> Any:
    if name not in held:
        there = ", ".join(held) or "nothing"
        raise ArtifactError(
            f"{path}: has no array {name} (arrays.{key}); it holds {there}"
            f"{suggestion(name, list(held))}"
        )
    if held[name] is None:
        raise ArtifactError(f"{path}: {name} (arrays.{key}) is {_PICKLED}")
    return held[name]


def _row(path: Path, key: str, array: Any, network: int) -> Any:
    count = len(array) if np.ndim(array) else 0
    if network >= count:
        raise ArtifactError(
            f"{path}: {key} has shape {np.shape(array)}: {count} networks, numbered from 0; seed "
            f"{network} is not there"
        )
    return array[network]
