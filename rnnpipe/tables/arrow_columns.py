"""Columns of tables as Arrow's, and how they are laid out in a file."""

import numpy as np
import pandas as pd
import pyarrow as pa


def encodings(schema: pa.Schema) -> dict[str, list[str]]:
    """How columns are laid out before they are compressed.

    Measured numbers seldom repeat, so that a dictionary of them costs bytes;
    single precision compresses better with the first bytes of all numbers
    together, then the second ones. Double precision does not, where numbers
    come in conjugate pairs.
    """
    kinds = {}
    for field in schema:
        listed = pa.types.is_list(field.type)
        path = f"{field.name}.list.element" if listed else field.name
        kinds[path] = field.type.value_type if listed else field.type
    return {
        "use_dictionary": [p for p, kind in kinds.items() if not pa.types.is_floating(kind)],
        "use_byte_stream_split": [p for p, kind in kinds.items() if pa.types.is_float32(kind)],
    }


def arrow(values: np.ndarray | pd.Series, kind: pa.DataType) -> pa.Array:
    """A column of a table: (row,) values, or a (row, k) array as a column of lists."""
    if isinstance(values, pd.Series):
        return pa.array(values, type=kind, from_pandas=True)
    if values.ndim == 2:
        rows, width = values.shape
        offsets = np.arange(rows + 1, dtype=np.int32) * width
        flat = pa.array(np.ascontiguousarray(values).ravel())
        return pa.ListArray.from_arrays(offsets, flat).cast(kind)
    if len(values) == 0:
        return pa.array([], type=kind)
    return pa.array(values, type=kind) if values.dtype == object else pa.array(values).cast(kind)
