"""Wherever the workflow runs from, it repeats nothing and gives the same bytes.

In each way, from the results of a clone, files are removed that a training makes, a job that
finds tables by itself, and one that draws: just these are made again, as they were.
"""

from pathlib import Path

import pytest

from rnnpipe.jobs.results_root import results_in
from rnnpipe.plan.paths import output_paths
from tests.helpers.built_once import built_once
from tests.workflow.checkout import EXPERIMENT, jobs_in
from tests.workflow.kills import kill_run
from tests.workflow.ways import Elsewhere, by_directory, by_module, by_wheel, installed, taken_along

TRAINING = ("train", "integrator", "tanh8", "none", "0-1")
REMADE = (TRAINING, ("population", "flipflop"), ("figure", "flipflop", "census"))


@pytest.fixture(scope="module")
def wheel(finished, tmp_path_factory) -> Path:
    """The interpreter of an environment with a wheel of the clone."""
    folder = built_once(
        tmp_path_factory, "wheel", lambda folder: installed(finished.folder, folder)
    )
    return folder / "venv" / "bin" / "python"


@pytest.fixture(
    params=["directory", pytest.param("module", marks=pytest.mark.slow), "prefix", "wheel"]
)
def way(request, finished, tmp_path) -> Elsewhere:
    """A folder with nothing in it but what one of the ways needs."""
    name, clone = request.param, finished.folder
    if name == "wheel":
        return by_wheel(tmp_path, request.getfixturevalue("wheel"))
    if name == "directory":
        return by_directory(tmp_path, clone)
    return by_module(tmp_path, clone, "skeletons/all" if name == "prefix" else "")


def removed(way: Elsewhere, *jobs: tuple[str, ...]) -> list[str]:
    """Files of some jobs, which are removed."""
    with results_in(way.root):
        files = [
            path for rule, *names in jobs for path in output_paths("small", rule, *names).values()
        ]
    for file in files:
        (way.folder / file).unlink()
    return files


def test_it_repeats_nothing_and_makes_the_same_bytes(finished, way):
    taken_along(finished, way)
    files = removed(way, *REMADE)
    output = way.run("--printshellcmds", *files)
    ran = sorted(rule.removeprefix("rnn_") for rule, _ in jobs_in(output))
    assert ran == ["figure", "population", "train"]
    assert way.files() == finished.files()
    # Where a killed training looks for it again.
    assert f"--checkpoint {way.root}/small/checkpoints/train/integrator.tanh8.none.0-1.pt" in output


def test_a_run_of_an_installed_package_that_is_killed_and_repeated_gives_the_same_bytes(
    finished, wheel, tmp_path
):
    way = taken_along(finished, by_wheel(tmp_path, wheel))
    way.write(EXPERIMENT)
    files = removed(way, TRAINING)
    kill_run(way, "train", 2.0, files)
    way.run(*files)
    assert way.files() == finished.files()
    assert not list(tmp_path.rglob("*.partial"))
