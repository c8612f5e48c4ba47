"""Any file of a finished experiment that is deleted comes back with the same bytes."""

import shutil
from collections import Counter

import pytest

from rnnpipe.plan.paths import output_paths
from rnnpipe.plan.stages import IMPORT, STAGES
from tests.workflow.checkout import Checkout, Job, jobs_in
from tests.workflow.predicted import Predicted, small

PLAN = small()
# One file or folder of every kind: of each stage's first job, every output.
KINDS = {
    f"{rule} {name}": path
    for rule, jobs in PLAN.jobs().items()
    for name, path in output_paths(PLAN.name, rule, *jobs[0]).items()
}
# Every stage's last file, deleted and made again for real.
LAST = {rule: [kind for kind in KINDS if kind.split()[0] == rule][-1] for rule in PLAN.jobs()}


@pytest.fixture(scope="module")
def predicted(tmp_path_factory) -> Predicted:
    return Predicted(Checkout(tmp_path_factory.mktemp("fresh")).jobs())


def delete(checkout: Checkout, *kinds: str) -> None:
    for path in (checkout.folder / KINDS[kind] for kind in kinds):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def repeated(checkout: Checkout, *kinds: str) -> set[Job]:
    """Jobs that run when files are deleted; all bytes are then as before."""
    before = checkout.files()
    delete(checkout, *kinds)
    jobs = set(jobs_in(checkout.run()))
    assert checkout.files() == before
    assert checkout.planned() == set()
    return jobs


def test_the_default_target_asks_for_every_file_that_jobs_write(predicted):
    """What no job reads, and so would never be missed, is asked for too."""
    every = {path for said in predicted.jobs.values() for path in said["output"]}
    assert set(PLAN.every_file()) == every
    assert set(KINDS.values()) <= every
    assert {kind.split()[0] for kind in KINDS} == {*STAGES} - {IMPORT}


def test_what_runs_again_for_every_kind_of_file(predicted):
    """Prints the table of deleted files (`pytest -s`)."""
    for kind, path in KINDS.items():
        jobs = predicted.lost(path)
        assert predicted.makers[path] in jobs
        counts = Counter(rule for rule, _ in jobs)
        print(f"{kind}: {', '.join(f'{n} {rule}' for rule, n in counts.items())}")


def test_lost_files_that_nobody_reads_come_back_and_nothing_else_is_repeated(copied, predicted):
    lost = ("findings html", "figure svg", "pages folder")
    own = {predicted.makers[KINDS[kind]] for kind in lost}
    assert repeated(copied, *lost) == own


@pytest.mark.parametrize("kind", ["train weights", "harvest components"])
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


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_planned_as_predicted(copied, predicted, kind):
    delete(copied, kind)
    assert copied.planned() == predicted.lost(KINDS[kind])


@pytest.mark.slow
@pytest.mark.parametrize("rule", LAST)
def test_a_lost_file_of_every_stage_comes_back_with_the_same_bytes(copied, predicted, rule):
    assert repeated(copied, LAST[rule]) == predicted.lost(KINDS[LAST[rule]])
