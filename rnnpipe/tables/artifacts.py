"""Files between stages: atomic writing, checked reading, provenance.

A file is written under a temporary name in its own folder and renamed when it
is complete, so whatever bears a file's name is whole. Bytes depend on content,
settings, version and commit alone: no times, no durations.
"""

import json
import os
import pickle
import subprocess
from collections.abc import Collection, Iterable, Mapping
from functools import cache, reduce
from io import FileIO
from operator import and_
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rnnpipe import __version__
from rnnpipe.tables.arrow_columns import arrow, encodings
from rnnpipe.tables.schemas import SCHEMAS

METADATA_KEY = b"rnnpipe"
# What is in memory at once of a table that is looked through.
BATCH_ROWS, BUFFER_BYTES = 256, 1 << 20


class ArtifactError(Exception):
    """A file that is missing, damaged or not what its reader needs."""


@cache
def commit() -> str:
    """Commit of the checkout that this package lies in; empty outside of one."""
    here = Path(__file__).resolve().parent
    command = ["git", "-C", str(here), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def provenance(settings: Mapping[str, Any]) -> str:
    """What made a file, as JSON: settings, package version and commit."""
    facts = {"settings": settings, "version": __version__, "commit": commit()}
    return json.dumps(facts, sort_keys=True, separators=(",", ":"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that it exists whole or not at all; `ArtifactError` where it cannot be."""
    path = Path(path)
    # A leading dot hides the partial file from dataset readers; a fixed name
    # lets the next attempt overwrite what a killed one left.
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(partial, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        raise ArtifactError(f"{path}: cannot be written ({error.strerror or error})") from error


def read_bytes(path: Path) -> bytes:
    """Content of a file; `ArtifactError` where there is none."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ArtifactError(f"{path}: cannot be read ({error.strerror or error})") from error


def write_table(
    path: Path,
    table: str,
    columns: Mapping[str, np.ndarray] | pd.DataFrame,
    settings: Mapping[str, Any],
) -> None:
    """Write a Parquet table.

    Parameters
    ----------
    table
        Which table of `rnnpipe.tables.schemas` it is.
    columns
        A data frame, or name to (row,) values, to a (row, k) array, or to
        (row,) arrays and None; the last two become a column of lists.
    settings
        What made the table, kept in its metadata.

    Raises
    ------
    ValueError
        If columns are missing or unknown.
    """
    schema = SCHEMAS[table]
    if wrong := set(columns) ^ set(schema.names):
        raise ValueError(f"table {table}: columns missing or unknown: {', '.join(sorted(wrong))}")
    arrays = [arrow(columns[field.name], field.type) for field in schema]
    content = pa.Table.from_arrays(
        arrays, schema=schema.with_metadata({METADATA_KEY: provenance(settings)})
    )
    sink = pa.BufferOutputStream()
    pq.write_table(content, sink, compression="zstd", **encodings(schema))
    write_bytes(path, sink.getvalue().to_pybytes())


def read_table(
    path: Path,
    columns: Iterable[str] | None = None,
    seeds: Iterable[int] | None = None,
    only: Mapping[str, Collection[Any]] | None = None,
) -> pd.DataFrame:
    """Read a Parquet table of this project.

    Parameters
    ----------
    columns
        Columns to read; all by default.
    seeds
        Seeds of the networks that the rows may be of; any by default. A
        network without rows is none amiss: it may have diverged.
    only
        Values of columns that are read, of which rows must have one; any by
        default. The others are never in memory all at once.

    Raises
    ------
    ArtifactError
        If the file is missing, damaged, not written by rnnpipe, lacks one of
        `columns` or holds rows of other seeds; the message names the file.
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
    """Columns of a table, and of its rows those with the values asked for."""
    try:
        # What is passed over is not to be read ahead.
        how = {"pre_buffer": False, "buffer_size": BUFFER_BYTES} if only else {}
        file = pq.ParquetFile(content, **how)
        schema = file.schema_arrow
        if METADATA_KEY not in (schema.metadata or {}):
            raise ArtifactError(f"{path}: is a Parquet file, but not one that rnnpipe wrote")
        wanted = list(columns) if columns is not None else schema.names
        if lacking := [name for name in wanted if name not in schema.names]:
            has = ", ".join(schema.names)
            raise ArtifactError(f"{path}: lacks the column(s) {', '.join(lacking)}; it has {has}")
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


def read_provenance(path: Path) -> dict[str, Any]:
    """Settings, version and commit that a table names; `ArtifactError` if it is damaged."""
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (pa.ArrowException, OSError) as error:
        raise ArtifactError(f"{path}: is damaged or no Parquet file ({error})") from error
    if METADATA_KEY not in metadata:
        raise ArtifactError(f"{path}: bears no rnnpipe metadata")
    return json.loads(metadata[METADATA_KEY])


def matrix(
    frame: pd.DataFrame,
    column: str,
    path: Path,
    *,
    width: int | None = None,
    finite: bool = True,
) -> np.ndarray:
    """A column of equally long lists as a (row, k) float64 array.

    Raises
    ------
    ArtifactError
        If lists differ in length, are not of `width` or, with `finite`, hold a
        NaN or an infinity; the message names `path`, the column and the first
        bad row by its label, which in part of a table still is its row in the file.
    """
    lists = frame[column].to_numpy()
    if len(lists) == 0:
        return np.empty((0, 0))
    lengths = np.array([0 if row is None else len(row) for row in lists])
    if (lengths != lengths[0]).any():
        row = int(np.argmax(lengths != lengths[0]))
        raise ArtifactError(
            f"{path}: column {column!r}, row {frame.index[row]} holds {lengths[row]} values, "
            f"row {frame.index[0]} {lengths[0]}"
        )
    if width is not None and lengths[0] != width:
        raise ArtifactError(
            f"{path}: column {column!r} holds {lengths[0]} values a row; the network needs {width}"
        )
    values = np.stack(lists).astype(np.float64)
    if finite and not (good := np.isfinite(values).all(axis=1)).all():
        row = frame.index[int(np.argmin(good))]
        raise ArtifactError(
            f"{path}: column {column!r} holds missing or infinite values, first in row {row} "
            f"({int((~good).sum())} rows in all); delete it and run the stage that writes it again"
        )
    return values


def write_pickle(path: Path, content: Any) -> None:
    """Write a pickle; equal content gives equal bytes."""
    write_bytes(path, pickle.dumps(content, protocol=5))


def read_pickle(path: Path) -> Any:
    """Read a pickle; `ArtifactError` naming the file if it is damaged."""
    content = read_bytes(path)
    try:
        return pickle.loads(content)
    except (pickle.UnpicklingError, EOFError, AttributeError, ValueError, IndexError) as error:
        raise ArtifactError(f"{path}: is damaged or no pickle ({error})") from error
