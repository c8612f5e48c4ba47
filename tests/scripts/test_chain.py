"""Scripts run one after another by hand, outside Snakemake."""

import json
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from click.testing import CliRunner, Result

from rnnpipe.networks.weights_file import load_networks
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.lost import benchmarks
from rnnpipe.plan.paths import output_paths, population_path
from rnnpipe.plan.stages import BLOCK_OUTPUTS, BLOCK_STAGES, STAGES
from rnnpipe.tables.parquet import read_table
from rnnpipe.tables.provenance import read_provenance
from rnnpipe.tables.schemas import SCHEMAS
from tests.helpers.script_runs import (
    ANALYSES,
    CHAIN,
    EXPERIMENT,
    SCRIPTS,
    UNITS,
    cut,
    invoke,
    path,
    plan,
    refused,
    rewrite,
    run_stage,
    script,
)

# A network may have no attractor that moves, continuum or bifurcation; all else every one has.
SOME_HAVE = ("curves", "continua", "continuum_points", "bifurcations")


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_says_what_every_option_is(name):
    command = script(name)
    result = CliRunner().invoke(command, ["--help"])
    assert result.exit_code == 0
    assert " ".join(command.help.split()) in " ".join(result.output.split())
    for parameter in command.params:
        assert parameter.opts[0] in result.output
        assert parameter.help, f"{parameter.opts[0]} has no help"


class TestChain:
    @pytest.fixture(autouse=True, params=list(EXPERIMENT["tasks"]))
    def task(self, request, finished, monkeypatch) -> str:
        monkeypatch.chdir(finished)
        return request.param

    @pytest.mark.parametrize("stage", list(CHAIN))
    def test_tables_are_of_their_schemas_and_say_what_made_them(self, task, stage):
        settings = json.loads(settings_text(plan(), stage, task, "small", "none", "0-1"))
        of_own_file = BLOCK_STAGES[stage].settings.of_own_file
        written = {key: value for key, value in settings.items() if key not in of_own_file}
        for name in BLOCK_STAGES[stage].outputs:
            if name in SCHEMAS:
                file = path(name, task)
                assert pq.read_schema(file).remove_metadata().equals(SCHEMAS[name])
                assert read_provenance(file)["settings"] == written
                found = set(read_table(file)["seed"])
                assert found <= {0, 1} if name in SOME_HAVE else found == {0, 1}

    def test_weights_and_graphs_hold_every_seed(self, task):
        networks, seeds = load_networks(path("weights", task))
        assert seeds == [0, 1] and networks.units == UNITS
        graphs = pd.read_pickle(path("graphs", task))
        points = read_table(path("fixed_points", task))
        for seed in seeds:
            graph = graphs[seed]["zero"]
            own = points[(points["seed"] == seed) & (points["kind"] == "fixed")]
            assert isinstance(graph, nx.DiGraph)
            assert set(own["point"]) <= set(graph)

    def test_trajectories_may_be_of_the_first_trials_and_components_are_of_all(
        self, task, tmp_path
    ):
        settings = json.loads(settings_text(plan(), "harvest", task, "small", "none", "0-1"))
        settings["harvest"]["kept"] = 3
        result = run_stage("harvest", task, json.dumps(settings), out=tmp_path)
        assert result.exit_code == 0, result.output
        whole, kept = (
            read_table(file)
            for file in (path("trajectories", task), tmp_path / "trajectories.parquet")
        )
        first = whole[whole["trial"] < 3].reset_index(drop=True)
        assert set(whole["trial"]) == set(range(8))
        pd.testing.assert_frame_equal(kept, first)
        for name in ("components", "dimensionality"):
            tables = (read_table(path(name, task)), read_table(tmp_path / f"{name}.parquet"))
            pd.testing.assert_frame_equal(*tables)

    def test_every_point_is_linearised_and_every_edge_joins_points(self, task):
        key = ["seed", "probe", "point"]
        points = read_table(path("fixed_points", task)).set_index(key)
        stability = read_table(path("stability", task)).set_index(key)
        assert points.index.equals(stability.index)
        modes = read_table(path("modes", task))
        assert modes.groupby(key).ngroups == len(points)
        assert (modes.groupby(key).size() == UNITS).all()
        assert (modes["mode"] == modes.groupby(key).cumcount()).all()
        fixed = points[points["kind"] == "fixed"]
        assert (fixed["q"] < 1e-20).all()
        edges = read_table(path("edges", task))
        attractors = read_table(path("attractors", task)).set_index(["seed", "probe", "node"])
        for end in ("from", "to"):
            ends = edges.loc[edges[end] >= 0, ["seed", "probe", end]]
            nodes = set(ends.itertuples(index=False, name=None))
            assert nodes <= {*fixed.index, *attractors.index}
            assert end == "from" or nodes <= set(attractors.index)

    def test_every_run_is_counted_once_and_curves_are_of_attractors_that_move(self, task):
        key = ["seed", "probe"]
        ends = read_table(path("ends", task)).set_index(key)
        attractors = read_table(path("attractors", task))
        for source in ("visited", "box"):
            counted = attractors.groupby(key)[source].sum() + ends[f"{source}_unassigned"]
            assert (counted + ends[f"{source}_diverged"] == ends[f"{source}_runs"]).all()
            assert (ends[f"{source}_runs"] == 8).all()
            low, share, high = (attractors[f"{source}_{n}"] for n in ("low", "share", "high"))
            assert ((low <= share) & (share <= high)).all()
        points = read_table(path("fixed_points", task))
        known = points.loc[points["kind"] == "fixed", [*key, "point", "readout"]]
        at_rest = attractors.merge(known, left_on=[*key, "node"], right_on=[*key, "point"])
        assert np.stack(at_rest["readout_x"]) == pytest.approx(np.stack(at_rest["readout_y"]))
        numbers = [*key, "attractor", "node"]
        moving = attractors[~attractors["attractor"].isin(at_rest["attractor"])]
        curves = read_table(path("curves", task))
        assert set(moving[numbers].itertuples(index=False)) == set(
            curves[numbers].itertuples(index=False)
        )

    def test_points_are_where_the_network_stands_still(self, task):
        networks, _ = load_networks(path("weights", task))
        points = read_table(path("fixed_points", task))
        inputs = networks.shapes["input"][1]
        for network in (0, 1):
            own = points[(points["seed"] == network) & (points["kind"] == "fixed")]
            states = torch.from_numpy(np.stack(own["state"]))
            moved = networks.dynamics(network, np.zeros(inputs)).step(states)
            assert (moved - states).abs().max() < 1e-9

    def test_branches_stand_still_at_their_values_and_pass_all_of_the_sweep(self, task):
        networks, _ = load_networks(path("weights", task))
        low, high = (-1, 1) if task == "memory" else (-0.3, 0.3)
        for network in (0, 1):
            rows = read_table(path("branches", task))
            rows = rows[rows["seed"] == network]
            states = torch.from_numpy(np.stack(rows["state"]))
            inputs = torch.from_numpy(rows["value"].to_numpy(copy=True))[:, None]
            moved = networks.driven(network).step(states, inputs)
            assert (moved - states).abs().max() < 1e-9
            sampled = rows.loc[rows["sampled"], "value"].unique()
            assert np.sort(sampled) == pytest.approx(np.linspace(low, high, 5))
            readouts = networks.outputs(network, states.numpy())
            assert np.stack(rows["readout"]) == pytest.approx(readouts)
            first = rows.groupby("branch").cumcount()
            assert (rows["step"] == first).all()

    @pytest.mark.parametrize("stage", ANALYSES)
    def test_the_same_again_is_the_same_bytes(self, task, stage, tmp_path):
        assert run_stage(stage, task, out=tmp_path).exit_code == 0
        for name in BLOCK_STAGES[stage].outputs:
            again = tmp_path / f"{name}.{BLOCK_OUTPUTS[name].suffix}"
            assert again.read_bytes() == path(name, task).read_bytes()


