"""Diverged networks are carried along."""

import pandas as pd
import pyarrow.parquet as pq
import torch

from rnnpipe.networks.weights_file import load_networks, save_networks
from rnnpipe.tables.parquet import read_table
from rnnpipe.tables.schemas import SCHEMAS
from tests.helpers.script_runs import ANALYSES, path, run_stage


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
        assert pd.read_pickle(path("graphs"))[1] == {}

    def test_a_whole_block(self, here):
        self.spoil([0, 1])
        self.run_rest()
        assert read_table(path("fixed_points")).empty and read_table(path("edges")).empty
        assert read_table(path("searches"))["found"].tolist() == [0, 0]
        for name in ("components", "stability", "edges"):
            assert pq.read_schema(path(name)).remove_metadata().equals(SCHEMAS[name])
