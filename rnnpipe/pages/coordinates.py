"""What plots are written of: rounded numbers, polylines with gaps, whose each vertex is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

# Of an extent that is drawn over some hundred pixels.
_DIGITS = 4


def decimals(extent: float) -> int:
    """Decimal places that tell ten-thousandths of an extent apart."""
    return max(0, _DIGITS - math.ceil(math.log10(extent))) if extent > 0 else _DIGITS


def rounded(values: np.ndarray, places: int) -> list[float | None]:
    """Values with so many decimal places; ``None``, a gap, where there is none."""
    floats = np.round(np.asarray(values, dtype=float), places) + 0.0
    return [value if math.isfinite(value) else None for value in floats.tolist()]


def polylines(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Rows of many polylines, each as long as `keys` stay the same, with an empty row after each.

    The empty row keeps the line's keys, so that what is told by them is told of the gap too.
    """
    if rows.empty:
        return rows
    ends = (rows[list(keys)] != rows[list(keys)].shift(-1)).any(axis=1).to_numpy()
    gaps = rows[ends].copy()
    rest = [name for name in rows.columns if name not in keys]
    gaps[rest] = np.nan
    order = np.concatenate([np.arange(len(rows)), np.flatnonzero(ends) + 0.5])
    return pd.concat([rows, gaps]).iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def segments(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Segments as one polyline with gaps: (segment, 3) twice to (3 x segment, 3)."""
    gaps = np.full_like(starts, np.nan)
    return np.stack([starts, ends, gaps], axis=1).reshape(-1, starts.shape[1])


def belongs(rows: pd.DataFrame, probes: Sequence[str]) -> list[list[int]]:
    """Number of each row's probe among `probes`, and of its point where rows have one.

    By these the script of a page hides what belongs to another probe, and finds the eigenvalues
    of a point.
    """
    place = {name: i for i, name in enumerate(probes)}
    numbers = rows["probe"].map(place).astype(int)
    if "point" not in rows:
        return [[probe] for probe in numbers.tolist()]
    return [list(pair) for pair in zip(numbers.tolist(), rows["point"].tolist(), strict=True)]
