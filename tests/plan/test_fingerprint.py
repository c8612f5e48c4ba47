"""A stage's fingerprint changes with the code it runs, and with nothing else."""

import pytest

from rnnpipe.plan import fingerprint as module
from rnnpipe.plan.fingerprint import closure, fingerprint
from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.tables.schemas.blocks import BLOCKS
from tests.helpers.codes import forget


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of four files: a imports b, b imports c inside a function, d stands alone."""
    files = {
        "a.py": "from rnnpipe.b import f\n",
        "b.py": "def f():\n    from rnnpipe import c\n    return c.X\n",
        "c.py": '"""About c."""\nX = 1\n',
        "d.py": "Y = 2\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(module, "ROOT", tmp_path)

    def read(name: str) -> str:
        forget()
        return fingerprint((f"rnnpipe.{name}",))

    yield tmp_path, read
    monkeypatch.undo()
    forget()


def test_what_is_imported_anywhere_counts(package):
    folder, read = package
    before = read("a")
    (folder / "c.py").write_text("X = 2\n")
    assert read("a") != before


def test_what_is_not_imported_does_not_count(package):
    folder, read = package
    before = read("a")
    (folder / "d.py").write_text("Y = 3\n")
    assert read("a") == before
    assert read("d") != before


def test_templates_beside_what_is_imported_count(package):
    folder, read = package
    before = read("a")
    for name in ("page.html.jinja", "page.css", "page.js"):
        (folder / name).write_text("one")
        after = read("a")
        assert after != before
        (folder / name).write_text("two")
        before = read("a")
        assert after != before
    (folder / "notes.txt").write_text("one")
    assert read("a") == before


def test_comments_docstrings_and_layout_do_not_count(package):
    folder, read = package
    before = read("a")
    (folder / "c.py").write_text('"""Something else."""\n\n# why\nX   =  1\n')
    assert read("a") == before


def test_closures_of_the_stages():
    training = closure(BLOCK_STAGES["train"].modules)
    assert {
        "rnnpipe.networks.cells.scan",
        "rnnpipe.networks.cells",
        "rnnpipe.tasks.flipflop",
        "rnnpipe.training.schedule",
    } <= training
    assert not any(name.startswith("rnnpipe.figures") for name in training)
    # A section is what a job is told; how the file is read is none of its business.
    settings = {name for name in training if name.startswith("rnnpipe.settings")}
    assert all(name.startswith("rnnpipe.settings.sections.") for name in settings)
    assert "rnnpipe.dynamics.fixed_points.solver" not in training
    assert "rnnpipe.dynamics.fixed_points.solver" in closure(BLOCK_STAGES["fixed_points"].modules)
    assert "rnnpipe.training.fit" not in closure(BLOCK_STAGES["fixed_points"].modules)
    looping = {s for s, stage in BLOCK_STAGES.items() if "weights" in stage.inputs}
    assert len(looping) == 7
    assert all("rnnpipe.results.block_loop" in closure(BLOCK_STAGES[s].modules) for s in looping)


def test_what_is_left_out_does_not_count(package):
    folder, read = package
    before, whole = fingerprint(("rnnpipe.a",), ("rnnpipe.c",)), read("a")
    (folder / "c.py").write_text("X = 2\n")
    assert read("a") != whole
    assert fingerprint(("rnnpipe.a",), ("rnnpipe.c",)) == before


def test_no_job_of_a_block_writes_a_table_of_the_population():
    """Whose columns are left out of their fingerprints."""
    written = {name for stage in BLOCK_STAGES.values() for name in stage.outputs}
    assert written - {"weights", "graphs"} == set(BLOCKS)
