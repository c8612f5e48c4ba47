"""The script of development: its tables agree with each other, and come out the same again."""

import io
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from click.testing import Result

from rnnpipe.jobs.checkpoint import CheckpointFile
from rnnpipe.jobs.processes import TRY_AGAIN
from rnnpipe.networks.snapshots import Snapshots
from rnnpipe.networks.snapshots_file import save_snapshots
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.results.development import Growth, growths
from rnnpipe.tables.parquet import read_table
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.fit import Fit, fit
from tests.helpers.networks import make_networks, replicates, training
from tests.helpers.script_runs import path, plan, run_stage

TASK = FlipFlop(bits=1, time=20)
KEPT = (0, 20, 60)
OPTIONS = {"trials": 8, "runs": 4, "updates": 500, "exponent_steps": 100, "rounds": 3}
DEVELOPMENT = {"steps": list(KEPT), "mixtures": 16, "box": 16, **OPTIONS}
TABLES = ("development", "development_points", "development_attractors", "development_events")


@pytest.fixture(scope="module")
def trained() -> Fit:
    networks = make_networks([0, 1], TASK)
    settings = training(steps=60, learning_rate=0.02)
    return fit(networks, TASK, replicates([0, 1]), settings, keep=KEPT)


def started(snapshots: Snapshots) -> Result:
    own = plan(development=DEVELOPMENT)
    settings = settings_text(own, "development", "memory", "small", "none", "0-1")
    save_snapshots(path("snapshots"), snapshots, {})
    return run_stage("development", settings=settings)


def run(snapshots: Snapshots) -> dict[str, pd.DataFrame]:
    result = started(snapshots)
    assert result.exit_code == 0, result.output
    return {table: read_table(path(table)) for table in TABLES}


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def bytes_of(table: str) -> bytes:
    return Path(path(table)).read_bytes()


def test_what_is_counted_is_listed(trained):
    found = run(trained.snapshots)
    steps, points, attractors, events = found.values()
    assert steps.groupby("seed")["step"].apply(list).tolist() == [list(KEPT)] * 2
    for column, table in (("points", points), ("attractors", attractors)):
        counts = table.groupby(["seed", "probe", "step"]).size()
        assert counts.tolist() == steps[column].tolist()
    assert steps["score"].between(0, 1).all()
    losses = steps.groupby("seed")["test_loss"].apply(list)
    assert all(own[0] > own[-1] for own in losses)
    assert (points.groupby(["seed", "step"])["index"].sum() == 1).all()
    for what, table in (("point", points), ("attractor", attractors)):
        for seed, own in table.groupby("seed"):
            told = events[(events["of"] == what) & (events["seed"] == seed)]
            check_lives(own, told)


def test_a_job_that_is_stopped_goes_on_after_the_networks_that_are_done(trained, monkeypatch):
    run(trained.snapshots)
    before = [bytes_of(table) for table in TABLES]
    followed: list[int] = []

    def stopped(self: CheckpointFile) -> bool:
        """Asked to stop while the second network is followed."""
        return self.path.exists() and not followed

    def noted(snapshots: Snapshots, *arguments: Any) -> Iterator[Growth]:
        followed.append(arguments[-1])
        return growths(snapshots, *arguments)

    with monkeypatch.context() as asked:
        asked.setattr(CheckpointFile, "asked", stopped)
        asked.setattr(CheckpointFile, "offer", without_stop)
        for table in TABLES:
            path(table).unlink()
        assert started(trained.snapshots).exit_code == TRY_AGAIN
    assert not any(path(table).exists() for table in TABLES)
    monkeypatch.setattr("rnnpipe.results.development.growths", noted)
    run(trained.snapshots)
    assert followed == [1]
    assert [bytes_of(table) for table in TABLES] == before
    assert not path("development").with_name("checkpoint.pt").exists()


@pytest.mark.parametrize(
    ("bits", "words"),
    [(1, "holds no weights of training; the section development"), (2, "inputs = 2; 1 is needed")],
)
def test_files_without_weights_of_such_networks_are_refused(bits, words):
    networks = make_networks([0, 1], FlipFlop(bits=bits))
    result = started(Snapshots.none(networks, (0, 1)))
    assert result.exit_code == 1 and "snapshots.pt: holds" in result.output
    assert words in result.output


def without_stop(self: CheckpointFile, step: int, content: Callable[[], Mapping]) -> None:
    """Write the state, and do not ask whether to stop."""
    buffer = io.BytesIO()
    torch.save({"identity": self.identity, "step": step, "content": content()}, buffer)
    self.path.write_bytes(buffer.getvalue())


def check_lives(own: pd.DataFrame, events: pd.DataFrame) -> None:
    """Whoever is new was born then, and whoever is gone has died."""
    alive = {step: set(own.loc[own["step"] == step, "identity"]) for step in KEPT}
    for before, after in pairwise(KEPT):
        now = events[(events["step_before"] == before) & (events["step_after"] == after)]
        for event, changed in (
            ("birth", alive[after] - alive[before]),
            ("death", alive[before] - alive[after]),
        ):
            chosen = now[now["event"] == event]
            assert set(chosen["identity"]) == changed
            assert chosen["step"].dropna().between(before, after).all()


def test_a_network_that_diverged_has_rows_but_no_points(trained):
    stack = trained.snapshots.networks.select(range(len(trained.snapshots)))
    kept = trained.snapshots
    stack.raw[(kept.rows == 1) & (kept.steps > 0)] = np.nan
    stack.raw[(kept.rows == 0)] = np.nan
    broken = Snapshots(stack, kept.steps, kept.rows, kept.seeds)
    found = run(broken)
    steps = found["development"]
    assert steps.groupby("seed")["points"].apply(list).tolist()[0] == [0, 0, 0]
    assert steps.groupby("seed")["points"].apply(list).tolist()[1][1:] == [0, 0]
    assert (steps["certificate"] == "not applicable").sum() == 5
    assert set(found["development_points"]["step"]) == {0}
    assert not len(found["development_events"])
