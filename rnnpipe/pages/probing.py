"""Which probe, and which point, every vertex of a plot belongs to."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def belongs(rows: pd.DataFrame, probes: Sequence[str]) -> list[list[int]]:
    """Place of the probe among `probes`, and number of the point where rows have one.

    The script of a page hides by it what belongs to another probe, and finds the eigenvalues of a
    point.
    """
    place = {name: i for i, name in enumerate(probes)}
    numbers = rows["probe"].map(place).astype(int)
    if "point" not in rows:
        return [[probe] for probe in numbers.tolist()]
    return [list(pair) for pair in zip(numbers.tolist(), rows["point"].tolist(), strict=True)]
