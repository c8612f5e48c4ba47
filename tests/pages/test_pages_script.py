"""The script that puts the pages of an experiment together."""

from pathlib import Path

import pytest
from PIL import Image

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.paths import output_paths, population_path, scene_folder, scene_name
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Cohort
from rnnpipe.tables.parquet import write_table
from tests.helpers.script_runs import invoke, plan, refused
from tests.pages.synthetic_population import MODELS, embedding, networks

DRAWN = Cohort("memory", "tanh8", "none")


def study(**sections) -> Plan:
    models = {name: {"cell": "vanilla", "units": 8} for name, _, _ in MODELS}
    return plan(models=models, seeds="0-2", **sections)


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """Population tables of two tasks, and the scenes of two networks of one cohort."""
    monkeypatch.chdir(tmp_path)
    for name, table in (("networks", networks()), ("embedding", embedding())):
        for task, rows in table.groupby("task"):
            write_table(Path(population_path("x", name, task)), name, rows, {})
    for cohort, part in study().scenes():
        Path(scene_folder("x", cohort, part)).mkdir(parents=True)
    folder = Path(scene_folder("x", DRAWN, "examples"))
    for seed in (0, 10):
        (folder / scene_name(seed, "html")).write_text(f"<title>network {seed}</title>")
    Image.new("RGB", (240, 180), "teal").save(folder / scene_name(0, "png"))
    (folder / scene_name(0, "png", 1)).write_bytes(b"revealed")
    (folder / scene_name(0, "txt")).write_text("caption")
    return folder


def run(of: Plan | None = None):
    folder = Path(output_paths("x", "pages")["folder"])
    return invoke("pages", settings_text(of or study(), "pages"), {"folder": folder}), folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_pages_and_pictures_lie_beside_the_page_of_all(here):
    result, folder = run()
    assert result.exit_code == 0, result.output
    drawn = ["memory.tanh8.none.0.html", "memory.tanh8.none.0.png", "memory.tanh8.none.10.html"]
    assert names(folder) == ["index.html", *drawn, "provenance.json"]
    assert names(folder.parent) == ["pages", "population", "scenes"]
    page = (folder / "index.html").read_text()
    assert "may be stale" in page
    assert 'href="memory.tanh8.none.0.html"' in page and "data:image/jpeg" in page
    assert (folder / drawn[0]).read_text() == "<title>network 0</title>"


def test_the_same_files_give_the_same_bytes_in_the_place_of_what_was_there(here):
    _, folder = run()
    before = (folder / "index.html").read_bytes()
    (folder / "old.html").write_text("of a network that is drawn no longer")
    run()
    assert (folder / "index.html").read_bytes() == before
    assert "old.html" not in names(folder)


def test_files_that_stand_twice_take_no_room(here):
    _, folder = run()
    twin = folder / "memory.tanh8.none.0.html"
    assert twin.samefile(here / scene_name(0, "html"))


def test_files_are_copied_where_there_are_no_links(here, monkeypatch):
    def refuse(source: Path, target: Path) -> None:
        raise OSError("no links here")

    monkeypatch.setattr("os.link", refuse)
    _, folder = run()
    copy = folder / "memory.tanh8.none.0.html"
    assert copy.read_text() == "<title>network 0</title>"
    assert not copy.samefile(here / scene_name(0, "html"))


def test_an_experiment_that_draws_nothing_has_a_page_of_all(here):
    result, folder = run(study(scenes={"networks": 0}))
    assert result.exit_code == 0, result.output
    assert names(folder) == ["index.html", "provenance.json"]
    assert "0 of 12 networks have a page." in (folder / "index.html").read_text()


@pytest.mark.parametrize("size", [0, 20, 200])
def test_a_damaged_picture_is_named_and_leaves_nothing(here, size):
    picture = here / scene_name(0, "png")
    picture.write_bytes(picture.read_bytes()[:size])
    result, folder = run()
    assert "is no whole picture" in refused(result, picture)
    assert not folder.exists()
