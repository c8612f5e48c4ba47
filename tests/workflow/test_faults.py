"""Whatever is killed loses nothing and leaves nothing half-written."""

from tests.workflow.checkout import EXPERIMENT
from tests.workflow.kills import kill_job, kill_run, removed, status_later


def test_a_killed_job_is_reported_and_a_killed_run_repeated_gives_the_same_bytes(finished, copied):
    """test_kills.py kills in every stage."""
    targets = removed(copied, "train", jobs=1)
    copied.write(EXPERIMENT)
    assert "rule train" in kill_job(copied, "train", targets)
    assert "\nfailed: train " in status_later(copied, "train")
    kill_run(copied, "train", 2.5, targets)
    copied.run(*targets)
    assert copied.files() == finished.files()
