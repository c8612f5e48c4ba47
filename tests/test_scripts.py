"""Scripts run by hand write what their tables promise, and refuse bad files in one line."""

import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
import networkx as nx
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import torch
from click.testing import CliRunner, Result

from rnnpipe.artifacts import read_pickle, read_provenance, read_table, write_table
from rnnpipe.paths import block_path, population_path
from rnnpipe.plan import Plan
from rnnpipe.schemas import SCHEMAS
from rnnpipe.settings import Cohort, Experiment
from rnnpipe.stages import POPULATION, STAGES, SUFFIXES
from rnnpipe.weights_file import load_population, save_population

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted(path.stem for path in (ROOT / "scripts").glob("*.py"))
# What each stage's script reads.
READS = {
    "train": (),
    "harvest": ("weights",),
    "fixed_points": ("weights", "trajectories"),
    "stability": ("weights", "fixed_points"),
    "graph": ("weights", "fixed_points", "searches", "stability", "modes"),
}
INPUTS = [(stage, name) for stage, names in READS.items() for name in names]
ANALYSES = tuple(stage for stage in STAGES if stage != "train")
UNITS = 8
EXPERIMENT = {
    "experiment": "x",
    "seeds": "0-1",
    "tasks": {
        "memory": {"kind": "flipflop", "bits": 1, "time": 20},
        "heading": {"kind": "integrator", "time": 20},
    },
    "models": {"small": {"cell": "vanilla", "units": UNITS}},
    "training": {"steps": 100, "trials": 16, "learning_rate": 0.02},
    "harvest": {"trials": 8},
    "fixed_points": {"starts": 32, "rounds": 3},
    "stability": {"vectors": 2},
    "graph": {"perturbations": 4, "steps": 50},
    "compute": {"seeds_per_job": 2},
}


def plan(**sections: Any) -> Plan:
    return Plan(Experiment.from_mapping({**EXPERIMENT, **sections}))


