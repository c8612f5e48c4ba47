"""Results without Snakemake's records, or under another name, are current or stale as they say."""

import shutil

import pytest

from tests.workflow.checkout import Checkout

EDIT = {"tasks.integrator.training.learning_rate": 0.005}


@pytest.fixture
def unrecorded(finished, tmp_path) -> Checkout:
    """The finished results elsewhere, without what Snakemake recorded of them."""
    checkout = finished.copied(tmp_path / "elsewhere")
    shutil.rmtree(checkout.folder / ".snakemake")
    return checkout


def test_copied_results_are_current_and_edited_ones_stale_as_with_records(unrecorded, predicted):
    before = unrecorded.files()
    assert unrecorded.planned() == set()
    jobs = predicted.changed(EDIT)
    assert unrecorded.planned(EDIT) == jobs
    # A target that needs no stale file repeats none, and a dry run deletes none.
    current = "results/small/weights/task=flipflop/model=tanh8/constraint=none/seeds=0-1/weights.pt"
    assert unrecorded.planned(EDIT, current) == set()
    assert unrecorded.files() == before


def test_an_edited_file_that_was_never_run_has_no_report(unrecorded):
    output = unrecorded.refused("--report", "a.zip", **EDIT)
    assert "training.learning_rate was 0.004, is now 0.005" in output
    assert not (unrecorded.folder / "a.zip").exists()
    text = unrecorded.status()
    assert "training.learning_rate was 0.004, is now 0.005" in text


def test_a_renamed_experiment_keeps_all_but_the_pages_that_name_it(unrecorded):
    unrecorded.results.rename(unrecorded.results.with_name("other"))
    changes = {"experiment": "other"}
    assert unrecorded.planned(changes) == {("findings", ""), ("pages", "")}
