"""Snakemake runs again what is predicted, and nothing where nothing that counts has changed."""

import os
import shutil

import pytest

from tests.workflow.checkout import Checkout
from tests.workflow.predicted import Predicted


@pytest.fixture(scope="module")
def predicted(finished) -> Predicted:
    return Predicted(finished.jobs("--forceall"))


def edit(checkout: Checkout, name: str, old: str, new: str) -> None:
    file = checkout.folder / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_a_finished_experiment_runs_nothing(finished):
    assert finished.planned() == set()


def test_another_place_other_times_other_words_and_comments_run_nothing(finished, tmp_path):
    moved = finished.copied(tmp_path / "moved", by=shutil.copy)
    for path in [*moved.folder.glob("scripts/*"), *moved.folder.glob("rnnpipe/**/*.py")]:
        os.utime(path)
    edit(moved, "rnnpipe/training/fit.py", '"""', '"""Of late: ')
    model = {"units": 8, "activation": "tanh", "cell": "vanilla"}
    words = {"training.weight_decay": 0, "compute.threads": 2, "models": {"tanh8": model}}
    assert moved.planned(words) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"seeds": "0-2"},
        {"fixed_points.tolerance": 1e-18},
    ],
    ids=["a new seed", "the search"],
)
def test_settings_re_run_what_is_predicted(finished, predicted, changes):
    jobs = predicted.changed(changes)
    assert jobs
    assert finished.planned(changes) == jobs


def test_an_edit_of_the_package_re_runs_what_is_predicted(copied, predicted):
    edit(copied, "rnnpipe/dynamics/stability.py", "np.", "1 * np.")
    jobs = predicted.edited(copied.folder / "rnnpipe")
    assert {"stability", "pages"} <= {rule for rule, _ in jobs}
    assert copied.planned() == jobs


def test_an_edit_of_a_script_re_runs_its_stage(copied, predicted):
    edit(copied, "scripts/graph.py", "if __name__", "assert True\n\n\nif __name__")
    first = {job for job in predicted.jobs if job[0] == "graph"}
    assert predicted.edited(copied.folder / "rnnpipe") == predicted.following(first)
    assert copied.planned() == predicted.following(first)


def test_a_lost_file_is_made_again_with_all_that_follows(copied, predicted):
    """Of a block's last stage: what lies between is not made again while nothing reads it."""
    next(copied.results.glob("edges/task=flipflop/**/edges.parquet")).unlink()
    jobs = copied.planned()
    (made,) = {job for job in jobs if job[0] == "graph"}
    assert jobs == predicted.following([made])
