"""Diverged networks are carried along."""

import pandas as pd
import pyarrow.parquet as pq
import torch

from rnnpipe.networks.weights_file import load_networks, save_networks
from rnnpipe.tables.parquet import read_table
from rnnpipe.tables.schemas import SCHEMAS
from tests.helpers.script_runs import ANALYSES, path, rewrite, run_stage

# Tables that say what was found in networks.
SEARCHED = ("trajectories", "components", "fixed_points", "stability", "modes", "edges")


class TestDiverged:
    """Networks whose training diverged are carried along, and take no other with them."""

    def spoil(self, seeds: list[int]) -> None:
        networks, own = load_networks(path("weights"))
        networks.raw[seeds] = torch.nan
        save_networks(path("weights"), networks, own, {})

    def run_rest(self) -> str:
        results = [run_stage(stage) for stage in ANALYSES]
        assert [result.exit_code for result in results] == [0] * len(ANALYSES)
        return "".join(result.output for result in results)

    def test_one_of_a_block(self, here):
        whole = {name: read_table(path(name)) for name in ("fixed_points", "stability", "edges")}
        self.spoil([1])
        assert "seed 1: states are not finite" in self.run_rest()
        for name, before in whole.items():
            after = read_table(path(name))
            pd.testing.assert_frame_equal(after, before[before["seed"] == 0])
        searches = read_table(path("searches")).set_index("seed")
        assert searches.loc[1, "certificate"] == "not applicable"
        ends = read_table(path("ends")).set_index("seed")
        assert ends["visited_runs"].to_dict() == {0: 8, 1: 0}
        assert set(read_table(path("attractors"))["seed"]) == {0}
        assert pd.read_pickle(path("graphs"))[1] == {}

    def test_a_whole_block(self, here):
        self.spoil([0, 1])
        self.run_rest()
        assert read_table(path("fixed_points")).empty and read_table(path("edges")).empty
        assert read_table(path("searches"))["found"].tolist() == [0, 0]
        for name in ("components", "stability", "edges"):
            assert pq.read_schema(path(name)).remove_metadata().equals(SCHEMAS[name])

    def diverge(self, seeds: list[int]) -> None:
        """Training diverged, after it had kept weights that are sound."""

        def change(table: pd.DataFrame) -> pd.DataFrame:
            lost = table["seed"].isin(seeds)
            return table.assign(stop_reason=table["stop_reason"].mask(lost, "diverged"))

        rewrite("training", change)

    def test_weights_kept_before_training_diverged_are_not_searched(self, here):
        whole = {name: read_table(path(name)) for name in SEARCHED}
        assert all({0, 1} <= set(table["seed"]) for table in whole.values())
        self.diverge([1])
        assert "seed 1: training diverged" in self.run_rest()
        for name, before in whole.items():
            pd.testing.assert_frame_equal(read_table(path(name)), before[before["seed"] == 0])
        searches = read_table(path("searches")).set_index("seed")
        assert searches.loc[1, "certificate"] == "not applicable"
        assert "training diverged" in searches.loc[1, "reason"]
        assert set(read_table(path("behaviour"))["seed"]) == {0, 1}

    def test_a_block_of_which_all_training_diverged(self, here):
        self.diverge([0, 1])
        self.run_rest()
        for name in SEARCHED:
            assert read_table(path(name)).empty
            assert pq.read_schema(path(name)).remove_metadata().equals(SCHEMAS[name])
        assert read_table(path("searches"))["found"].eq(0).all()
        assert pd.read_pickle(path("graphs")) == {0: {}, 1: {}}
