"""Snakemake runs again what is predicted, and nothing where nothing that counts has changed."""

import os
import shutil

import pytest

from tests.workflow.checkout import Checkout


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
    assert {"skeleton", "pages"} <= {rule for rule, _ in jobs}
    assert copied.planned() == jobs


def test_an_edit_of_a_script_re_runs_its_job_and_what_reads_its_stage_alone(copied, predicted):
    """The harvest runs in the same job, and the search that reads it is left as it is."""
    edit(copied, "scripts/behaviour.py", "if __name__", "assert True\n\n\nif __name__")
    follows = predicted.following(predicted.of("behaviour"))
    assert {"harvest", "statistics"} <= {rule for rule, _ in follows}
    assert not {"fixed_points", "skeleton"} & {rule for rule, _ in follows}
    assert predicted.edited(copied.folder / "rnnpipe") == follows
    assert copied.planned() == follows


def test_where_settings_changed_too_a_lost_file_hides_none_of_what_follows(copied, predicted):
    """Snakemake asks no job that follows on another that runs for reasons of its own."""
    next(copied.results.glob("components/task=flipflop/**/components.parquet")).unlink()
    for changes in ({"harvest.trials": 9}, {"fixed_points.tolerance": 1e-18}):
        assert copied.planned(changes) >= predicted.changed(changes)


def test_who_asks_for_jobs_again_gets_what_follows_from_them(finished, predicted):
    follows = predicted.following(predicted.of("skeleton"))
    assert finished.planned({}, "--forcerun", "skeleton") == follows
