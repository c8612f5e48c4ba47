"""Whatever is killed at any moment loses nothing and leaves nothing half-written."""

import pytest

from rnnpipe.plan.stages import IMPORT, STAGES
from tests.workflow.checkout import EXPERIMENT
from tests.workflow.kills import kill_job, kill_run, removed, status_later

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("delay", [0.5, 2.0, 2.5, 3.0])
@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != IMPORT])
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
