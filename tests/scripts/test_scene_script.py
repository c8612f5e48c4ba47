"""Networks drawn by the script and by the commands, from files that the other scripts wrote."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from PIL import Image

from rnnpipe.commands.main import main
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.scene.graphics import PACKAGES
from rnnpipe.tables.parquet import read_table, write_table
from tests.helpers.script_runs import EXPERIMENT, ROOT, path, plan, script

HEADING = ("heading", "small", "none")


def settings(part: str = "examples", cohort=HEADING, **scenes) -> str:
    return settings_text(plan(scenes={"width": 600, **scenes}), "scene", *cohort, part)


def drawn(text: str, folder: Path):
    return CliRunner().invoke(script("scene"), ["--settings", text, "--folder", str(folder)])


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.usefixtures("graphics")
class TestScript:
    def test_an_example_is_drawn_with_what_it_shows_in_words(self, gathered):
        result = drawn(settings(), gathered / "out")
        assert result.exit_code == 0, result.output
        assert {"seed=0.png", "seed=0.txt"} <= set(names(gathered / "out"))
        text = (gathered / "out" / "seed=0.txt").read_text()
        assert text.startswith("heading · small · none · seed 0 (not solved)")
        assert Image.open(gathered / "out" / "seed=0.png").size == (600, 450)

    def test_every_network_of_a_block(self, gathered):
        result = drawn(settings("0-1", networks="all"), gathered / "out")
        assert result.exit_code == 0, result.output
        assert {"seed=0.png", "seed=1.png"} <= set(names(gathered / "out"))

    def test_pictures_for_every_order(self, gathered):
        result = drawn(settings(reveal=True), gathered / "out")
        assert result.exit_code == 0, result.output
        orders = [name for name in names(gathered / "out") if ".order=" in name]
        assert orders and set(orders) <= {f"seed=0.order={k}.png" for k in range(9)}

    def test_a_network_without_trajectories_is_named_and_passed_over(self, gathered):
        for table in ("trajectories", "components"):
            rows = read_table(path(table, "heading"))
            write_table(path(table, "heading"), table, rows[rows["seed"] != 0], {})
        result = drawn(settings("0-1", networks="all"), gathered / "out")
        assert result.exit_code == 0, result.output
        assert "seed 0 is not drawn" in result.output
        assert {"seed=1.png"} <= set(names(gathered / "out"))
        assert "seed=0.png" not in names(gathered / "out")


def test_without_the_libraries_all_but_the_pictures_is_there(gathered):
    """A process of its own, since VTK would end this one."""
    (gathered / "scene.json").write_text(settings())
    command = [sys.executable, ROOT / "scripts" / "scene.py", "--settings", "scene.json"]
    environment = {
        **os.environ,
        "VTK_DEFAULT_OPENGL_WINDOW": "noSuchWindow",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [*command, "--folder", "out"], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "pictures are skipped" in done.stderr
    assert not list((gathered / "out").glob("*.png"))
    caption = (gathered / "out" / "seed=0.txt").read_text()
    assert "picture is missing" in caption
    assert all(package in caption for package in PACKAGES)


class TestCommands:
    @pytest.fixture(autouse=True)
    def no_display(self, monkeypatch):
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name, raising=False)

    def run(self, *arguments: str):
        return CliRunner().invoke(main, arguments)

    @pytest.mark.usefixtures("graphics")
    def test_a_picture_of_any_network(self, gathered, monkeypatch):
        where = gathered / "elsewhere"
        where.mkdir()
        monkeypatch.chdir(where)
        which = ["--task", "memory", "--seed", "1", "--width", "600", "--order", "0"]
        result = self.run("view", "../results/x", *which, "--picture", "one.png")
        assert result.exit_code == 0, result.output
        assert "memory · small · none · seed 1" in result.output
        assert Image.open(where / "one.png").size == (600, 450)

    @pytest.mark.usefixtures("graphics")
    def test_results_that_were_renamed_are_shown(self, gathered):
        (gathered / "results" / "x").rename(gathered / "results" / "y")
        result = self.run("view", "results/y", "--width", "600", "--picture", "one.png")
        assert result.exit_code == 0, result.output

    @pytest.mark.usefixtures("graphics")
    def test_the_picture_of_the_workflow_is_that_of_the_command(self, gathered):
        assert drawn(settings(), gathered / "out").exit_code == 0
        which = ["--task", "heading", "--width", "600", "--picture", "one.png"]
        result = self.run("view", "results/x", *which)
        assert result.exit_code == 0, result.output
        one, other = (gathered / "one.png", gathered / "out" / "seed=0.png")
        assert one.read_bytes() == other.read_bytes()

    @pytest.mark.usefixtures("graphics")
    def test_a_movie(self, gathered):
        how = ["--seconds", "0.2", "--rate", "10", "--width", "320"]
        result = self.run("movie", "results/x", "turn.gif", *how)
        assert result.exit_code == 0, result.output
        with Image.open(io.BytesIO((gathered / "turn.gif").read_bytes())) as movie:
            assert movie.n_frames == 2

    @pytest.mark.parametrize(
        ("which", "words"),
        [
            (["--task", "other"], ["task 'other'", "heading, memory"]),
            (["--model", "large"], ["model 'large'", "small"]),
            (["--constraint", "dale"], ["constraint 'dale'", "none"]),
            (["--seed", "7"], ["seed 7", "0, 1"]),
            ([], ["no display", "--picture"]),
        ],
    )
    def test_what_cannot_be_shown_is_told_with_what_can(self, gathered, which, words):
        result = self.run("view", "results/x", *which)
        assert result.exit_code == 1
        for word in words:
            assert word in result.output
        assert "Traceback" not in result.output

    def test_other_folders_are_refused(self, gathered):
        (gathered / "results" / "empty").mkdir()
        result = self.run("view", "results/empty")
        assert result.exit_code == 1 and "population/networks" in result.output
        result = self.run("view", "results")
        assert result.exit_code == 1 and "results/<experiment>" in result.output

    def test_a_damaged_file_is_named(self, gathered):
        file = path("edges", "heading")
        file.write_bytes(b"PAR1")
        result = self.run("view", "results/x", "--task", "heading")
        assert result.exit_code == 1, result.output
        assert "edges.parquet" in result.output and "Traceback" not in result.output

    def test_a_table_of_other_networks_is_refused(self, gathered):
        path("curves", "heading").write_bytes(path("curves", "memory").read_bytes())
        result = self.run("view", "results/x", "--task", "heading")
        assert result.exit_code == 1, result.output
        assert "curves.parquet: was not made from fixed_points.parquet of its" in result.output

    def test_a_movie_that_is_no_movie_is_refused_at_once(self, gathered):
        result = self.run("movie", "results/x", "turn.avi")
        assert result.exit_code == 2 and ".mp4 or .gif" in result.output


class TestCurrency:
    """Results that were made otherwise than the experiment's file says are shown as stale."""

    def shown(self, *more: str):
        which = ["--task", "heading", "--page", "one.html"]
        result = CliRunner().invoke(main, ["view", "results/x", *which, *more])
        assert result.exit_code == 0, result.output
        return result.output, Path("one.html").read_text()

    def write(self, file: Path, **changes) -> None:
        file.parent.mkdir(exist_ok=True)
        file.write_text(yaml.safe_dump({**EXPERIMENT, **changes}))

    def test_without_a_file_nothing_is_compared(self, gathered):
        said, page = self.shown()
        assert "not compared with an experiment's file: no file here names x" in said
        assert '<span class="status not-solved">not solved</span>' in page

    def test_scripts_that_were_run_by_hand_made_what_is_stale(self, gathered):
        self.write(gathered / "config" / "mine.yaml")
        said, page = self.shown()
        assert "made by hand or by an earlier version" in said
        assert '<span class="status not-solved,-stale">not solved, stale</span>' in page
        assert "stale, made otherwise than planned" in page

    def test_a_file_may_be_named_where_none_or_several_are_found(self, gathered):
        self.write(gathered / "config" / "mine.yaml")
        self.write(gathered / "other.yml")
        assert "other.yml and config/mine.yaml name x" in self.shown()[0]
        assert "made by hand" in self.shown("--file", "other.yml")[0]
        self.write(gathered / "other.yml", seeds="5-6")
        said, page = self.shown("--file", "other.yml")
        assert "other.yml does not name this network" in said and "not name this" in page
        self.write(gathered / "other.yml", experiment="y")
        assert "of the experiment y, not of x" in self.shown("--file", "other.yml")[0]
