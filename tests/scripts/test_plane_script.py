"""The stage plane on trained networks of low rank: its tables are those of the networks."""

import numpy as np
import pandas as pd
import pytest
import torch

from rnnpipe.networks.weights_file import load_networks
from rnnpipe.plan.job_settings import job_settings, settings_text
from rnnpipe.plan.paths import block_path
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.settings import Cohort, Experiment
from rnnpipe.tables.parquet import matrix, read_table
from tests.helpers.script_runs import EXPERIMENT, invoke, module

COHORT = Cohort("memory", "small", "rank2")
PROBE = "zero"
PLAN = Plan(
    Experiment.from_mapping(
        {
            **EXPERIMENT,
            "tasks": {"memory": EXPERIMENT["tasks"]["memory"]},
            "models": {"small": {"cell": "ctrnn", "units": 8, "alpha": 0.5}},
            "constraints": {"free": {}, "rank2": {"rank": 2}},
            "training": {**EXPERIMENT["training"], "steps": 20},
            "plane": {"grid": 7, "steps": 300, "trials": 3},
        }
    )
)


def path(name: str):
    return block_path("x", name, COHORT, "0-1")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("plane"))
        for name in ("train", "harvest", "fixed_points", "attractors", "plane"):
            stage = BLOCK_STAGES[name]
            files = {key: path(key) for key in [*stage.inputs, *stage.outputs]}
            if name == "train":
                files["checkpoint"] = "checkpoint.pt"
            text = settings_text(PLAN, name, *vars(COHORT).values(), "0-1")
            result = invoke(name, text, files)
            assert result.exit_code == 0, result.output
        yield


def of(table: str, seed: int) -> pd.DataFrame:
    rows = read_table(path(table))
    return rows[rows["seed"] == seed].reset_index(drop=True)


@pytest.mark.usefixtures("made")
class TestPlane:
    @pytest.mark.parametrize("seed", [0, 1])
    def test_the_flow_is_that_of_the_whole_network(self, seed):
        networks, _ = load_networks(path("weights"))
        one = networks.select([seed]).double()
        weights, x = one.weights(), np.zeros(1)
        values = torch.linalg.svd(weights.recurrent[0])
        nodes, axes = of("plane", seed), of("plane_axes", seed)
        assert len(nodes) == 7 * 7
        assert np.allclose(axes["singular_value"], values.S[:2])
        left = values.U[:, :2] * 8**0.5
        # Singular vectors are known up to their sign, which readouts tell.
        left = left * (torch.sign((weights.output[0] @ left)[0]))
        kappa, flow = (torch.from_numpy(matrix(nodes[name])) for name in ("kappa", "flow"))
        on_plane = kappa @ left.mT + weights.bias[0]
        after = one.dynamics(0, x).step(on_plane)
        assert torch.allclose((after - on_plane) @ left / 8, flow, atol=1e-6)

    def test_points_and_trials_lie_within_the_grid(self):
        for seed in (0, 1):
            axes = of("plane_axes", seed)
            trials = of("plane_trials", seed)
            assert trials["trial"].nunique() == 3 and set(trials["probe"]) == {PROBE}
            places = matrix(trials["kappa"])
            assert (places > axes["low"].to_numpy()).all()
            assert (places < axes["high"].to_numpy()).all()
            assert of("plane_points", seed)["point"].tolist() == (
                of("fixed_points", seed)["point"].tolist()
            )

    def test_the_grid_leads_to_attractors_that_are_known(self):
        for seed in (0, 1):
            known = set(of("attractors", seed)["attractor"])
            assert set(of("plane", seed)["attractor"]) <= {*known, -1}
            assert (of("plane", seed)["attractor"] >= 0).any()

    def test_a_figure_of_low_rank_counts_no_others(self):
        settings = job_settings(PLAN, "figure", "memory", "plane")
        every = [{"model": "small", "constraint": c, "seed": 0} for c in ("free", "rank2")]
        own = module("figure").own_networks(settings, pd.DataFrame(every))
        assert own["constraint"].tolist() == ["rank2"]
