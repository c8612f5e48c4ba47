"""Chunks become the table that they are parts of."""

import numpy as np
import pytest

from rnnpipe.tables.chunks import Chunks
from rnnpipe.tables.schemas import SCHEMAS


def test_rows_keep_their_order_and_scalars_are_shared():
    chunks = Chunks("dimensionality")
    chunks.add(seed=1, participation_ratio=np.array([1.0, 2.0]), components_85=3)
    chunks.add(seed=2, participation_ratio=4.0, components_85=5)
    columns = chunks.columns()
    assert columns["seed"].tolist() == [1, 1, 2]
    assert columns["participation_ratio"].tolist() == [1.0, 2.0, 4.0]
    assert columns["components_85"].tolist() == [3, 3, 5]


def test_no_chunk_gives_all_columns_without_rows():
    columns = Chunks("modes").columns()
    assert list(columns) == SCHEMAS["modes"].names
    assert all(len(values) == 0 for values in columns.values())


def test_wrong_columns_and_lengths_are_refused():
    with pytest.raises(ValueError, match="dimensionality: columns missing or unknown: seed"):
        Chunks("dimensionality").add(participation_ratio=1.0, components_85=1)
    with pytest.raises(ValueError, match=r"have \[2, 3\] rows"):
        Chunks("dimensionality").add(
            seed=np.arange(2), participation_ratio=np.ones(3), components_85=1
        )
