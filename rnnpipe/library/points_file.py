"""The file of a set of fixed points: NumPy arrays, and the searches as JSON."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rnnpipe.tables.artifacts import ArtifactError, read_bytes, write_bytes
from rnnpipe.tables.file_kinds import describe_bytes

FORMAT = "rnnpipe fixed points 2"


def write_points(
    path: Path,
    arrays: Mapping[str, np.ndarray],
    searches: pd.DataFrame,
    numbers: Mapping[str, float],
) -> None:
    """Write the fields of `FixedPoints`, whole or not at all."""
    facts = searches.assign(input=[x.tolist() for x in searches["input"]])
    meta = {"format": FORMAT, "numbers": dict(numbers), "searches": facts.to_dict(orient="list")}
    texts = {k: v.astype(str) if v.dtype == object else v for k, v in arrays.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, meta=np.array(json.dumps(meta)), **texts)
    write_bytes(path, buffer.getvalue())


def read_points(path: Path) -> dict[str, Any]:
    """Read the fields of `FixedPoints` that `write_points` wrote.

    Raises
    ------
    ArtifactError
        If the file is missing, damaged, or another kind of file.
    """
    content = read_bytes(path)
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        meta = json.loads(str(arrays.pop("meta")))
        if meta["format"] != FORMAT:
            raise ValueError("another format")
        searches = pd.DataFrame(meta["searches"])
        searches["input"] = [np.array(x, dtype=np.float64) for x in searches["input"]]
        texts = {k: v.astype(object) if v.dtype.kind == "U" else v for k, v in arrays.items()}
        return {**texts, **meta["numbers"], "searches": searches}
    except Exception:  # bytes of other origin fail in any way
        looks = describe_bytes(content)
    raise ArtifactError(f"{path}: is damaged or no file of FixedPoints.save: it is {looks}")