def script(name: str) -> click.Command:
    """The command that a file of scripts/ defines."""
    spec = importlib.util.spec_from_file_location(f"script_{name}", ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main


def path(name: str, task: str = "memory") -> Path:
    """Where the block's file of a table or file name lies, in the working directory."""
    return Path(block_path("x", name, Cohort(task, "small", "none"), "0-1"))


def invoke(name: str, settings: str, files: Mapping[str, Path]) -> Result:
    options = [text for key, file in files.items() for text in (option(key), str(file))]
    return CliRunner().invoke(script(name), ["--settings", settings, *options])


def option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def run_stage(
    stage: str, task: str = "memory", settings: str = "", out: Path | None = None, **files: Path
) -> Result:
    """Run a stage's script on the block's files, or on others where they are named.

    With `out`, what it writes goes there.
    """
    reads = {name: path(name, task) for name in READS[stage]}
    writes = {
        name: path(name, task) if out is None else out / f"{name}.{SUFFIXES[name]}"
        for name in STAGES[stage].files
    }
    settings = settings or plan().settings(stage, task, "small", "none", "0-1")
    return invoke(stage, settings, {**reads, **writes, **files})


def refused(result: Result, file: Path) -> str:
    """What one line says of a file that a script refused."""
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1, result.output
    start = f"error: {file}: "
    assert result.output.startswith(start)
    return result.output[len(start) :]


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """A folder in which every stage ran once for either task."""
    folder = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for task in EXPERIMENT["tasks"]:
            for stage in STAGES:
                result = run_stage(stage, task)
                assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def here(finished, tmp_path, monkeypatch) -> Path:
    """The finished files, copied into a working directory of the test's own."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rewrite(name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Put a changed table in a table's place."""
    write_table(path(name), name, change(read_table(path(name))), {})


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

    @pytest.mark.parametrize("stage", list(STAGES))
    def test_tables_are_of_their_schemas_and_say_what_made_them(self, task, stage):
        settings = json.loads(plan().settings(stage, task, "small", "none", "0-1"))
        for name in STAGES[stage].files:
            if name in SCHEMAS:
                file = path(name, task)
                assert pq.read_schema(file).remove_metadata().equals(SCHEMAS[name])
                assert read_provenance(file)["settings"] == settings
                assert set(read_table(file)["seed"]) == {0, 1}

    def test_weights_and_graphs_hold_every_seed(self, task):
        population, seeds = load_population(path("weights", task))
        assert seeds == [0, 1] and population.units == UNITS
        graphs = read_pickle(path("graphs", task))
        points = read_table(path("fixed_points", task))
        for seed in seeds:
            graph = graphs[seed]["zero"]
            own = points[(points["seed"] == seed) & (points["kind"] == "fixed")]
            assert isinstance(graph, nx.DiGraph)
            assert set(own["point"]) <= set(graph)

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
        for end in ("from", "to"):
            ends = edges.loc[edges[end] >= 0, ["seed", "probe", end]]
            assert set(ends.itertuples(index=False, name=None)) <= set(fixed.index)

    def test_points_are_where_the_network_stands_still(self, task):
        population, _ = load_population(path("weights", task))
        points = read_table(path("fixed_points", task))
        inputs = population.shapes["input"][1]
        for network in (0, 1):
            own = points[(points["seed"] == network) & (points["kind"] == "fixed")]
            states = torch.from_numpy(np.stack(own["state"]))
            moved = population.dynamics(network, np.zeros(inputs)).step(states)
            assert (moved - states).abs().max() < 1e-9

    @pytest.mark.parametrize("stage", ANALYSES)
    def test_the_same_again_is_the_same_bytes(self, task, stage, tmp_path):
        assert run_stage(stage, task, out=tmp_path).exit_code == 0
        for name in STAGES[stage].files:
            again = tmp_path / f"{name}.{SUFFIXES[name]}"
            assert again.read_bytes() == path(name, task).read_bytes()


class TestPopulation:
    """Scripts that find the blocks' files under results/ by themselves."""

    def gather(self, task: str = "memory") -> Result:
        files = {name: Path(population_path("x", name, task)) for name in POPULATION}
        return invoke("population", plan().population_settings(task), files)

    def draw(self, kind: str) -> Result:
        files = {"svg": "f.svg", "png": "f.png", "table": "f.csv", "caption": "f.txt"}
        settings = plan(figures={"dpi": 30}).figure_settings(kind, "memory")
        return invoke("figure", settings, {key: Path(file) for key, file in files.items()})

    def test_tables_have_a_row_for_every_network(self, here):
        assert self.gather().exit_code == 0
        for name in POPULATION:
            file = population_path("x", name, "memory")
            assert pq.read_schema(file).remove_metadata().equals(SCHEMAS[name])
        networks = read_table(Path(population_path("x", "networks", "memory")))
        assert networks["seed"].tolist() == [0, 1]

    def test_a_block_that_is_cut_short_is_named(self, here):
        cut(path("edges"))
        assert "damaged" in refused(self.gather(), path("edges"))

    def test_a_figure_is_drawn_with_its_table_and_caption(self, here):
        assert self.gather().exit_code == 0
        assert self.draw("training").exit_code == 0
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
        for file in plan().benchmarks():
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            Path(file).write_text("s\tmax_rss\tcpu_time\n1.5\t20\t-\n")
        settings = plan().seconds_settings()
        assert invoke("seconds", settings, {"seconds": table}).exit_code == 0
        assert (read_table(table)["seconds"] == 1.5).all()
        bad = Path(plan().benchmarks()[-1])
        bad.write_text("hello\n")
        assert "no benchmark file" in refused(invoke("seconds", settings, {"seconds": table}), bad)


def cut(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


SPOILERS = {
    "missing": (Path.unlink, "cannot be read"),
    "cut in half": (cut, "damaged"),
    "empty": (lambda file: file.write_bytes(b""), "damaged"),
    "text": (lambda file: file.write_text("hello\n" * 100), "damaged"),
}


def without_last_value(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a NaN in its last row's state; of points, all are taken for fixed ones."""
    states = [state.copy() for state in table["state"]]
    states[-1][-1] = np.nan
    known = {"kind": "fixed"} if "kind" in table else {}
    return table.assign(state=states, **known)


def archive(matrix: np.ndarray) -> bytes:
    """A matrix as ``numpy.savez`` writes it."""
    buffer = io.BytesIO()
    np.savez(buffer, matrix)
    return buffer.getvalue()


class TestFaults:
    @pytest.fixture(autouse=True)
    def clean(self, here) -> Any:
        """Whatever is refused leaves nothing that looks finished."""
        self.out = here / "out"
        yield
        assert not self.out.exists()

    @pytest.mark.parametrize("spoiler", list(SPOILERS))
    @pytest.mark.parametrize(("stage", "name"), INPUTS)
    def test_a_bad_file_is_named(self, stage, name, spoiler):
        spoil, message = SPOILERS[spoiler]
        spoil(path(name))
        assert message in refused(run_stage(stage, out=self.out), path(name))

    @pytest.mark.parametrize(("stage", "name"), [i for i in INPUTS if i[1] != "weights"])
    def test_another_table_is_named_with_what_it_lacks(self, stage, name):
        shutil.copy(path("dimensionality"), path(name))
        assert "lacks the column(s)" in refused(run_stage(stage, out=self.out), path(name))

    @pytest.mark.parametrize("stage", ANALYSES)
    def test_weights_of_another_task_are_named(self, stage, here):
        other = self.trained(here, tasks={"memory": {"kind": "flipflop", "bits": 2, "time": 20}})
        message = refused(run_stage(stage, out=self.out, weights=other), other)
        assert "inputs = 2; 1 is needed" in message

    @pytest.mark.parametrize(
        ("stage", "name"),
        [
            ("fixed_points", "trajectories"),
            ("stability", "fixed_points"),
            ("graph", "fixed_points"),
        ],
    )
    def test_states_of_another_model_are_named_with_both_sizes(self, stage, name, here):
        other = self.trained(here, models={"small": {"cell": "vanilla", "units": 6}})
        message = refused(run_stage(stage, out=self.out, weights=other), path(name))
        assert "6" in message and "8" in message

    @pytest.mark.parametrize(
        ("stage", "name"),
        [
            ("fixed_points", "trajectories"),
            ("stability", "fixed_points"),
            ("graph", "fixed_points"),
        ],
    )
    def test_rows_of_other_seeds_are_named(self, stage, name):
        """A network without rows may have diverged; rows without a network are a mix-up."""
        rewrite(name, lambda table: table.assign(seed=table["seed"] + 2))
        assert "seed" in refused(run_stage(stage, out=self.out), path(name))

    @pytest.mark.parametrize("name", ["searches", "stability", "modes"])
    def test_a_table_made_from_other_points_is_named(self, name):
        rewrite(name, lambda table: table.iloc[1:])
        assert "seed 0" in refused(run_stage("graph", out=self.out), path(name))

    def test_a_file_that_cannot_be_written_is_named(self, here):
        """The folder of its own that it would lie in is a file."""
        (here / "taken").write_text("")
        file = here / "taken" / "trajectories.parquet"
        result = run_stage("harvest", out=self.out, trajectories=file)
        assert "cannot be written" in refused(result, file)

    @pytest.mark.parametrize(
        ("stage", "name"),
        [
            ("fixed_points", "trajectories"),
            ("stability", "fixed_points"),
            ("graph", "fixed_points"),
        ],
    )
    def test_missing_values_are_named_by_the_files_row(self, stage, name):
        rows = len(read_table(path(name)))
        rewrite(name, without_last_value)
        message = refused(run_stage(stage, out=self.out), path(name))
        assert "'state' holds missing or infinite values" in message
        assert f"row {rows - 1} " in message

    @pytest.mark.parametrize(
        ("spoil", "message"),
        [
            (lambda file: np.save(file, np.ones((3, 5))), "shape (3, 5); (8, 8) is needed"),
            (lambda file: np.save(file, np.full((8, 8), 2)), "other than 0 and 1"),
            (lambda file: file.write_text("hello"), "cannot be read"),
            (lambda file: file.write_bytes(archive(np.eye(UNITS))), "archive"),
            (cut, "cannot be read"),
            (Path.unlink, "no such file"),
        ],
        ids=["shape", "values", "text", "archive", "cut in half", "missing"],
    )
    def test_a_bad_mask_is_named(self, spoil, message):
        mask = Path("mask.npy")
        np.save(mask, np.eye(UNITS))
        masked = plan(constraints={"none": {"mask": "mask.npy"}})
        settings = masked.settings("train", "memory", "small", "none", "0-1")
        spoil(mask)
        assert message in refused(run_stage("train", settings=settings, out=self.out), mask)

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_settings_of_another_job_are_refused_before_any_file_is_touched(self, name):
        other = "harvest" if name == "train" else "train"
        settings = plan().settings(other, "memory", "small", "none", "0-1")
        wanted = [p.name for p in script(name).params if p.required and p.name != "settings"]
        result = invoke(name, settings, {key: self.out / key for key in wanted})
        assert isinstance(result.exception, SystemExit), repr(result.exception)
        assert result.exit_code in (1, 2)
        assert "--settings" in result.output and "lack" in result.output

    def test_a_process_ends_in_one_line(self):
        path("weights").unlink()
        files = {name: self.out / name for name in STAGES["harvest"].files}
        options = [text for name, file in files.items() for text in (option(name), str(file))]
        command = [sys.executable, str(ROOT / "scripts" / "harvest.py"), *options]
        settings = plan().settings("harvest", "memory", "small", "none", "0-1")
        done = subprocess.run(
            [*command, "--settings", settings, "--weights", str(path("weights"))],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert done.returncode == 1
        assert done.stdout == ""
        assert (
            done.stderr == f"error: {path('weights')}: cannot be read (No such file or directory)\n"
        )

    def trained(self, folder: Path, **sections: Any) -> Path:
        """Weights of the block as another experiment trains it."""
        quick = {"steps": 1, "trials": 2, "validation": {"every": 1, "trials": 2}}
        sections.setdefault("tasks", {"memory": EXPERIMENT["tasks"]["memory"]})
        other = plan(training=quick, **sections)
        settings = other.settings("train", "memory", "small", "none", "0-1")
        result = run_stage("train", settings=settings, out=folder / "other")
        assert result.exit_code == 0
        return folder / "other" / "weights.pt"


class TestDiverged:
    """Networks whose training diverged are carried along, and take no other with them."""

    def spoil(self, seeds: list[int]) -> None:
        population, own = load_population(path("weights"))
        population.raw[seeds] = torch.nan
        save_population(path("weights"), population, own, {})

    def run_rest(self) -> str:
        results = [run_stage(stage) for stage in ANALYSES]
        assert [result.exit_code for result in results] == [0] * len(ANALYSES)
        return results[0].output

    def test_one_of_a_block(self, here):
        whole = {name: read_table(path(name)) for name in ("fixed_points", "stability", "edges")}
        self.spoil([1])
        assert "seed 1: states are not finite" in self.run_rest()
        for name, before in whole.items():
            after = read_table(path(name))
            pd.testing.assert_frame_equal(after, before[before["seed"] == 0])
        searches = read_table(path("searches")).set_index("seed")
        assert searches.loc[1, "certificate"] == "not applicable"
        assert read_pickle(path("graphs"))[1] == {}

    def test_a_whole_block(self, here):
        self.spoil([0, 1])
        self.run_rest()
        assert read_table(path("fixed_points")).empty and read_table(path("edges")).empty
        assert read_table(path("searches"))["found"].tolist() == [0, 0]
        for name in ("components", "stability", "edges"):
            assert pq.read_schema(path(name)).remove_metadata().equals(SCHEMAS[name])
