"""What is shown of an experiment at work follows from its files, and it ends when that does."""

import io
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from rich.console import Console

from rnnpipe.commands.main import main
from rnnpipe.commands.status.jobs import Job, jobs_of
from rnnpipe.commands.watch import figures as module
from rnnpipe.commands.watch.figures import FINISHED_SECONDS, GROWING_SECONDS
from rnnpipe.commands.watch.loop import PATIENCE_SECONDS, Watch, watch_plan
from rnnpipe.commands.watch.screen import BLOCKS, screen, sparkline
from rnnpipe.jobs.processes import LOCKS
from rnnpipe.plan.paths import live_path
from tests.helpers.plans import EXPERIMENT, plan
from tests.helpers.planted import NOW, plant_dead, plant_done, plant_log, plant_workflow

ROOT = Path(__file__).parents[3]
SOLVED, UNSOLVED = 1.0, 0.0
FIRST = ("train", "memory", "tanh10", "none", "0-3")
SECOND = ("train", "memory", "tanh10", "none", "4-7")
SAID = "training 4 networks: {0}/100 ({0} %), 0:07 left, loss 0.25, validation nan, 4 training"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("experiment.yaml").write_text(yaml.safe_dump(EXPERIMENT, sort_keys=False))


def job(*names: str) -> Job:
    return next(one for one in jobs_of(plan()) if (one.rule, *one.names) == names)


def plant_all() -> None:
    for one in jobs_of(plan()):
        plant_done(one, 1.0, (SOLVED,) * one.networks)


def shown(now: float = NOW) -> str:
    look = Watch(plan(), figures=False).look(now)
    console = Console(file=io.StringIO(), width=160)
    console.print(screen(look.status, look.running, look.notes))
    return console.file.getvalue()


def test_a_block_that_trains_is_shown_with_its_losses():
    plant_done(job(*FIRST), 60.0, (SOLVED, SOLVED, UNSOLVED, SOLVED))
    plant_log(job(*SECOND), SAID.format(40), SAID.format(50))
    text = shown()
    assert "48 networks: 0 done, 0 stale, 2 running, 0 failed, 46 waiting; 3 solved" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["memory", "24", "4", "3", "0"] in rows
    (row,) = (line for line in text.splitlines() if line.startswith(" ".join(SECOND)))
    for words in ("1.7 min", "50/100", "0:07", "0.25", "–"):
        assert f" {words} " in row
    assert row.rstrip().endswith("▁" * 12)


def test_jobs_that_train_nothing_show_what_they_said_last():
    plant_log(job("harvest", *FIRST[1:]), "reading")
    plant_log(job("skeleton", *FIRST[1:]), "following transitions: 3/4 (75 %), 0:02 left")
    lines = shown().splitlines()
    assert any(line.startswith("harvest memory") and "reading" in line for line in lines)
    assert any(line.startswith("skeleton memory") and "3/4" in line for line in lines)


def test_a_job_that_failed_is_named_with_its_log():
    plant_dead(job(*FIRST), "ValueError: no")
    log = "results/x/logs/train/memory.tanh10.none.0-3.log"
    assert f"failed: {' '.join(FIRST)}, {log}: ValueError: no" in " ".join(shown().split())


def test_it_says_when_nothing_works():
    assert "no workflow runs here" in shown()
    plant_workflow()
    assert "no workflow runs here" not in shown()


