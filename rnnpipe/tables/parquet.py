"""Tables as Parquet files: collected in chunks, written by their schema, checked when read."""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from io import FileIO
from operator import and_
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import BaseModel

from rnnpipe.tables.artifacts import ArtifactError, write_bytes
from rnnpipe.tables.contents import table_digest
from rnnpipe.tables.provenance import CONTENT, KEY, provenance
from rnnpipe.tables.schemas import SCHEMAS

# Rows and bytes in memory at once while a table is filtered.
BATCH_ROWS, BUFFER_BYTES = 1024, 1 << 20
# Where a table keeps the names of its columns that have empty places.
UNKNOWN = "rnnpipe_unknown"


class Chunks:
    """Collects the rows of one table of `rnnpipe.tables.schemas`.

    A table without chunks has all its columns and no rows.
    """

    def __init__(self, table: str) -> None:
        self.table = table
        self.parts: dict[str, list[np.ndarray]] = {name: [] for name in SCHEMAS[table].names}

    def add(self, **columns: Any) -> None:
        """Add rows: arrays (row, ...) of one length, and scalars that all these rows share.

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
        """Return all rows, column by column, in the order of the schema."""
        return {
            name: np.concatenate(parts) if parts else np.empty(0)
            for name, parts in self.parts.items()
        }


def write_table(
    path: Path,
    table: str,
    columns: Mapping[str, np.ndarray] | pd.DataFrame,
    settings: BaseModel | Mapping[str, Any],
) -> None:
    """Write a Parquet table.

    Parameters
    ----------
    table
        Name of the table in `rnnpipe.tables.schemas`.
    columns
        A data frame, or a mapping from each column's name to (row,) values, to a
        (row, k) array, or to (row,) arrays and None; the last two become a
        column of lists.
    settings
        The settings that made the table, kept in its metadata.

    Raises
    ------
    ValueError
        If columns are missing or unknown.
    """
    schema = SCHEMAS[table]
    if wrong := set(columns) ^ set(schema.names):
        raise ValueError(f"table {table}: columns missing or unknown: {', '.join(sorted(wrong))}")
    arrays = [_arrow(columns[field.name], field.type) for field in schema]
    rows = pa.Table.from_arrays(arrays, schema=schema)
    unknown = [name for name in rows.column_names if rows[name].null_count]
    content = rows.replace_schema_metadata(
        {KEY: provenance(settings), CONTENT: table_digest(rows), UNKNOWN: json.dumps(unknown)}
    )
    sink = pa.BufferOutputStream()
    pq.write_table(content, sink, compression="zstd", **_encodings(schema))
    write_bytes(path, sink.getvalue().to_pybytes())


def _encodings(schema: pa.Schema) -> dict[str, list[str]]:
    """Choose how columns are encoded before they are compressed.

    Measured numbers seldom repeat, so a dictionary of them costs bytes. Single
    precision compresses better with the first bytes of all numbers together,
    then the second bytes, and so on; double precision does not, because its
    numbers come in conjugate pairs.
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


def _arrow(values: np.ndarray | pd.Series, kind: pa.DataType) -> pa.Array:
    """Convert (row,) values, or a (row, k) array that becomes a column of lists."""
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


def read_table(
    path: Path,
    columns: Iterable[str] | None = None,
    seeds: Iterable[int] | None = None,
    only: Mapping[str, Collection[Any]] | None = None,
) -> pd.DataFrame:
    """Read a Parquet table that rnnpipe wrote.

    Parameters
    ----------
    columns
        Columns to read; all by default.
    seeds
        Seeds that rows may have; any by default. A network without rows is no
        fault: it may have diverged.
    only
        Allowed values per column, for columns that are read; rows with other
        values are left out, and never in memory all at once. All rows by default.

    Raises
    ------
    ArtifactError
        If the file is missing, damaged, not written by rnnpipe, lacks one of
        `columns`, has one of another type or holds rows of other seeds; the message
        names the file.
    """
    try:
        content = FileIO(path)
    except OSError as error:
        raise ArtifactError(f"{path}: cannot be read ({error.strerror or error})") from error
    with content:
        frame = _rows(path, content, columns, only or {})
    if seeds is not None and (strange := sorted(set(frame["seed"]) - set(seeds))):
        raise ArtifactError(
            f"{path}: holds rows of seed(s) {', '.join(map(str, strange))}; "
            f"the networks are of seed(s) {', '.join(map(str, seeds))}"
        )
    return frame


