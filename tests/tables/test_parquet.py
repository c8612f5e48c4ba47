"""Tables come back as they were, have their schema's columns, and are refused by name if bad."""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.parquet import (
    BATCH_ROWS,
    Chunks,
    checked_matrix,
    read_table,
    write_table,
)
from rnnpipe.tables.provenance import read_provenance
from rnnpipe.tables.schemas import SCHEMAS

SETTINGS = {"a": 1}


def dimensionality(seeds=(1, 2)) -> dict[str, np.ndarray]:
    return {
        "seed": np.array(seeds),
        "participation_ratio": np.linspace(2, 3, len(seeds)),
        "components_85": np.arange(len(seeds)),
    }


def bifurcations(states: np.ndarray) -> dict[str, np.ndarray]:
    rows = len(states)
    return {
        "seed": np.zeros(rows, dtype=int),
        "sweep": np.full(rows, "rest"),
        "branch": np.arange(rows),
        "kind": np.full(rows, "fold"),
        "position": np.linspace(0, 1, rows),
        "value": np.full(rows, 1e-6),
        "state": states,
        "readout": states[:, :1],
    }


def test_a_table_reads_back_as_it_was(tmp_path):
    path = tmp_path / "deep" / "t.parquet"
    states = np.random.default_rng(0).standard_normal((5, 3))
    write_table(path, "bifurcations", bifurcations(states), SETTINGS)
    frame = read_table(path)
    assert np.array_equal(checked_matrix(frame["state"], path), states)
    assert frame["kind"].tolist() == ["fold"] * 5


def test_numbers_are_laid_out_to_be_compressed_and_read_back_bit_for_bit(tmp_path):
    states = np.random.default_rng(0).standard_normal((200, 64)).astype(np.float32)
    states[0, :4] = [np.nan, np.inf, -0.0, np.float32(1e-42)]
    columns = {"seed": 1, "trial": 2, "time": 3, "condition": 0.5}
    columns = {name: np.full(200, value) for name, value in columns.items()}
    columns |= dict.fromkeys(("input", "output", "target"), states[:, :2])
    path = tmp_path / "t.parquet"
    write_table(path, "trajectories", {**columns, "state": states}, SETTINGS)
    found = np.stack(read_table(path)["state"])
    assert found.dtype == np.float32 and found.tobytes() == states.tobytes()
    group = pq.ParquetFile(path).metadata.row_group(0)
    parts = {part.path_in_schema: part for part in map(group.column, range(group.num_columns))}
    state = parts["state.list.element"]
    assert "BYTE_STREAM_SPLIT" in state.encodings
    assert state.total_compressed_size < 0.95 * states.nbytes
    assert "RLE_DICTIONARY" in parts["seed"].encodings
    assert "RLE_DICTIONARY" not in parts["condition"].encodings


def test_rows_with_the_values_asked_for_are_read_in_their_order(tmp_path):
    rows = 3 * BATCH_ROWS + 1
    seeds = np.arange(rows) % 4
    columns = {"seed": seeds, "participation_ratio": np.arange(rows) / 2, "components_85": seeds}
    path = tmp_path / "t.parquet"
    write_table(path, "dimensionality", columns, SETTINGS)
    whole = read_table(path)
    found = read_table(path, only={"seed": (3, 1)})
    expected = whole[whole["seed"].isin([1, 3])].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected)
    both = read_table(path, ["seed", "components_85"], only={"seed": (3, 1), "components_85": (1,)})
    assert len(both) and set(both["seed"]) == {1} and list(both) == ["seed", "components_85"]
    none = read_table(path, only={"seed": (9,)})
    assert none.empty and (none.dtypes == whole.dtypes).all()
    write_table(path, "dimensionality", dimensionality(()), SETTINGS)
    assert list(read_table(path, only={"seed": (1,)})) == list(whole)


def test_equal_content_gives_equal_bytes(tmp_path):
    for name in ("a", "b"):
        write_table(tmp_path / name, "dimensionality", dimensionality(), SETTINGS)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_file_says_what_made_it(tmp_path):
    file = tmp_path / "t.parquet"
    write_table(file, "dimensionality", dimensionality(), SETTINGS)
    found = read_provenance(file)
    assert found["settings"] == SETTINGS
    made = {"settings", "version", "commit", "code", "files", "fingerprint"}
    assert set(found) == {*made, "contents", "content"}


def test_what_a_file_holds_counts_and_not_how_it_was_made(tmp_path):
    def content(name, columns, settings):
        write_table(tmp_path / name, "dimensionality", columns, settings)
        return read_provenance(tmp_path / name)["content"]

    other = dimensionality()
    other["participation_ratio"] = np.nextafter(other["participation_ratio"], 9)
    found = content("a.parquet", dimensionality(), SETTINGS)
    assert found and content("b.parquet", dimensionality(), {"other": 1}) == found
    assert content("c.parquet", other, SETTINGS) != found


def test_columns_are_those_of_the_schema(tmp_path):
    columns = dimensionality() | {"extra": np.zeros(2)}
    with pytest.raises(ValueError, match="extra"):
        write_table(tmp_path / "t", "dimensionality", columns, SETTINGS)
    assert not (tmp_path / "t").exists()