class TestCurves:
    @pytest.fixture
    def drawn(self, monkeypatch) -> list[str]:
        """Names of the figures that were drawn, in order."""
        names: list[str] = []
        write = module.write_bytes

        def noted(path: Path, content: bytes) -> None:
            names.append(str(path))
            write(path, content)

        monkeypatch.setattr(module, "write_bytes", noted)
        return names

    def test_a_figure_is_drawn_when_another_block_has_trained_and_not_before(self, drawn):
        watcher, figure = Watch(plan(), figures=True), live_path("x", "memory")
        watcher.look(NOW)
        assert drawn == []
        plant_done(job(*FIRST), 1.0, (SOLVED, UNSOLVED))
        assert any(figure in note for note in watcher.look(NOW).notes)
        assert drawn == [figure]
        assert Path(figure).read_bytes().startswith(b"\x89PNG")
        watcher.look(NOW + 10 * GROWING_SECONDS)
        assert drawn == [figure]
        plant_done(job(*SECOND), 1.0, (SOLVED,))
        watcher.look(NOW + FINISHED_SECONDS / 2)
        assert drawn == [figure]
        watcher.look(NOW + FINISHED_SECONDS)
        assert drawn == [figure, figure]

    def test_a_block_that_trains_on_is_drawn_anew_now_and_then(self, drawn):
        watcher, figure = Watch(plan(), figures=True), live_path("x", "memory")
        plant_log(job(*FIRST), SAID.format(1))
        watcher.look(NOW)
        plant_log(job(*FIRST), SAID.format(1), SAID.format(2))
        watcher.look(NOW + GROWING_SECONDS / 2)
        assert drawn == [figure]
        watcher.look(NOW + GROWING_SECONDS)
        assert drawn == [figure, figure]

    def test_one_task_is_drawn_at_a_look(self, drawn):
        watcher = Watch(plan(), figures=True)
        plant_all()
        looks = [watcher.look(NOW) for _ in range(3)]
        assert drawn == [live_path("x", "memory"), live_path("x", "heading")]
        assert [look.hasty for look in looks] == [True, True, False]

    def test_tables_are_read_once(self, monkeypatch):
        paths: list[str] = []
        read = module.read_table
        monkeypatch.setattr(
            module,
            "read_table",
            lambda path, columns: paths.append(str(path)) or read(path, columns),
        )
        watcher = Watch(plan(), figures=True)
        for number, name in enumerate((FIRST, SECOND)):
            plant_done(job(*name), 1.0, (SOLVED,))
            watcher.look(NOW + number * FINISHED_SECONDS)
        assert len(paths) == len(set(paths)) == 4

    def test_a_damaged_table_is_named_and_the_watch_goes_on(self):
        plant_done(job(*FIRST), 1.0, (SOLVED,))
        history = next(path for path in job(*FIRST).outputs if "history" in path)
        Path(history).write_text("damaged")
        notes = Watch(plan(), figures=True).look(NOW).notes
        assert any(history in note for note in notes)


def test_it_ends_by_itself_when_all_is_done():
    plant_all()
    result = CliRunner().invoke(main, ["watch", "experiment.yaml"])
    assert result.exit_code == 0, result.output
    assert "48 networks: 48 done, 0 stale, 0 running, 0 failed, 0 waiting" in result.output
    assert live_path("x", "heading") in result.output
    assert Path(live_path("x", "heading")).is_file()


def test_no_figures_are_drawn_unasked():
    plant_all()
    CliRunner().invoke(main, ["watch", "experiment.yaml", "--no-figures"])
    assert not Path(live_path("x", "heading")).exists()


def test_on_a_terminal_the_last_view_stays():
    plant_all()
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    assert watch_plan(plan(), console, figures=False)
    assert "48 done" in console.file.getvalue()


def test_it_ends_some_time_after_the_workflow_did():
    """Long enough for another workflow to follow."""
    plant_workflow()
    plant_done(job(*FIRST), 1.0, (SOLVED,))
    times = []

    def sleep(seconds: float) -> None:
        times.append(seconds)
        if len(times) == 2:
            shutil.rmtree(LOCKS)

    def clock() -> float:
        return NOW + sum(times)

    console = Console(file=io.StringIO())
    assert not watch_plan(plan(), console, False, clock, sleep)
    assert sum(times[2:]) > PATIENCE_SECONDS >= sum(times[2:-1])
    assert console.file.getvalue().count("no workflow runs here") == 1


def test_ctrl_c_ends_it_without_fuss():
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from rnnpipe.commands.main import main; main()",
            "watch",
            "experiment.yaml",
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A shell starts what runs in the background with the signal ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert "48 networks: 0 done" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert "No longer watching" in rest and "Traceback" not in rest


class TestSparkline:
    def test_a_falling_curve_falls_by_its_logarithm(self):
        values = [10.0**-k for k in range(8)]
        assert sparkline(range(1, 9), values, 8, 8) == BLOCKS[::-1]

    @pytest.mark.parametrize(("done", "columns"), [(1, 1), (50, 10), (100, 20)])
    def test_it_is_as_long_as_the_share_that_is_done(self, done, columns):
        assert len(sparkline([1, done], [1.0, 0.5], 100, 20)) == columns

    def test_what_is_not_finite_or_not_above_zero_is_left_out(self):
        assert sparkline([1, 2, 3], [float("nan"), 0.0, -1.0], 3, 3) == ""
        assert sparkline([1, 2, 3], [float("inf"), 1.0, 1.0], 3, 3) == BLOCKS[0] * 3