def _rows(
    path: Path,
    content: FileIO,
    columns: Iterable[str] | None,
    only: Mapping[str, Collection[Any]],
) -> pd.DataFrame:
    """Read the given columns of the rows with the given values."""
    try:
        # Rows that are left out should not be read ahead.
        how = {"pre_buffer": False, "buffer_size": BUFFER_BYTES} if only else {}
        file = pq.ParquetFile(content, **how)
        schema = file.schema_arrow
        if KEY.encode() not in (schema.metadata or {}):
            raise ArtifactError(f"{path}: is a Parquet file, but not one that rnnpipe wrote")
        wanted = list(columns) if columns is not None else schema.names
        if lacking := [name for name in wanted if name not in schema.names]:
            has = ", ".join(schema.names)
            raise ArtifactError(
                f"{path}: lacks the column(s) {', '.join(lacking)}; it has {has}; another version "
                "made it: run the workflow again"
            )
        _require_types(path, schema, wanted)
        _require_known(path, file, wanted)
        if not only:
            return file.read(columns=wanted).to_pandas()
        chosen = reduce(and_, (pc.field(name).isin(list(only[name])) for name in only))
        batches = [
            pa.Table.from_batches([batch]).filter(chosen)
            for batch in file.iter_batches(BATCH_ROWS, columns=wanted)
        ]
        return pa.concat_tables(batches or [schema.empty_table().select(wanted)]).to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise ArtifactError(
            f"{path}: is damaged or no Parquet file ({error}); delete it and run the workflow again"
        ) from error


def _require_types(path: Path, schema: pa.Schema, wanted: Iterable[str]) -> None:
    """Refuse a file with a column that is of another type than in every table that has it."""
    for name in wanted:
        kinds = [own.field(name).type for own in SCHEMAS.values() if name in own.names]
        if kinds and (kind := schema.field(name).type) not in kinds:
            needed = " or ".join(sorted({str(own) for own in kinds}))
            raise ArtifactError(
                f"{path}: column {name!r} holds values of type {kind}; {needed} is needed; "
                "delete it and run the workflow again"
            )


def _require_known(path: Path, file: pq.ParquetFile, wanted: Iterable[str]) -> None:
    """Refuse a file with empty places in a column that was written without any."""
    said = (file.schema_arrow.metadata or {}).get(UNKNOWN.encode())
    if said is None:
        return
    checked = set(wanted) - set(json.loads(said))
    for group in range(file.num_row_groups):
        columns = file.metadata.row_group(group)
        for column in map(columns.column, range(columns.num_columns)):
            empty = column.statistics.null_count if column.statistics else 0
            if empty and column.path_in_schema in checked:
                raise ArtifactError(
                    f"{path}: column {column.path_in_schema!r} is empty in {empty} row(s), which "
                    "it was not when it was written; delete it and run the workflow again"
                )


def matrix(lists: pd.Series) -> np.ndarray:
    """Stack a column of equally long lists into a (row, k) float64 array."""
    if len(lists) == 0:
        return np.empty((0, 0))
    return np.stack([np.asarray(row, dtype=np.float64) for row in lists])


def checked_matrix(column: pd.Series, path: Path, *, width: int | None = None) -> np.ndarray:
    """Stack a column as `matrix` does, if its lists are what they should be.

    Raises
    ------
    ArtifactError
        If lists differ in length, are not of length `width` or hold a NaN or an
        infinity; the message names `path`, the column and the first bad row by its
        label, which in a part of a table is still its row in the file.
    """
    lists = column.to_numpy()
    if len(lists) == 0:
        return np.empty((0, width or 0))
    lengths = np.array([0 if row is None else len(row) for row in lists])
    if (lengths != lengths[0]).any():
        row = int(np.argmax(lengths != lengths[0]))
        raise ArtifactError(
            f"{path}: column {column.name!r}, row {column.index[row]} holds {lengths[row]} values, "
            f"row {column.index[0]} {lengths[0]}"
        )
    if width is not None and lengths[0] != width:
        raise ArtifactError(
            f"{path}: column {column.name!r} holds {lengths[0]} values per row; "
            f"the network needs {width}"
        )
    values = matrix(column)
    if not (good := np.isfinite(values).all(axis=1)).all():
        row = column.index[int(np.argmin(good))]
        raise ArtifactError(
            f"{path}: column {column.name!r} holds missing or infinite values, first in row {row} "
            f"({int((~good).sum())} rows in all); delete it and run the stage that writes it again"
        )
    return values


def eigenpairs(modes: pd.DataFrame, units: int) -> tuple[np.ndarray, np.ndarray]:
    """Read rows of the table ``modes`` as complex numbers and vectors.

    Returns
    -------
    tuple
        Eigenvalues (mode,) and right eigenvectors (mode, unit), 0 where none is kept.
    """
    right = np.zeros((len(modes), units), dtype=complex)
    kept = modes["right_re"].notna().to_numpy()
    if kept.any():
        right[kept] = matrix(modes["right_re"][kept]) + 1j * matrix(modes["right_im"][kept])
    return modes["re"].to_numpy() + 1j * modes["im"].to_numpy(), right
