import json
from pathlib import Path

import pytest

from tests.helpers.built_once import built_once
from tests.workflow.checkout import Checkout
from tests.workflow.predicted import Predicted


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Checkout:
    """A checkout in which the small experiment has run to its end: the worker's own copy."""
    folder = built_once(
        tmp_path_factory, "workflow", lambda folder: Checkout(folder).committed().run()
    )
    return Checkout.at(folder).copied(tmp_path_factory.mktemp("checkout") / "copy")


@pytest.fixture
def copied(finished, tmp_path) -> Checkout:
    """The finished checkout, for the test alone."""
    return finished.copied(tmp_path / "copy")


@pytest.fixture(scope="session")
def predicted(tmp_path_factory) -> Predicted:
    """What repeats, told from a dry run of the small experiment where nothing is done yet."""

    def dry_run(folder: Path) -> None:
        jobs = Checkout(folder / "fresh").jobs()
        (folder / "jobs.json").write_text(json.dumps([[*job, said] for job, said in jobs.items()]))

    file = built_once(tmp_path_factory, "predicted", dry_run) / "jobs.json"
    return Predicted({(rule, names): said for rule, names, said in json.loads(file.read_text())})
