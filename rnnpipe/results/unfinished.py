"""Rows of tables that are not finished yet, as a checkpoint holds them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from rnnpipe.tables.parquet import Chunks

# Columns by table: tensors, and lists of texts.
Content = dict[str, dict[str, Any]]


def rows_content(tables: Mapping[str, Chunks]) -> Content:
    """Turn the rows that tables have so far into what a checkpoint may hold."""
    return {
        name: {column: _plain(values) for column, values in chunks.columns().items()}
        for name, chunks in tables.items()
        if any(chunks.parts.values())
    }


def add_rows(tables: Mapping[str, Chunks], content: Content) -> None:
    """Add the rows that a checkpoint holds to tables."""
    for name, columns in content.items():
        tables[name].add(**{column: _array(values) for column, values in columns.items()})


def _plain(values: np.ndarray) -> Any:
    if values.dtype.kind in "OU":
        return [str(value) for value in values]
    return torch.from_numpy(np.ascontiguousarray(values))


def _array(values: Any) -> np.ndarray:
    return values.numpy() if isinstance(values, torch.Tensor) else np.array(values, dtype=object)
