"""The files of what the library finds: NumPy arrays, and tables and numbers as JSON."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from rnnpipe.tables.artifacts import ArtifactError, read_bytes, write_bytes
from rnnpipe.tables.file_kinds import describe_bytes


class Saved(NamedTuple):
    """What one file holds.

    Attributes
    ----------
    format
        What kind of file it is.
    arrays
        By name.
    tables
        By name; one row per input, whose column ``input`` holds arrays.
    numbers
        By name.
    """

    format: str
    arrays: dict[str, np.ndarray]
    tables: dict[str, pd.DataFrame]
    numbers: dict[str, float]


def write_saved(path: Path, saved: Saved) -> None:
    """Write a file, whole or not at all."""
    tables = {
        name: table.assign(input=[x.tolist() for x in table["input"]]).to_dict(orient="list")
        for name, table in saved.tables.items()
    }
    meta = {"format": saved.format, "numbers": saved.numbers, "tables": tables}
    texts = {k: v.astype(str) if v.dtype == object else v for k, v in saved.arrays.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, meta=np.array(json.dumps(meta)), **texts)
    write_bytes(path, buffer.getvalue())


def read_saved(path: Path, formats: Mapping[str, Any]) -> Saved:
    """Read a file that `write_saved` wrote.

    Raises
    ------
    ArtifactError
        If the file is missing, damaged, or of none of the formats.
    """
    content = read_bytes(path)
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        meta = json.loads(str(arrays.pop("meta")))
        if meta["format"] not in formats:
            raise ValueError("another format")
        tables = {name: pd.DataFrame(table) for name, table in meta["tables"].items()}
        for table in tables.values():
            table["input"] = [np.array(x, dtype=np.float64) for x in table["input"]]
        texts = {k: v.astype(object) if v.dtype.kind == "U" else v for k, v in arrays.items()}
        return Saved(meta["format"], texts, tables, meta["numbers"])
    except Exception:  # bytes of other origin fail in any way
        looks = describe_bytes(content)
    raise ArtifactError(
        f"{path}: is damaged or no file of FixedPoints.save or Attractors.save: it is {looks}"
    )
