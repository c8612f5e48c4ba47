"""The chain of scripts on networks trained elsewhere, on trials of the user's own."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from rnnpipe.networks.weights_file import load_networks
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.paths import block_path, output_paths, population_path
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK_STAGES, IMPORT
from rnnpipe.settings import Cohort, Experiment
from rnnpipe.tables.parquet import read_table
from tests.helpers.own_files import DELAY, write_class, write_trials
from tests.helpers.script_runs import CHAIN, EXPERIMENT, invoke, refused
from tests.helpers.torch_networks import network, save_networks

TASKS = {
    "recorded": {"kind": "file", "path": "trials.npz"},
    # What `bits` means to a flip-flop must not matter here.
    "delay": {"kind": "mytasks.py:Delay", "delay": 3, "bits": [2, 3]},
}
# Inputs, units and outputs of the networks.
SIZES = {"recorded": (2, 8, 1), "delay": (1, 8, 1)}


def plan() -> Plan:
    models = {"small": {"cell": "vanilla", "units": 8, "from": "{task}/{seed}.pt"}}
    ranks = {"ranks": [0, 2], "skeletons": []}
    return Plan(
        Experiment.from_mapping({**EXPERIMENT, "tasks": TASKS, "models": models, "ranks": ranks})
    )


def path(name: str, task: str) -> Path:
    return Path(block_path("x", name, Cohort(task, "small", "none"), "0-1"))


def run(stage: str, task: str):
    files = {
        name: path(name, task)
        for name in (*BLOCK_STAGES[stage].inputs, *BLOCK_STAGES[stage].outputs)
    }
    script = IMPORT if stage == "train" else stage
    return invoke(script, settings_text(plan(), script, task, "small", "none", "0-1"), files)


@pytest.fixture(scope="module")
def chain(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("imported")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_trials()
        write_class(DELAY.replace("solved=0.9", "solved=0.9, bits=()"))
        for task, (inputs, units, outputs) in SIZES.items():
            save_networks(folder / task, range(2), inputs=inputs, units=units, outputs=outputs)
        for task in TASKS:
            for stage in (*CHAIN, "ranks"):
                result = run(stage, task)
                assert result.exit_code == 0, result.output
            files = output_paths("x", "population", task)
            result = invoke("population", settings_text(plan(), "population", task), files)
            assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(params=TASKS)
def task(request, chain, monkeypatch) -> str:
    monkeypatch.chdir(chain)
    return request.param


def test_of_imported_networks_the_weights_alone_are_cut(task):
    """What they were before training, nobody knows."""
    rows = read_table(path("ranks", task))
    assert set(rows["cut"]) == {"weights"} and set(rows["seed"]) == {0, 1}
    networks = read_table(Path(population_path("x", "networks", task)))
    least = rows[rows["least"]].set_index("seed")["rank"]
    found = networks.drop_duplicates("seed").set_index("seed")
    assert found["least_rank"].dropna().astype(int).to_dict() == least.to_dict()
    assert found["least_change_rank"].isna().all()


def test_networks_are_those_of_the_files_bit_for_bit(task):
    networks, seeds = load_networks(path("weights", task))
    assert seeds == [0, 1]
    inputs, units, outputs = SIZES[task]
    for row, seed in enumerate(seeds):
        state = network(inputs=inputs, units=units, outputs=outputs, seed=seed).state_dict()
        assert torch.equal(networks.weights().recurrent[row], state["rnn.weight_hh_l0"])
        both = state["rnn.bias_ih_l0"] + state["rnn.bias_hh_l0"]
        assert torch.equal(networks.weights().bias[row], both)


def test_outputs_are_those_of_the_module(task):
    rows = read_table(path("trajectories", task))
    rows = rows[(rows["seed"] == 1) & (rows["trial"] == 0)]
    inputs, units, outputs = SIZES[task]
    module = network(inputs=inputs, units=units, outputs=outputs, seed=1)
    x = torch.from_numpy(np.stack(rows["input"])).double()[None]
    expected = module(x)[0].detach().numpy()
    assert np.abs(np.stack(rows["output"]) - expected).max() < 1e-6


def test_tables_say_imported(task):
    training = read_table(path("training", task))
    assert set(training["stop_reason"]) == {"imported"}
    assert (training["steps"] == 0).all()
    assert np.isfinite(training["score"]).all() and np.isfinite(training["test_loss"]).all()
    assert training["spectral_radius_start"].isna().all()
    assert (training["spectral_radius"] > 0).all()
    assert read_table(path("history", task)).empty
    networks = read_table(Path(population_path("x", "networks", task)))
    assert len(networks) == 2 and not networks["solved"].any()


def test_points_are_where_the_module_stands_still(task):
    points = read_table(path("fixed_points", task))
    points = points[(points["seed"] == 0) & (points["kind"] == "fixed")]
    inputs, units, outputs = SIZES[task]
    module = network(inputs=inputs, units=units, outputs=outputs, seed=0)
    states = torch.from_numpy(np.stack(points["state"]))
    x = torch.zeros(len(states), 1, inputs, dtype=torch.float64)
    moved = module.rnn(x, states[None])[1][0]
    assert (moved - states).abs().max() < 1e-9


@pytest.mark.parametrize("kind", ["training", "performance", "trajectories", "weights", "census"])
def test_figures_cope(task, kind, tmp_path):
    files = {"svg": "f.svg", "png": "f.png", "table": "f.csv", "caption": "f.txt"}
    files = {name: tmp_path / file for name, file in files.items()}
    result = invoke("figure", settings_text(plan(), "figure", task, kind), files)
    assert result.exit_code == 0, result.output
    assert all(file.stat().st_size > 0 for file in files.values())
    caption = files["caption"].read_text()
    assert "2 networks: 0 solved, 2 not solved" in caption
    assert "Dashed: C(K, k)" not in caption


def test_the_same_again_is_the_same_bytes(task):
    before = path("weights", task).read_bytes(), path("training", task).read_bytes()
    assert run("train", task).exit_code == 0
    assert (path("weights", task).read_bytes(), path("training", task).read_bytes()) == before


def test_a_file_that_is_none_ends_the_import_in_one_line(task, tmp_path):
    settings = json.loads(settings_text(plan(), IMPORT, task, "small", "none", "0-1"))
    broken = tmp_path / "1.pt"
    broken.write_bytes(b"nothing")
    settings["source"]["files"][1] = str(broken)
    files = {name: tmp_path / name for name in BLOCK_STAGES["train"].outputs}
    assert "no file of weights" in refused(invoke(IMPORT, json.dumps(settings), files), broken)
    assert not any(file.exists() for file in files.values())


def test_arrays_of_any_names_reach_the_networks(chain, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_trials()
    rng = np.random.default_rng(0)
    W, B, C = (rng.standard_normal(shape) for shape in ((2, 8, 8), (2, 2, 8), (2, 1, 8)))
    for seed in range(2):
        for name, array in (("W", W), ("B", B), ("C", C)):
            np.save(f"{name}{seed}.npy", array[seed])
    names = {"recurrent": "W", "input": "B", "output": "C", "transposed": ["input"]}
    rates = {"cell": "ctrnn", "units": 8, "dt": 1, "tau": 4, "from": "{array}{seed}.npy"}
    tasks, models = {"recorded": TASKS["recorded"]}, {"small": {**rates, "arrays": names}}
    made = Plan(Experiment.from_mapping({**EXPERIMENT, "tasks": tasks, "models": models}))
    settings = settings_text(made, IMPORT, "recorded", "small", "none", "0-1")
    files = {name: tmp_path / name for name in BLOCK_STAGES["train"].outputs}
    result = invoke(IMPORT, settings, files)
    assert result.exit_code == 0, result.output
    networks, _ = load_networks(files["weights"])
    assert networks.cell.kind == "ctrnn" and networks.cell.alpha == 0.25
    weights = networks.weights()
    assert np.array_equal(weights.recurrent, W)
    assert np.array_equal(weights.input, B.swapaxes(1, 2))
    assert np.array_equal(weights.output, C)
    (tmp_path / "B1.npy").unlink()
    message = refused(invoke(IMPORT, settings, files), Path("B1.npy"))
    assert message.startswith("cannot be read")


def test_trials_edited_since_end_a_job_in_one_line(chain, tmp_path, monkeypatch):
    monkeypatch.chdir(chain)
    settings = settings_text(plan(), "harvest", "recorded", "small", "none", "0-1")
    monkeypatch.chdir(tmp_path)
    write_trials(mask=np.ones((20, 12, 1)))
    names = (*BLOCK_STAGES["harvest"].inputs, *BLOCK_STAGES["harvest"].outputs)
    result = invoke("harvest", settings, {name: chain / path(name, "recorded") for name in names})
    assert refused(result, Path("task: trials.npz")).startswith("has changed since")
