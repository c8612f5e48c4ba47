"""Whatever is killed at any moment loses nothing and leaves nothing half-written."""

import pytest

from tests.workflow.checkout import EXPERIMENT, Checkout, changed
from tests.workflow.kills import kill_job, kill_run, kill_run_at, removed, stages_of, status_later

pytestmark = pytest.mark.slow
# Skeletons of the networks at some steps of their training.
ASKED = {"development": {"steps": [10, 20], "rounds": 2, "runs": 4, "updates": 200}}


@pytest.mark.parametrize("delay", [0.5, 2.0, 2.5, 3.0])
@pytest.mark.parametrize("stage", stages_of())
def test_a_killed_run_repeated_gives_the_same_bytes(finished, copied, stage, delay):
    targets = removed(copied, stage)
    copied.write(EXPERIMENT)
    kill_run(copied, stage, delay, targets)
    copied.run(*targets)
    assert copied.files() == finished.files()


def test_a_killed_job_is_reported_and_run_again(finished, copied):
    targets = removed(copied, "stability")
    copied.write(EXPERIMENT)
    assert "skeleton" in kill_job(copied, "stability", targets)
    assert "\nfailed: skeleton " in status_later(copied, "skeleton")
    copied.run(*targets)
    assert copied.files() == finished.files()


def test_a_killed_job_goes_on_behind_the_stages_that_it_finished(finished, copied):
    targets = removed(copied, "graph", jobs=1)
    copied.write(EXPERIMENT)
    kill_run_at(copied, "graph", "ends/**/.ends.parquet.finished", targets)
    copied.run(*targets)
    (log,) = [
        text
        for path in copied.results.glob("logs/skeleton/*.log")
        if "finished by an earlier attempt" in (text := path.read_text())
    ]
    assert log.index("attractors.py") < log.index("finished by") < log.index("graph.py")
    assert copied.files() == finished.files()


@pytest.fixture(scope="module")
def developed(finished, tmp_path_factory) -> Checkout:
    """The finished checkout after a run that asks for weights that are kept in training."""
    checkout = finished.copied(tmp_path_factory.mktemp("developed") / "copy")
    jobs = checkout.planned(ASKED)
    checkout.run(**ASKED)
    # All were trained again, to the same bytes, and what reads their weights was not repeated.
    assert {"train", "development"} <= {rule for rule, _ in jobs}
    assert not {"harvest", "fixed_points", "skeleton", "population"} & {rule for rule, _ in jobs}
    for table in ("weights", "history", "training"):
        assert checkout.files(f"{table}/**/*") == finished.files(f"{table}/**/*")
    return checkout


@pytest.mark.parametrize("delay", [0.5, 2.5, 4.0])
@pytest.mark.parametrize("stage", ["train", "development"])
def test_killed_runs_that_keep_weights_give_the_same_bytes(developed, tmp_path, stage, delay):
    copied, experiment = developed.copied(tmp_path / "copy"), changed(ASKED)
    targets = removed(copied, stage, experiment=experiment)
    copied.write(experiment)
    kill_run(copied, stage, delay, targets)
    copied.run(*targets, **ASKED)
    assert copied.files() == developed.files()
