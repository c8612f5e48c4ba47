"""The columns of a table, collected chunk by chunk."""

from typing import Any

import numpy as np

from rnnpipe.tables.schemas import SCHEMAS


class Chunks:
    """Collects the rows of one table of `rnnpipe.tables.schemas`.

    A table that gets no chunk has its columns all the same, without rows.
    """

    def __init__(self, table: str) -> None:
        self.table = table
        self.parts: dict[str, list[np.ndarray]] = {name: [] for name in SCHEMAS[table].names}

    def add(self, **columns: Any) -> None:
        """Add rows: arrays (row, ...) of one length, and scalars that all of the rows share.

        Raises
        ------
        ValueError
            If columns are missing, unknown, or differ in length.
        """
        if columns.keys() != self.parts.keys():
            wrong = sorted(columns.keys() ^ self.parts.keys())
            raise ValueError(f"{self.table}: columns missing or unknown: {', '.join(wrong)}")
        lengths = {len(values) for values in columns.values() if np.ndim(values) > 0}
        if len(lengths) > 1:
            raise ValueError(f"{self.table}: columns of one chunk have {sorted(lengths)} rows")
        rows = lengths.pop() if lengths else 1
        for name, values in columns.items():
            array = values if np.ndim(values) > 0 else np.repeat(np.asarray(values), rows)
            self.parts[name].append(np.asarray(array))

    def columns(self) -> dict[str, np.ndarray]:
        """All rows, column by column, in the order of the schema."""
        return {
            name: np.concatenate(parts) if parts else np.empty(0)
            for name, parts in self.parts.items()
        }
