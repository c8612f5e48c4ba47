"""Solved networks are compared, from their snapshots and the skeletons of each step."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnnpipe.networks.snapshots import Snapshots
from rnnpipe.networks.snapshots_file import save_snapshots
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.paths import block_path, output_paths, population_path
from rnnpipe.settings import Cohort
from rnnpipe.tables.parquet import read_table, write_table
from rnnpipe.tables.schemas import SCHEMAS
from rnnpipe.tasks import FlipFlop
from tests.helpers.networks import make_networks
from tests.helpers.script_runs import invoke, plan
from tests.population.findings.ideal_networks import complete

SEEDS, STEPS = tuple(range(5)), (0, 10, 100)
COHORT = Cohort("memory", "small", "none")
DEVELOPMENT = {"development": {"steps": [0, 10, 100]}, "seeds": "0-4"}


def block(name: str) -> Path:
    return Path(block_path("x", name, COHORT, "0-4"))


def write_block(skeletons: pd.DataFrame) -> None:
    """Snapshots of a block, the skeletons of its steps, and which of its networks are solved."""
    rows, steps = np.tile(SEEDS, len(STEPS)), np.repeat(STEPS, len(SEEDS))
    stack = make_networks(SEEDS, FlipFlop(bits=1)).select(rows.tolist())
    save_snapshots(block("snapshots"), Snapshots(stack, steps, rows, SEEDS), {})
    for name, table in (("development_points", skeletons), ("development_attractors", None)):
        write_table(block(name), name, complete(name, table)[SCHEMAS[name].names], {})
    networks = complete("networks", pd.DataFrame({"seed": SEEDS, "probe": "zero"}))
    solved = networks["seed"] != SEEDS[-1]
    named = networks.assign(**vars(COHORT), solved=solved)
    write_table(Path(population_path("x", "networks", "memory")), "networks", named, {})


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_networks_are_compared_at_every_kept_step():
    own = plan(compute={"seeds_per_job": 5}, **DEVELOPMENT)
    # One point at first; at the end each network has another one.
    first = pd.DataFrame({"seed": np.tile(SEEDS, 3), "step": np.repeat(STEPS, 5)})
    last = first[first["step"] == 100]
    places = [[0.0]] * len(first) + [[float(seed)] for seed in last["seed"]]
    points = pd.concat([first, last], ignore_index=True)
    write_block(points.assign(probe="zero", readout=places, **{"class": "stable"}))
    written = output_paths("x", "convergence", "memory")
    files = {"networks": population_path("x", "networks", "memory"), **written}
    result = invoke("convergence", settings_text(own, "convergence", "memory"), files)
    assert result.exit_code == 0, result.output
    found = read_table(Path(written["convergence"]))
    assert set(found["step"]) == set(STEPS) and set(found["networks"]) == {4}
    within = found[(found["pairs_of"] == "within") & found["model"].notna()]
    means = within.pivot(index="step", columns="metric", values="mean")
    # All networks of a step are the same stack: states never change.
    assert np.ptp(means["svcca"]) == 0 and means["svcca"].iloc[0] > 0
    assert means["topology"].tolist()[:2] == [0, 0] and means["topology"].iloc[-1] > 0.5
    own_end = found[(found["pairs_of"] == "own end") & (found["metric"] == "svcca")]
    np.testing.assert_allclose(own_end["mean"], 0, atol=1e-12)
    foretold = read_table(Path(written["foretold"]))
    assert set(foretold["seed"]) == {0, 1, 2, 3} and set(foretold["fraction"]) == {
        1 / 8,
        1 / 4,
        1 / 2,
    }
    assert set(foretold.loc[foretold["metric"] == "svcca", "rank"]) == {1.0}