def test_tables_of_different_width_and_of_no_rows_join(tmp_path):
    for name, states in (("a", np.ones((2, 3))), ("b", np.ones((1, 5))), ("c", np.empty((0, 0)))):
        write_table(
            tmp_path / f"x={name}" / "t.parquet", "bifurcations", bifurcations(states), SETTINGS
        )
    joined = pd.read_parquet(tmp_path)
    assert joined["x"].tolist() == ["a", "a", "b"]
    assert [len(state) for state in joined["state"]] == [3, 3, 5]


@pytest.mark.parametrize("cut", [0, 3, 200, -1])
def test_a_truncated_table_is_refused_by_name(tmp_path, cut):
    path = tmp_path / "t.parquet"
    write_table(path, "dimensionality", dimensionality(), SETTINGS)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ArtifactError, match=r"t\.parquet: is damaged or no Parquet"):
        read_table(path)


def test_empty_places_that_were_not_written_are_refused_by_name(tmp_path):
    path = tmp_path / "t.parquet"
    write_table(path, "dimensionality", dimensionality(), SETTINGS)
    rows = pq.read_table(path)
    for place, name in enumerate(rows.column_names):
        empty = pa.nulls(len(rows), rows.schema.field(name).type)
        pq.write_table(rows.set_column(place, rows.schema.field(name), empty), path)
        with pytest.raises(ArtifactError, match=rf"t\.parquet: column '{name}' is empty in 2 row"):
            read_table(path)
        assert len(read_table(path, [n for n in rows.column_names if n != name])) == len(rows)


def test_empty_places_that_were_written_are_read(tmp_path):
    path = tmp_path / "t.parquet"
    rows = pd.DataFrame(dimensionality())
    rows["components_85"] = pd.array([None, 1], dtype="Int64")
    write_table(path, "dimensionality", rows, SETTINGS)
    assert read_table(path)["components_85"].isna().tolist() == [True, False]


def test_a_missing_a_foreign_and_another_table_are_refused_by_name(tmp_path):
    with pytest.raises(ArtifactError, match="no: cannot be read"):
        read_table(tmp_path / "no")
    pq.write_table(pa.table({"x": [1]}), tmp_path / "foreign")
    with pytest.raises(ArtifactError, match=r"foreign: .* not one that rnnpipe wrote"):
        read_table(tmp_path / "foreign")
    write_table(tmp_path / "other", "dimensionality", dimensionality(), SETTINGS)
    with pytest.raises(ArtifactError, match=r"other: lacks the column\(s\) state"):
        read_table(tmp_path / "other", ["seed", "state"])


@pytest.mark.parametrize(
    ("column", "values", "needed"),
    [
        ("seed", ["0", "1"], "type string; int64 is needed"),
        ("participation_ratio", ["1.0", "2.0"], "type string; double is needed"),
    ],
)
def test_a_column_of_another_type_is_refused_by_name(tmp_path, column, values, needed):
    path = tmp_path / "t.parquet"
    write_table(path, "dimensionality", dimensionality(), SETTINGS)
    table = pq.read_table(path)
    own = pa.array((values * len(table))[: len(table)])
    pq.write_table(table.set_column(table.column_names.index(column), column, own), path)
    with pytest.raises(
        ArtifactError, match=re.escape(f"column {column!r} holds values of {needed}")
    ):
        read_table(path)
    others = [name for name in table.column_names if name != column]
    assert list(read_table(path, others)) == others


def test_missing_values_are_refused_by_name_and_row(tmp_path):
    frame = pd.DataFrame({"state": [np.ones(2), np.array([1, np.nan]), np.ones(2)]})
    with pytest.raises(ArtifactError, match=r"x\.parquet: column 'state' .* first in row 1"):
        checked_matrix(frame["state"], tmp_path / "x.parquet")
    ragged = pd.DataFrame({"state": [np.ones(2), np.ones(3)]})
    with pytest.raises(ArtifactError, match="row 1 holds 3 values, row 0 2"):
        checked_matrix(ragged["state"], tmp_path / "x.parquet")


def test_chunks_keep_their_order_and_scalars_are_shared():
    chunks = Chunks("dimensionality")
    chunks.add(seed=1, participation_ratio=np.array([1.0, 2.0]), components_85=3)
    chunks.add(seed=2, participation_ratio=4.0, components_85=5)
    columns = chunks.columns()
    assert columns["seed"].tolist() == [1, 1, 2]
    assert columns["participation_ratio"].tolist() == [1.0, 2.0, 4.0]
    assert columns["components_85"].tolist() == [3, 3, 5]


def test_a_missing_number_of_components_stays_missing(tmp_path):
    chunks = Chunks("dimensionality")
    chunks.add(seed=1, participation_ratio=2.0, components_85=3)
    chunks.add(seed=2, participation_ratio=np.nan, components_85=None)
    write_table(tmp_path / "t", "dimensionality", chunks.columns(), SETTINGS)
    found = read_table(tmp_path / "t")["components_85"]
    assert found[0] == 3 and np.isnan(found[1])


def test_no_chunk_gives_all_columns_without_rows():
    columns = Chunks("modes").columns()
    assert list(columns) == SCHEMAS["modes"].names
    assert all(len(values) == 0 for values in columns.values())


def test_chunks_of_wrong_columns_and_lengths_are_refused():
    with pytest.raises(ValueError, match="dimensionality: columns missing or unknown: seed"):
        Chunks("dimensionality").add(participation_ratio=1.0, components_85=1)
    with pytest.raises(ValueError, match=r"have \[2, 3\] rows"):
        Chunks("dimensionality").add(
            seed=np.arange(2), participation_ratio=np.ones(3), components_85=1
        )
