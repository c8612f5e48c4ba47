"""Which jobs an edit of the package repeats by itself; ``pytest -s`` prints the table."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import STAGES
from rnnpipe.settings import Experiment
from tests.helpers.codes import every_code, read_at
from tests.plan.edits import EDITS, EXPERIMENT, Edit

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan(Experiment.from_mapping(EXPERIMENT))


@pytest.fixture(scope="module")
def repeated(plan, tmp_path_factory) -> Iterator[Callable[[Edit], set[str]]]:
    """Stages that an edit of a copy of the package and its scripts repeats."""
    folder = tmp_path_factory.mktemp("copy")
    for part in ("rnnpipe", "scripts"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    package = folder / "rnnpipe"

    def codes() -> dict[tuple[str, ...], str]:
        with read_at(package):
            return every_code(plan)

    with pytest.MonkeyPatch.context() as patch:
        # What is read of files is kept beside the copy, as in use.
        patch.setattr("sys.dont_write_bytecode", False)
        before = codes()

        def apply(edit: Edit) -> set[str]:
            file = package / edit.file
            text = file.read_text() if file.exists() else None
            assert text is None or edit.old in text
            file.write_text(edit.new if text is None else text.replace(edit.old, edit.new, 1))
            try:
                after = codes()
            finally:
                file.write_text(text) if text is not None else file.unlink()
            return summary({job: after[job] != before[job] for job in before}, plan)

        yield apply


def summary(changed: Mapping[tuple[str, ...], bool], plan: Plan) -> set[str]:
    """Stages by name, and by cell, task or kind of figure where some of their jobs repeat."""
    found = set()
    for stage in STAGES:
        jobs = {job[1:]: now for job, now in changed.items() if job[0] == stage}
        if jobs and all(jobs.values()):
            found.add(stage)
        elif any(jobs.values()):
            found.add(f"{stage} of {_some(jobs)}")
    return found


def _some(jobs: Mapping[tuple[str, ...], bool]) -> str:
    """What tells the jobs that repeat from the others: their task, cell or kind of figure."""
    for place in range(len(next(iter(jobs)))):
        some = {job[place] for job, now in jobs.items() if now}
        if all(now == (job[place] in some) for job, now in jobs.items()):
            return ", ".join(sorted(some))
    return f"{sum(jobs.values())} of {len(jobs)} jobs"


@pytest.mark.parametrize("edit", EDITS, ids=[edit.what for edit in EDITS])
def test_an_edit_repeats_what_it_touches(edit, repeated):
    found = repeated(edit)
    print(f"{edit.what:32} | {edit.file:34} | {', '.join(sorted(found)) or 'nothing'}")
    assert found == edit.repeats
