"""The files of many blocks read as one table, and no file is read in vain."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnnpipe.plan.paths import block_path
from rnnpipe.results.blocks import read_blocks, read_with_examples
from rnnpipe.settings import Cohort
from rnnpipe.settings.members import Members, OfCohort
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.parquet import write_table

PLAIN = Cohort("memory", "tanh8", "none")
SIGNED = Cohort("memory", "tanh8", "dale80")
SEEDS = {"0-3": (0, 1, 2, 3), "4-7": (4, 5), "8-11": (10,)}
BLOCKS = {PLAIN: SEEDS, SIGNED: SEEDS}
MEMBERS = Members(
    experiment="x",
    cohorts=[OfCohort(**vars(cohort)) for cohort in BLOCKS],
    labels=list(SEEDS),
)


def path(cohort: Cohort, block: str) -> Path:
    return Path(block_path("x", "dimensionality", cohort, block))


def value(cohort: Cohort, seed: int) -> float:
    """A number that tells every network from every other."""
    return seed + (100.0 if cohort == SIGNED else 0.0)


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    """All blocks' files of two cohorts, in the working directory."""
    monkeypatch.chdir(tmp_path)
    for cohort, blocks in BLOCKS.items():
        for block, seeds in blocks.items():
            columns = {
                "seed": np.array(seeds),
                "participation_ratio": np.array([value(cohort, seed) for seed in seeds]),
                "components_85": np.ones(len(seeds), dtype=int),
            }
            write_table(path(cohort, block), "dimensionality", columns, {})


def remove_all_but(*kept: tuple[Cohort, str]) -> None:
    for cohort, blocks in BLOCKS.items():
        for block in blocks:
            if (cohort, block) not in kept:
                path(cohort, block).unlink()


def test_every_row_of_every_block_says_whose_it_is():
    table = read_blocks(MEMBERS, "dimensionality")
    assert len(table) == 2 * 7
    assert table.index.is_unique
    for row in table.itertuples():
        cohort = Cohort(row.task, row.model, row.constraint)
        assert row.participation_ratio == value(cohort, row.seed)


def test_named_columns_come_with_the_key():
    table = read_blocks(MEMBERS, "dimensionality", ["seed", "components_85"])
    assert set(table.columns) == {"seed", "components_85", "task", "model", "constraint"}


def test_networks_are_kept_and_no_other_file_is_read():
    remove_all_but((PLAIN, "4-7"), (SIGNED, "8-11"))
    networks = pd.DataFrame(
        {"model": "tanh8", "constraint": ["dale80", "none"], "seed": [10, 5], "score": 1.0}
    )
    table = read_blocks(MEMBERS, "dimensionality", networks=networks)
    found = table.set_index(["constraint", "seed"])["participation_ratio"].to_dict()
    assert found == {("none", 5): 5.0, ("dale80", 10): 110.0}


def test_a_seed_that_two_cohorts_share_is_kept_where_it_is_named():
    networks = pd.DataFrame({"model": ["tanh8"], "constraint": ["dale80"], "seed": [0]})
    table = read_blocks(MEMBERS, "dimensionality", networks=networks)
    assert table["participation_ratio"].tolist() == [100.0]


def test_a_truncated_file_is_refused_by_name():
    bad = path(SIGNED, "0-3")
    content = bad.read_bytes()
    bad.write_bytes(content[: len(content) // 2])
    with pytest.raises(ArtifactError, match=f"^{bad}: is damaged or no Parquet file"):
        read_blocks(MEMBERS, "dimensionality")


def test_a_missing_file_is_refused_by_name():
    bad = path(PLAIN, "8-11")
    bad.unlink()
    with pytest.raises(ArtifactError, match=f"^{bad}: cannot be read"):
        read_blocks(MEMBERS, "dimensionality")


class TestExamples:
    EXAMPLES = pd.DataFrame({"model": ["tanh8"], "constraint": ["none"], "seed": [5]})

    @pytest.fixture(autouse=True)
    def components(self, files):
        """Components of every network, whose direction names it."""
        for cohort, blocks in BLOCKS.items():
            for block, seeds in blocks.items():
                columns = {
                    "seed": np.array(seeds),
                    "component": np.zeros(len(seeds), dtype=int),
                    "variance": np.array(seeds) / 10,
                    "direction": np.tile(np.array(seeds, dtype=float)[:, None], (1, 2)),
                    "mean": np.zeros((len(seeds), 2)),
                }
                file = Path(block_path("x", "components", cohort, block))
                write_table(file, "components", columns, {})

    def read(self, columns, needed=lambda rows: rows) -> pd.DataFrame:
        return read_with_examples(MEMBERS, "components", columns, self.EXAMPLES, needed)

    def test_numbers_are_of_all_networks_and_lists_of_the_examples(self):
        table = self.read(["seed", "variance"])
        assert len(table) == sum(len(s) for blocks in BLOCKS.values() for s in blocks.values())
        assert (table["variance"] == table["seed"] / 10).all()
        assert "component" not in table
        example = (table["constraint"] == "none") & (table["seed"] == 5)
        assert example.sum() == 1
        assert list(table.loc[example, "direction"].iloc[0]) == [5.0, 5.0]
        for name in ("direction", "mean"):
            assert table.loc[~example, name].isna().all()

    def test_a_list_that_is_named_is_of_all_networks(self):
        table = self.read(["seed", "direction"])
        assert [own[0] for own in table["direction"]] == table["seed"].tolist()

    def test_without_named_columns_all_numbers_are_of_all_networks(self):
        table, named = self.read([]), self.read(["seed", "component", "variance"])
        pd.testing.assert_frame_equal(table, named)

    def test_of_each_block_only_the_rows_needed_are_kept(self):
        seen = []

        def needed(rows: pd.DataFrame) -> pd.DataFrame:
            seen.append(len(rows))
            return rows[rows["seed"] > 3]

        table = self.read(["seed"], needed)
        assert sorted(table["seed"]) == [4, 4, 5, 5, 10, 10]
        assert seen == [4, 2, 1, 4, 2, 1]
