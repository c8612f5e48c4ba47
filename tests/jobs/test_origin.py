"""A job refuses files that were made otherwise than planned, and names what differs."""

import json
from pathlib import Path

import pytest

from rnnpipe.jobs.origin import found_origin
from rnnpipe.plan.expected import Expected
from rnnpipe.plan.job_settings import job_settings
from rnnpipe.plan.paths import block_path
from rnnpipe.settings import Cohort
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.fingerprint import Origin
from rnnpipe.tables.provenance import made_from, provenance
from tests.helpers.plans import changed, plan
from tests.helpers.planted import plant_words

BLOCK = ("memory", "tanh10", "none", "0-3")


@pytest.fixture
def weights(tmp_path, monkeypatch) -> Path:
    """Weights that say that they were made as planned."""
    monkeypatch.chdir(tmp_path)
    expected = Expected(plan())
    path = Path(block_path("x", "weights", Cohort(*BLOCK[:3]), BLOCK[3]))
    path.parent.mkdir(parents=True)
    with made_from(expected.origin("train", *BLOCK)):
        plant_words(path, provenance(job_settings(plan(), "train", *BLOCK)))
    return path


def told(**sections) -> Origin:
    """What the job that harvests is told."""
    return Origin(**json.loads(Expected(plan(**sections)).origin_text("harvest", *BLOCK)))


def test_files_as_planned_are_accepted(weights):
    assert found_origin(told(), {"weights": [weights]}).code == told().code


def test_other_settings_are_named_with_both_values(weights):
    other = told(**changed("tasks.memory.training.learning_rate", 0.02))
    with pytest.raises(ArtifactError) as caught:
        found_origin(other, {"weights": [weights]})
    text = str(caught.value)
    assert text.startswith(f"{weights}: is stale: training.learning_rate was 0.01, is now 0.02; ")
    assert text.endswith("run the workflow again, which makes stale files anew")


def test_by_hand_nothing_is_expected_and_what_is_read_is_told(weights):
    expected = Expected(plan()).fingerprint("train", *BLOCK)
    assert found_origin(None, {"weights": [weights]}).files == {"weights": expected}
