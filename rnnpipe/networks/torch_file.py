"""A file of `torch.save`, opened without running what it may hold."""

import io
import pickle
import warnings
from pathlib import Path
from typing import Any

import torch

from rnnpipe.tables.artifacts import ArtifactError, read_bytes
from rnnpipe.tables.file_kinds import describe_bytes


def read_tensors(path: Path, what: str, remedy: str) -> Any:
    """Read tensors, numbers, texts and containers of them.

    Parameters
    ----------
    path
        The file.
    what
        What it should be, such as ``file of weights``.
    remedy
        How such a file comes about.

    Raises
    ------
    ArtifactError
        If the file is missing or anything else; one line, which says what the
        file looks like. What torch advises, to open it unsafely, is not passed on.
    """
    content = read_bytes(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(io.BytesIO(content), weights_only=True, map_location="cpu")
    except Exception as error:  # bytes of other origin make torch's reader fail in any way
        looks = describe_bytes(content)
        if isinstance(error, pickle.UnpicklingError) and "torch.save" in looks:
            looks = "a pickle of a whole module or other objects than tensors, which is not opened"
    raise ArtifactError(f"{path}: is damaged or no {what}: it is {looks}; {remedy}")
