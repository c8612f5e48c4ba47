"""Networks that never rest, through the stages from the search to the graph."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import torch

from rnnpipe.dynamics.classes import CYCLE, FIXED, LIMIT_CYCLE
from rnnpipe.networks.weights_file import load_networks, save_networks
from rnnpipe.tables.parquet import read_table
from tests.helpers.script_runs import UNITS, path, rewrite, run_stage

STAGES = ("harvest", "fixed_points", "attractors", "stability", "graph")
TURN = 0.5  # radians per update of network 0, near its point
ROOT = 0.9575040240772687  # of h = tanh(2 h): where network 1 alternates


def plant_weights() -> None:
    """Network 0 goes round in two units, network 1 changes its sign at each update."""
    networks, seeds = load_networks(path("weights"))
    part = networks.parts()
    part["recurrent"][:] = 0.3 * torch.eye(UNITS)
    turn = [[np.cos(TURN), -np.sin(TURN)], [np.sin(TURN), np.cos(TURN)]]
    part["recurrent"][0, :2, :2] = 1.3 * torch.tensor(turn)
    part["recurrent"][1, 0, 0] = -2.0
    for name in ("bias", "output_bias"):
        part[name][:] = 0.0
    part["output"][:] = torch.eye(UNITS)[:1]
    save_networks(path("weights"), networks, seeds, {})


@pytest.fixture(scope="module")
def moving(finished, tmp_path_factory):
    """The stages' tables of the two networks, in the working directory."""
    folder = tmp_path_factory.mktemp("moving")
    with pytest.MonkeyPatch.context() as patch:
        for file in ("weights", "training"):
            target = folder / path(file)
            target.parent.mkdir(parents=True)
            target.write_bytes((finished / path(file)).read_bytes())
        patch.chdir(folder)
        plant_weights()
        outputs = [run_stage(stage) for stage in STAGES]
        assert [result.exit_code for result in outputs] == [0] * len(STAGES), outputs
        yield "".join(result.output for result in outputs)


def of(table: str, seed: int) -> pd.DataFrame:
    rows = read_table(path(table))
    return rows[rows["seed"] == seed].reset_index(drop=True)


@pytest.mark.usefixtures("moving")
class TestMoving:
    @pytest.mark.parametrize(
        ("seed", "kind", "period"), [(0, LIMIT_CYCLE, 2 * np.pi / TURN), (1, CYCLE, 2)]
    )
    def test_all_runs_end_in_one_attractor_that_is_a_node_of_its_own(self, seed, kind, period):
        points = of("fixed_points", seed)
        assert (points["kind"] == FIXED).sum() == 1
        (attractor,) = of("attractors", seed).to_dict("records")
        assert attractor["kind"] == kind and attractor["node"] == len(points)
        assert attractor["visited_share"] == attractor["box_share"] == 1.0
        assert attractor["period"] == pytest.approx(period, rel=0.1)
        (ends,) = of("ends", seed).to_dict("records")
        assert ends["moving_share"] == 1.0 and ends["visited_unassigned"] == 0

    def test_curves_hold_the_states_in_order_and_the_readout_along_them(self):
        networks, _ = load_networks(path("weights"))
        curve = of("curves", 1)
        states = np.stack(curve["state"])
        assert np.sort(states[:, 0]) == pytest.approx([-ROOT, ROOT])
        moved = networks.dynamics(1, np.zeros(1)).step(torch.from_numpy(states)).numpy()
        assert moved == pytest.approx(states[::-1], abs=1e-9)
        turned = np.stack(of("curves", 0)["state"])[:, :2]
        angles = np.unwrap(np.arctan2(turned[:, 1], turned[:, 0]))
        assert (np.diff(angles) > 0).all() and angles[-1] - angles[0] < 2 * np.pi
        for seed in (0, 1):
            states = np.stack(of("curves", seed)["state"])
            readouts = np.stack(of("curves", seed)["readout"])
            assert readouts == pytest.approx(networks.outputs(seed, states))
            (low,), (high,) = (
                of("attractors", seed)[f"readout_{end}"][0] for end in ("low", "high")
            )
            assert low == pytest.approx(-high, rel=0.05) and high > 0.5

    @pytest.mark.parametrize(("seed", "kind"), [(0, LIMIT_CYCLE), (1, CYCLE)])
    def test_every_push_leads_to_the_attractor(self, seed, kind):
        node = of("attractors", seed)["node"][0]
        edges = of("edges", seed)
        assert set(edges["to"]) == {node} and set(edges["from"]) == {0, node}
        assert set(edges.loc[edges["kind"] == "input", "from"]) == {node}
        graph = pd.read_pickle(path("graphs"))[seed]["zero"]
        assert isinstance(graph, nx.DiGraph)
        assert graph.nodes[node]["class"] == kind
        assert graph.nodes[0]["class"] == f"{2 - seed}-saddle"
        assert graph.edges[0, node]["noise"] == 1.0

    def test_curves_without_an_attractors_states_are_named(self):
        file = path("curves")
        whole = file.read_bytes()
        rewrite("curves", lambda table: table[table["seed"] == 0])
        result = run_stage("graph", out=file.parent / "out")
        file.write_bytes(whole)
        assert f"error: {file}: lacks the states of attractors [0] of seed 1" in result.output


def test_the_progress_line_says_what_the_network_does(moving):
    assert "cycle of 2 steps; 1 point, 1-saddle;" in moving
