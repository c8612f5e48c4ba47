"""Any file of a finished experiment that is deleted comes back with the same bytes."""

import shutil
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from rnnpipe.plan.paths import output_paths
from rnnpipe.plan.stages import IMPORT, STAGES
from rnnpipe.tables.contents import table_digest
from rnnpipe.tables.provenance import CONTENT
from tests.workflow.checkout import Checkout, Job, jobs_in
from tests.workflow.predicted import small

PLAN = small()
# The stages that the small experiment has jobs of.
JOBS = {stage: jobs for stage, jobs in PLAN.jobs().items() if jobs}
# One file or folder of every kind: of each stage's first job, every output.
KINDS = {
    f"{rule} {name}": path
    for rule, jobs in JOBS.items()
    for name, path in output_paths(PLAN.name, rule, *jobs[0]).items()
}
# Every stage's last file, deleted and made again for real.
LAST = {rule: [kind for kind in KINDS if kind.split()[0] == rule][-1] for rule in JOBS}


def delete(checkout: Checkout, *kinds: str) -> None:
    for path in (checkout.folder / KINDS[kind] for kind in kinds):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def repeated(checkout: Checkout, *kinds: str, part: str = "") -> set[Job]:
    """Jobs that run when files are deleted, or a part of a folder; all bytes are then as before."""
    before = checkout.files()
    delete(checkout, *kinds)
    if part:
        (checkout.folder / part).unlink()
    jobs = set(jobs_in(checkout.run()))
    assert checkout.files() == before
    assert checkout.planned() == set()
    return jobs


def test_the_default_target_asks_for_every_file_that_jobs_write(predicted):
    """What no job reads, and so would never be missed, is asked for too."""
    every = {path for said in predicted.jobs.values() for path in said["output"]}
    assert set(PLAN.every_file()) == every
    assert set(KINDS.values()) <= every
    everywhere = {name for name, stage in STAGES.items() if stage.only in (None, "swept")}
    assert {kind.split()[0] for kind in KINDS} == everywhere - {IMPORT}


def test_what_runs_again_for_every_kind_of_file(predicted):
    """Prints the table of deleted files (`pytest -s`)."""
    for kind, path in KINDS.items():
        jobs = predicted.lost(path)
        assert predicted.makers[path] in jobs
        counts = Counter(rule for rule, _ in jobs)
        print(f"{kind}: {', '.join(f'{n} {rule}' for rule, n in counts.items())}")


def test_lost_files_and_parts_of_folders_come_back_and_nothing_else_is_repeated(copied, predicted):
    """Files that nobody reads, but for a network's caption: it is missed in the scene's folder."""
    lost, scene = ("findings html", "figure svg", "pages folder"), KINDS["scene folder"]
    own = {predicted.makers[file] for file in (*(KINDS[kind] for kind in lost), scene)}
    assert repeated(copied, *lost, part=f"{scene}/seed=0.txt") == own


@pytest.mark.parametrize("kind", ["train history", "harvest trajectories", "population networks"])
def test_snakemake_brings_back_what_is_predicted(finished, predicted, kind):
    """Moved away and back, so that the checkout stays whole."""
    path = finished.folder / KINDS[kind]
    hidden = path.rename(finished.folder / "hidden")
    try:
        assert finished.planned() == predicted.lost(KINDS[kind])
    finally:
        hidden.rename(path)


def test_no_job_is_repeated_for_its_lost_measurement(copied):
    """Also where the table of seconds is made anew."""
    for file in copied.results.glob("benchmarks/**/*.tsv"):
        file.unlink()
    assert copied.planned() == {("seconds", "")}


@pytest.fixture
def mantel(copied) -> Path:
    """A table of which no number is as it would come back, as if made by another library."""
    path = copied.folder / KINDS["statistics mantel"]
    rows = pq.read_table(path)
    said = rows.schema.metadata
    place = rows.schema.get_field_index("r")
    rows = rows.set_column(place, rows.schema.field(place), [[0.25] * len(rows)])
    pq.write_table(
        rows.replace_schema_metadata({**said, CONTENT.encode(): table_digest(rows)}), path
    )
    return path


# What is drawn of the table above.
DRAWN = {("figure", "task=flipflop, kind=numbers")}


def test_what_was_made_from_other_numbers_than_there_are_is_stale(copied, mantel):
    assert copied.planned() == DRAWN
    assert "mantel now holds other values than were read" in copied.status()
    assert "mantel now holds other values" in copied.refused("--report", "a.zip")


@pytest.mark.slow
def test_a_lost_file_that_does_not_come_back_the_same_is_an_error(copied, mantel):
    """What was made from it before is told apart at once, and made anew by the next run."""
    copied.run()
    assert copied.planned() == set()
    delete(copied, "statistics effects")
    output = copied.refused()
    assert "came back otherwise than they were" in output
    assert "mantel now holds other values than were read" in output
    assert copied.planned() == DRAWN
    copied.run()
    assert copied.planned() == set()


@pytest.mark.slow
def test_a_file_that_is_cut_short_in_a_folder_is_missed(copied):
    """In the folder of pages the files have other names, and are the same files."""
    before = copied.files()
    (copied.folder / KINDS["scene folder"] / "seed=0.html").write_text("cut short")
    cohort = "task=flipflop, model=tanh8, constraint=none, part=examples"
    assert copied.planned() == {("scene", cohort), ("pages", "")}
    copied.run()
    assert copied.files() == before


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_planned_as_predicted(copied, predicted, kind):
    delete(copied, kind)
    assert copied.planned() == predicted.lost(KINDS[kind])


@pytest.mark.slow
@pytest.mark.parametrize("rule", LAST)
def test_a_lost_file_of_every_stage_comes_back_with_the_same_bytes(copied, predicted, rule):
    assert repeated(copied, LAST[rule]) == predicted.lost(KINDS[LAST[rule]])
