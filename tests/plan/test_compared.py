"""What files hold is compared with what was made from them: lost ones may come back otherwise."""

import os
from pathlib import Path

import pytest

from rnnpipe.commands.status.jobs import jobs_of
from rnnpipe.jobs.origin import found_origin
from rnnpipe.plan.compared import FOLLOWS, compared, stale_jobs
from rnnpipe.plan.expected import Expected
from rnnpipe.plan.job_settings import job_settings
from rnnpipe.plan.paths import block_path, scene_folder
from rnnpipe.settings import Cohort
from rnnpipe.tables.provenance import made_from, mark_folder
from tests.helpers.plans import plan
from tests.helpers.planted import plant_done, plant_table

COHORT, BLOCK = Cohort("memory", "tanh10", "none"), "0-3"
NAMES = (*vars(COHORT).values(), BLOCK)
HARVEST, POPULATION = ("harvest", *NAMES), ("population", "memory")
DIMENSIONALITY = Path(block_path("x", "dimensionality", COHORT, BLOCK))


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> None:
    """All files of the experiment, each made from those that it reads as they are."""
    monkeypatch.chdir(tmp_path)
    for job in jobs_of(plan()):
        plant_done(job, 1.0, told=True)


def plant_again(path: Path, job: tuple[str, ...], table: str, value: float) -> None:
    """A table that was made as planned, from the same files, and holds a number."""
    expected = Expected(plan())
    origin = found_origin(expected.origin(*job), expected.reads(*job))
    with made_from(origin):
        plant_table(path, table, job_settings(plan(), *job), value)


def test_files_that_hold_what_was_read_are_settled():
    found = compared(Expected(plan()))
    assert found.stale == {}
    reads = Expected(plan()).reads(*POPULATION)
    assert found.settled[POPULATION] == {str(path) for paths in reads.values() for path in paths}
    assert block_path("x", "weights", COHORT, BLOCK) in found.settled[HARVEST]


def test_a_file_that_came_back_otherwise_makes_stale_what_was_made_from_it():
    before = compared(Expected(plan())).settled
    plant_again(DIMENSIONALITY, HARVEST, "dimensionality", 0.0)
    assert compared(Expected(plan())).settled == before
    plant_again(DIMENSIONALITY, HARVEST, "dimensionality", 1e-16)
    stale = stale_jobs(Expected(plan()))
    assert HARVEST not in stale
    assert stale.pop(POPULATION) == ["dimensionality now holds other values than were read"]
    assert {"statistics", "findings", "figure", "scene", "pages"} <= {job[0] for job in stale}
    # Distances are made from the blocks' tables alone.
    assert "distances" not in {job[0] for job in stale}
    assert all(text.startswith(FOLLOWS) for (text,) in stale.values())


@pytest.mark.parametrize("lost", ["missing", "damaged", "of an earlier version"])
def test_what_is_not_known_is_neither_stale_nor_settled(lost):
    if lost == "missing":
        DIMENSIONALITY.unlink()
    elif lost == "damaged":
        DIMENSIONALITY.write_bytes(b"PAR1")
    else:
        plant_done(job_named(HARVEST), 1.0)
    found = compared(Expected(plan()))
    assert found.stale == {}
    assert str(DIMENSIONALITY) not in found.settled[POPULATION]
    assert block_path("x", "training", COHORT, BLOCK) in found.settled[POPULATION]
    # A job that lacks a file of its own runs, and Snakemake is to know all that is newer.
    assert (HARVEST in found.settled) == (lost != "missing")


def test_an_earlier_version_says_nothing_of_what_it_read():
    plant_done(job_named(POPULATION), 1.0)
    assert compared(Expected(plan())).settled[POPULATION] == set()


def test_asking_for_kept_weights_trains_again_and_repeats_nothing_that_reads_the_weights():
    """Trained again, networks are the same: only their snapshots were lacking."""
    found = compared(Expected(plan(development={"steps": [7, 9]})))
    texts = {job[0]: texts for job, texts in found.stale.items()}
    assert texts.pop("train") == ["kept was [], is now [0,7,9,50]"]  # of the last model
    assert texts.keys() <= {"findings", "scene", "pages", "seconds"}
    assert block_path("x", "weights", COHORT, BLOCK) in found.settled[HARVEST]


def job_named(job: tuple[str, ...]):
    return next(one for one in jobs_of(plan()) if (one.rule, *one.names) == job)


class TestFolders:
    folder = Path(scene_folder("x", COHORT, "examples"))
    job = ("scene", *vars(COHORT).values(), "examples")

    @pytest.fixture(autouse=True)
    def filled(self):
        expected = Expected(plan())
        for name in ("seed=0.html", "seed=0.png", "seed=1.html"):
            (self.folder / name).write_text(name)
        with made_from(found_origin(expected.origin(*self.job), expected.reads(*self.job))):
            mark_folder(self.folder, job_settings(plan(), *self.job))

    def said(self) -> list[str]:
        return stale_jobs(Expected(plan())).get(self.job, [])

    def test_what_is_lacking_and_what_is_damaged_is_named(self):
        assert self.said() == []
        (self.folder / "seed=0.png").unlink()
        assert self.said() == ["lacks seed=0.png"]
        (self.folder / "seed=0.html").unlink()
        os.truncate(self.folder / "seed=1.html", 3)
        assert self.said() == ["lacks seed=0.html and 1 more and holds a damaged seed=1.html"]

    def test_the_pages_follow(self):
        (self.folder / "seed=0.png").unlink()
        stale = stale_jobs(Expected(plan()))
        # They were made from a folder that held less.
        assert ("pages",) in stale