class TestPopulation:
    """Scripts that find the blocks' files under results/ by themselves."""

    def gather(self, task: str = "memory") -> Result:
        files = output_paths("x", "population", task)
        return invoke("population", settings_text(plan(), "population", task), files)

    def draw(self, kind: str) -> Result:
        files = {"svg": "f.svg", "png": "f.png", "table": "f.csv", "caption": "f.txt"}
        settings = settings_text(plan(figures={"dpi": 30}), "figure", "memory", kind)
        return invoke("figure", settings, {key: Path(file) for key, file in files.items()})

    def test_tables_have_a_row_for_every_network(self, here):
        assert self.gather().exit_code == 0
        for name in STAGES["population"].outputs:
            file = population_path("x", name, "memory")
            assert pq.read_schema(file).remove_metadata().equals(SCHEMAS[name])
        networks = read_table(Path(population_path("x", "networks", "memory")))
        assert networks["seed"].tolist() == [0, 1]

    def test_a_block_that_is_cut_short_is_named(self, here):
        cut(path("edges"))
        assert "damaged" in refused(self.gather(), path("edges"))

    @pytest.mark.parametrize(("rows", "said"), [(0, "seed(s) 0, 1"), (1, "seed(s) 1")])
    def test_a_table_of_training_without_rows_of_its_networks_is_named(self, here, rows, said):
        rewrite("training", lambda table: table.iloc[:rows])
        assert f"holds no row of {said}; delete it" in refused(self.gather(), path("training"))

    def test_a_figure_of_places_that_were_emptied_names_them(self, here):
        assert self.gather().exit_code == 0
        table = pq.read_table(path("edges"))
        place = table.column_names.index("probability")
        field = table.schema.field(place)
        empty = pa.nulls(len(table), field.type)
        pq.write_table(table.set_column(place, field, empty), path("edges"))
        assert "column 'probability' is empty in" in refused(self.draw("graph"), path("edges"))

    @pytest.mark.parametrize("kind", ["training", "branches"])
    def test_a_figure_is_drawn_with_its_table_and_caption(self, here, kind):
        assert self.gather().exit_code == 0
        assert self.draw(kind).exit_code == 0
        assert Path("f.svg").read_text().lstrip().startswith("<?xml")
        assert Path("f.png").read_bytes().startswith(b"\x89PNG")
        assert not pd.read_csv("f.csv").empty
        assert Path("f.txt").read_text().strip()

    def test_a_figure_without_its_tables_names_them(self, here):
        networks = Path(population_path("x", "networks", "memory"))
        assert "cannot be read" in refused(self.draw("training"), networks)
        assert self.gather().exit_code == 0
        path("weights").write_text("hello")
        assert "no weights file" in refused(self.draw("weights"), path("weights"))
        path("history").unlink()
        assert "cannot be read" in refused(self.draw("training"), path("history"))
        assert not list(Path().glob("f.*"))

    def test_seconds_need_benchmark_files(self, here):
        table = here / "seconds.parquet"
        for file in benchmarks(plan()):
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            Path(file).write_text("s\tmax_rss\tcpu_time\n1.5\t20\t-\n")
        settings = settings_text(plan(), "seconds")
        assert invoke("seconds", settings, {"seconds": table}).exit_code == 0
        assert (read_table(table)["seconds"] == 1.5).all()
        bad = Path(benchmarks(plan())[-1])
        bad.write_text("hello\n")
        assert "no benchmark file" in refused(invoke("seconds", settings, {"seconds": table}), bad)
