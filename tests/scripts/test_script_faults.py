"""Whatever is wrong with a file, one line names it."""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.tables.parquet import read_table
from tests.helpers.script_runs import (
    ANALYSES,
    EXPERIMENT,
    INPUTS,
    ROOT,
    SCRIPTS,
    UNITS,
    cut,
    invoke,
    option,
    path,
    plan,
    refused,
    rewrite,
    run_stage,
    script,
)

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

    @pytest.mark.parametrize(("stage", "name"), INPUTS)
    def test_a_folder_in_place_of_a_file_is_named(self, stage, name):
        path(name).unlink()
        path(name).mkdir()
        result = run_stage(stage, out=self.out)
        assert result.exit_code == 2
        assert f"Invalid value for '{option(name)}': File '{path(name)}' is a dir" in result.output

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
            ("branches", "trajectories"),
            ("fixed_points", "trajectories"),
            ("attractors", "trajectories"),
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
            ("branches", "trajectories"),
            ("fixed_points", "trajectories"),
            ("attractors", "fixed_points"),
            ("stability", "fixed_points"),
            ("graph", "fixed_points"),
        ],
    )
    def test_rows_of_other_seeds_are_named(self, stage, name):
        """A network without rows may have diverged; rows without a network are a mix-up."""
        rewrite(name, lambda table: table.assign(seed=table["seed"] + 2))
        assert "seed" in refused(run_stage(stage, out=self.out), path(name))

    @pytest.mark.parametrize("name", ["searches", "stability", "modes", "attractors"])
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
            ("attractors", "fixed_points"),
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
        settings = settings_text(masked, "train", "memory", "small", "none", "0-1")
        spoil(mask)
        assert message in refused(run_stage("train", settings=settings, out=self.out), mask)

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_settings_of_another_job_are_refused_before_any_file_is_touched(self, name):
        other = "harvest" if name == "train" else "train"
        settings = settings_text(plan(), other, "memory", "small", "none", "0-1")
        wanted = [p.name for p in script(name).params if p.required and p.name != "settings"]
        result = invoke(name, settings, {key: self.out / key for key in wanted})
        assert isinstance(result.exception, SystemExit), repr(result.exception)
        assert result.exit_code in (1, 2)
        assert "--settings: the keys of this job are " in result.output

    def test_a_process_ends_in_one_line(self):
        path("weights").unlink()
        files = {name: self.out / name for name in BLOCK_STAGES["harvest"].outputs}
        options = [text for name, file in files.items() for text in (option(name), str(file))]
        command = [sys.executable, str(ROOT / "scripts" / "harvest.py"), *options]
        settings = settings_text(plan(), "harvest", "memory", "small", "none", "0-1")
        own = [(option(name), str(path(name))) for name in BLOCK_STAGES["harvest"].inputs]
        inputs = [text for pair in own for text in pair]
        done = subprocess.run(
            [*command, "--settings", settings, *inputs],
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
        settings = settings_text(other, "train", "memory", "small", "none", "0-1")
        result = run_stage("train", settings=settings, out=folder / "other")
        assert result.exit_code == 0
        return folder / "other" / "weights.pt"
