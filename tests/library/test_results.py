"""A folder of results as an object: its table, its networks, and what is said of faulty files."""

import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import torch

import rnnpipe
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.parquet import read_table, write_table
from tests.helpers.chain import tabled_chain
from tests.helpers.script_runs import CHAIN, EXPERIMENT, UNITS, cut

TASKS = list(EXPERIMENT["tasks"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Results of both tasks with their population tables; tests only read them."""
    return tabled_chain(tmp_path_factory) / "results" / "x"


@pytest.fixture(scope="module")
def results(folder) -> rnnpipe.Results:
    return rnnpipe.open(folder)


@pytest.fixture(params=TASKS)
def network(results, request) -> rnnpipe.TrainedNetwork:
    return results.network(task=request.param, seed=1)


@pytest.fixture
def copied(folder, tmp_path) -> rnnpipe.Results:
    """Results of the test's own."""
    shutil.copytree(folder, tmp_path / "x")
    return rnnpipe.open(tmp_path / "x")


def test_the_table_has_a_row_for_every_network_with_what_became_of_it(results, folder):
    table = results.networks
    keys = [tuple(row) for row in table[["task", "model", "constraint", "seed"]].to_numpy()]
    assert keys == [(task, "small", "none", seed) for task in sorted(TASKS) for seed in (0, 1)]
    for task in TASKS:
        own = table[table["task"] == task].reset_index(drop=True)
        told = read_table(folder / f"population/networks/{task}.parquet")
        for name in ("solved", "score", "cell", "units", "stop_reason", "participation_ratio"):
            assert own[name].tolist() == told[name].tolist()
    assert len(results) == 4 and [repr(one) for one in results] == [
        repr(results.network(task=task, seed=seed)) for task, _, _, seed in keys
    ]
    assert "4 networks" in repr(results) and "tasks: heading, memory" in repr(results)


def test_the_least_rank_is_known_where_ranks_were_asked_for(copied):
    assert copied.network("memory", seed=1).least_rank is None
    path = copied.folder / "population/networks/memory.parquet"
    write_table(path, "networks", read_table(path).assign(least_rank=2.0), {})
    again = rnnpipe.open(copied.folder)
    assert again.network("memory", seed=1).least_rank == 2
    assert again.network("heading", seed=1).least_rank is None


def test_tasks_are_those_of_the_experiment(results):
    assert results.name == "x" and list(results.tasks) == sorted(TASKS)
    assert results.tasks["memory"].bits == 1 and results.tasks["memory"].time == 20
    assert list(results.tasks["memory"].probes()) == ["zero"]


def test_a_name_may_be_left_out_where_there_is_one_and_names_that_there_are_are_listed(results):
    with pytest.raises(ValueError, match="task: name one of heading, memory"):
        results.network(seed=0)
    with pytest.raises(ValueError, match="seed: name one of 0, 1"):
        results.network("memory")
    with pytest.raises(ValueError, match='no such task; name heading, memory; did you mean "mem'):
        results.network("memroy")
    with pytest.raises(ValueError, match="seed 2: there is no such seed; name 0, 1"):
        results.network("memory", seed=2)
    one = results.network("memory", seed=0)
    assert (one.task, one.model, one.constraint, one.seed) == ("memory", "small", "none", 0)


def test_weights_are_those_of_the_file_and_runs_are_the_trajectories(network):
    stack, seeds = load_networks(network.files.path("weights"))
    effective = stack.select([seeds.index(1)]).double().weights()
    assert network.weights.m is None and network.weights.n is None
    for name, array in network.weights._asdict().items():
        assert name in ("m", "n") or np.array_equal(array, getattr(effective, name)[0].numpy())
    assert network.connectivity.mask.shape == (UNITS, UNITS)
    kept = network.trajectories
    assert np.abs(network.run(kept.inputs) - kept.states).max() < 1e-6
    assert np.abs(network.readout(kept.states) - kept.outputs).max() < 1e-5
    assert kept.targets.shape == kept.outputs.shape and kept.conditions.shape == (8, 20)
    found = network.components
    centred = kept.states.reshape(-1, UNITS) - found.mean
    shares = (centred @ found.directions.T).var(0) / centred.var(0).sum()
    assert shares == pytest.approx(found.variance, abs=1e-5)


def test_points_are_those_of_the_tables_and_stand_still(network):
    points = network.fixed_points()
    probe = next(iter(network.probes))
    table = network.files.table("fixed_points", probe)
    assert np.array_equal(points.states, np.stack(table["state"]))
    stability = network.files.table("stability", probe)
    assert points.classes.tolist() == stability["class"].tolist()
    assert points.unstable.tolist() == stability["unstable"].tolist()
    fixed = torch.from_numpy(points.fixed().states)
    assert (points.dynamics.step(fixed) - fixed).abs().max() < 1e-9
    search = network.files.row("searches", probe)
    assert points.searches["certificate"].item() == search["certificate"]
    assert points.index_sum == search["index_sum"] and points.spread == search["spread"]
    assert type(points) is rnnpipe.FixedPoints


def test_the_search_finds_the_points_anew_from_the_network_itself(results):
    network = results.network("memory", seed=0)
    stored, x = network.fixed_points(), network.probes["zero"]
    found = rnnpipe.find_fixed_points(network, network.trajectories.states, x)
    assert len(found.fixed()) == len(stored.fixed())
    for h in stored.fixed().states:
        assert np.linalg.norm(found.states - h, axis=1).min() < 1e-6


def test_attractors_are_those_of_the_tables(network):
    found, probe = network.attractors(), next(iter(network.probes))
    table = network.files.table("attractors", probe)
    assert found.kind.tolist() == table["kind"].tolist()
    assert found.shares["visited"].tolist() == table["visited"].tolist()
    points = network.fixed_points()
    for one, row in zip(found, table.to_dict(orient="records"), strict=True):
        assert one.states[0] == pytest.approx(row["state"])
        assert one.point == (row["node"] if row["node"] < len(points) else -1)
    ends = network.files.row("ends", probe)
    assert found.ends["visited_runs"].item() == ends["visited_runs"]
    assert f"of {ends['visited_runs']} (" in repr(found)


def test_transitions_are_the_graph_that_the_stage_pickled(network):
    graph, probe = network.transitions(), next(iter(network.probes))
    pickled = pd.read_pickle(network.files.path("graphs"))[1][probe]
    assert list(graph) == list(pickled) and dict(graph.adj) == dict(pickled.adj)
    for node, attributes in graph.nodes(data=True):
        other = pickled.nodes[node]
        assert attributes.keys() == other.keys()
        assert all(np.array_equal(attributes[k], other[k]) for k in other)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_plot_shows_states_points_and_curves_along_components(network, dimensions):
    ax = network.plot(dimensions=dimensions, trials=3)
    assert hasattr(ax, "get_zlim") == (dimensions == 3)
    points = network.fixed_points()
    dots = [c for c in ax.collections if len(c.get_offsets()) and c.get_zorder() == 5]
    assert sum(len(dot.get_offsets()) for dot in dots) == len(points)
    if dimensions == 2:
        found = network.components
        places = (points.states - found.mean) @ found.directions[:2].T
        drawn = np.concatenate([np.asarray(dot.get_offsets()) for dot in dots])
        assert np.sort(drawn, axis=0) == pytest.approx(np.sort(places, axis=0), abs=1e-9)
    plt.close(ax.figure)


def test_axes_of_other_dimensions_and_unknown_probes_are_refused(results):
    network, ax = results.network("memory", seed=0), plt.figure().add_subplot()
    with pytest.raises(ValueError, match="other dimensions than 3"):
        network.plot(dimensions=3, ax=ax)
    with pytest.raises(ValueError, match="dimensions are 2 or 3, not 4"):
        network.plot(dimensions=4)
    assert network.plot(ax=ax) is ax
    plt.close(ax.figure)
    with pytest.raises(ValueError, match="there is no such probe; name zero"):
        network.fixed_points("on")


@pytest.mark.parametrize("stage", [name for name in CHAIN if name != "behaviour"])
def test_a_missing_file_is_named_with_the_stage_that_makes_it(copied, stage):
    network = copied.network("memory", seed=0)
    name = next(iter(BLOCK_STAGES[stage].outputs))
    path = network.files.path(name)
    path.unlink()
    with pytest.raises(ArtifactError, match=f"{path}: there is no such file; the stage {stage} "):
        network.files.path(name)
    reads = {
        "train": lambda: network.weights,
        "harvest": lambda: network.trajectories,
        "fixed_points": network.fixed_points,
        "attractors": network.attractors,
        "graph": network.transitions,
        "stability": network.plot,
    }
    if stage in reads:
        with pytest.raises(ArtifactError, match=str(path)):
            reads[stage]()


def test_damaged_files_are_named(copied):
    network = copied.network("memory", seed=0)
    for name in ("weights", "trajectories", "training"):
        cut(network.files.path(name))
    for name, read in {
        "weights": lambda: network.weights,
        "trajectories": lambda: network.trajectories,
        "training": lambda: rnnpipe.open(copied.folder).networks,
    }.items():
        with pytest.raises(ArtifactError, match=f"{network.files.path(name)}: is damaged"):
            read()


def test_files_of_other_networks_are_refused(copied):
    memory, heading = (copied.network(task, seed=0) for task in ("memory", "heading"))
    for name, words in {
        "fixed_points": "was not made from trajectories.parquet of its block: it belongs to other",
        "weights": "holds networks of heading, small, none; it belongs to another block",
    }.items():
        path = memory.files.path(name)
        shutil.copy(heading.files.path(name), path)
        with pytest.raises(ArtifactError, match=f"{path}: {words}"):
            memory.files.stack() if name == "weights" else memory.files.table(name)


def test_without_population_tables_networks_are_not_judged_yet(copied):
    shutil.rmtree(copied.folder / "population")
    again = rnnpipe.open(copied.folder)
    assert again.networks["solved"].isna().all() and again.networks["score"].notna().all()
    network = again.network("memory", seed=1)
    assert network.solved is None and len(network.fixed_points())
    assert "not yet gathered" in repr(again) and again.tasks["memory"].bits == 1


def test_a_folder_without_results_is_told(tmp_path):
    with pytest.raises(ArtifactError, match="holds no trained networks; a folder results/"):
        rnnpipe.open(tmp_path)
    with pytest.raises(ArtifactError, match="there is no such folder; a folder results/"):
        rnnpipe.open(tmp_path / "nowhere")


def test_the_package_is_imported_without_its_library():
    look = "import sys, rnnpipe; assert not {'torch', 'numpy', 'pandas'} & {*sys.modules}"
    subprocess.run([sys.executable, "-c", look], check=True)
    # `from rnnpipe import *` is not to hide Python's own.
    assert "open" not in rnnpipe.__all__ and callable(rnnpipe.open)
