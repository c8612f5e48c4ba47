"""A job's fingerprint follows imports, and counts what code does, not what it says."""

import pytest

from rnnpipe.plan import fingerprint as module
from rnnpipe.plan.fingerprint import Kinds, job_code, reached
from rnnpipe.plan.source import read_source
from rnnpipe.plan.stages import BLOCK_STAGES, STAGES
from tests.helpers.codes import forget

KINDS = Kinds(frozenset({"flipflop"}), frozenset({"vanilla"}), frozenset({"census"}))


COLUMNS = "from rnnpipe.tables.schemas.columns import whole"
TABLES = "ALL = {'seconds': {'seed': SEED, 'x': whole('A.')}, 'edges': {'x': whole('B.')}}"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A script that imports a, which imports b, which imports c inside a function; d is alone."""
    files = {
        "scripts/seconds.py": "from rnnpipe import a\n",
        "rnnpipe/a.py": "from rnnpipe.b import f\n",
        "rnnpipe/b.py": "def f():\n    from rnnpipe import c\n    return c.X\n",
        "rnnpipe/c.py": '"""About c."""\nX = 1\n',
        "rnnpipe/d.py": "Y = 2\n",
        "rnnpipe/tables/schemas/columns.py": "def whole(meaning):\n    return 1\n",
        "rnnpipe/tables/schemas/shared.py": f"{COLUMNS}\nSEED = whole('Its seed.')\n",
        "rnnpipe/tables/schemas/all.py": f"{COLUMNS}\n{TABLES}\n",
        "rnnpipe/tables/schemas/__init__.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(module, "ROOT", tmp_path / "rnnpipe")

    def read() -> str:
        forget()
        return job_code("seconds", Kinds())

    yield tmp_path / "rnnpipe", read
    monkeypatch.undo()
    forget()


def test_what_is_imported_anywhere_counts(package):
    folder, read = package
    before = read()
    (folder / "c.py").write_text("X = 2\n")
    assert read() != before


def test_what_is_not_imported_does_not_count(package):
    folder, read = package
    before = read()
    (folder / "d.py").write_text("Y = 3\n")
    assert read() == before


def test_the_script_counts(package):
    folder, read = package
    before = read()
    (folder.parent / "scripts" / "seconds.py").write_text("from rnnpipe import a\na.f()\n")
    assert read() != before


def test_templates_beside_what_is_imported_count(package):
    folder, read = package
    before = read()
    for name in ("page.html.jinja", "page.css", "page.js"):
        (folder / name).write_text("one")
        after = read()
        assert after != before
        (folder / name).write_text("two")
        before = read()
        assert after != before
    (folder / "notes.txt").write_text("one")
    assert read() == before


def test_of_schemas_the_jobs_own_tables_count(package):
    folder, read = package
    before, file = read(), folder / "tables" / "schemas" / "all.py"
    text = file.read_text()
    file.write_text(text.replace("'edges': {", "'edges': {'y': whole('C.'), "))
    assert read() == before
    file.write_text(text.replace("'seconds': {", "'seconds': {'y': whole('C.'), "))
    assert read() != before


def test_of_a_column_its_type_counts_and_not_what_it_means(package):
    folder, read = package
    before, schemas = read(), folder / "tables" / "schemas"
    for name, old in (("all.py", "'A.'"), ("shared.py", "'Its seed.'")):
        file, text = schemas / name, (schemas / name).read_text()
        file.write_text(text.replace(old, "f'{1} sentence'"))
        assert read() == before
        file.write_text(text.replace(f"whole({old})", f"other({old})"))
        assert read() != before
        file.write_text(text)
    types = schemas / "columns.py"
    types.write_text(types.read_text().replace("return 1", "return 2"))
    assert read() != before


def test_the_place_of_the_scripts_does_not_count(package, monkeypatch):
    folder, read = package
    before = read()
    elsewhere = folder.parent / "elsewhere"
    (folder.parent / "scripts").rename(elsewhere)
    monkeypatch.setenv("RNNPIPE_SCRIPTS", str(elsewhere))
    assert read() == before


def test_what_was_read_is_kept_for_the_next_process_by_content(package, monkeypatch):
    folder, read = package
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    before, kept = read(), folder / "__pycache__" / "fingerprints.json"
    assert kept.exists() and read() == before
    (folder / "c.py").write_text("X = 2\n")
    after = read()
    assert after != before
    kept.write_text("no JSON")
    assert read() == after


SAME = [
    ("x = 1", '"""About."""\n# why\nx   =  1\n'),
    ("def f(a):\n    return a", 'def f(a: int) -> int:\n    """Do."""\n    return a'),
    ("raise ValueError(f'{x} is bad')", "raise ValueError('bad: ' + x) from error"),
    ("assert x, 'one'", "assert x"),
    ("x: int = Field(1, description='one')", "x: int = Field(1, description='two')"),
    ("block.probes(progress='one')", "block.probes(progress='two')"),
    ("import click\nx = 1\nclick.echo(f'{x}')", "x = 1"),
    (
        "from rnnpipe.jobs.progress import Line\nline = Line('one', 3)\nline.update(1, 'a')",
        "from rnnpipe.jobs.progress import Line\nline = Line('two', 3)",
    ),
    (
        "from rnnpipe.faults import Fault\nyield_ = [Fault('one', f'{x}')]",
        "from rnnpipe.faults import Fault\nyield_ = [Fault('two', 'more')]",
    ),
    ("message = f'{x}'\nraise E(message)", "message = 'x' + y\nraise E(message)"),
    ("__all__ = ['a']\nx = 1", "x = 1"),
    ("if TYPE_CHECKING:\n    from rnnpipe.a import A\nx = 1", "x = 1"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_is_only_said_does_not_count(one, other):
    silent = ("rnnpipe.jobs", "rnnpipe.faults")
    assert read_source(one, silent).code == read_source(other, silent).code


LINE = """from rnnpipe.jobs.progress import Line
def f():
    line = Line('one', 3)
    line.update(1)
"""
OTHER = [
    ("x = 1", "x = 2"),
    ("x = 'one'", "x = 'two'"),
    ("raise ValueError('a')", "raise KeyError('a')"),
    ("raise Stopped('a', 1)", "raise Stopped('a', 2)"),
    ("f(progress=1)", "f(progress=2)"),
    (f"{LINE}\nline = []\nline.append(1)", f"{LINE}\nline = []\nline.append(2)"),
    (f"{LINE}\ndef g():\n    line.add('1')", f"{LINE}\ndef g():\n    line.add('2')"),
    ("x = Field(1, description='one')", "x = Field(2, description='one')"),
    ("f('one')", "f('two')"),
    ("from a import f", "from b import f"),
    ("from a import f", "from a import g as f"),
    ("@one\ndef f():\n    pass", "@two\ndef f():\n    pass"),
    ("def f(a=1):\n    pass", "def f(a=2):\n    pass"),
    ("x = a < b", "x = a <= b"),
    ("f(**a)", "f(*a)"),
    ("f(a)(b)", "f(a, b)"),
    ("x = [1, 2]", "x = [[1], 2]"),
]


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_code_does_counts(one, other):
    assert read_source(one).code != read_source(other).code


def test_modules_imported_by_name_are_found():
    found = read_source("import_module(f'rnnpipe.figures.kinds.{name}')").imports
    assert found == (("rnnpipe.figures.kinds", "*"),)
    assert read_source("importlib.import_module('rnnpipe.a')").imports == (("rnnpipe.a", ""),)


def test_what_stages_reach():
    training = reached("train", KINDS)
    assert {
        "rnnpipe.networks.cells.scan",
        "rnnpipe.networks.cells.leaky",
        "rnnpipe.tasks.flipflop",
        "rnnpipe.training.schedule",
    } <= training
    assert "rnnpipe.dynamics.fixed_points.solver" not in training
    assert "rnnpipe.dynamics.fixed_points.solver" in reached("fixed_points", KINDS)
    assert "rnnpipe.training.fit" not in reached("fixed_points", KINDS)
    looping = {s for s, stage in BLOCK_STAGES.items() if "weights" in stage.inputs}
    assert looping >= {"harvest", "fixed_points", "graph"}
    assert all("rnnpipe.results.block_loop" in reached(s, KINDS) for s in looping)


@pytest.mark.parametrize("rule", STAGES)
def test_no_stage_reaches_other_kinds_or_rooms_without_numbers(rule):
    found = reached(rule, KINDS)
    assert found
    assert not {name for name in found if name.split(".")[1] in ("jobs", "plan", "tables")}
    kinds = {name for name in found if name.split(".")[-2] in ("tasks", "cells", "kinds")}
    assert {name.split(".")[-1] for name in kinds} <= {
        *("base", "probes", "flipflop"),
        *("scan", "leaky", "recurrence", "low_rank"),
        "census",
    }


@pytest.mark.parametrize(
    ("kind", "brought"),
    [
        ("antisaccade", {"antisaccade", "epochs", "integrator"}),
        ("neurogym", {"neurogym_env"}),
        ("file", {"recorded", "files"}),
        ("mine/echo.py:Echo", {"own", "files"}),
    ],
)
def test_the_module_of_a_kind_brings_along_what_it_builds_upon(kind, brought):
    found = reached("population", Kinds(frozenset({kind})))
    own = {name.split(".")[-1] for name in found if name.startswith("rnnpipe.tasks.")}
    assert own == {"base", "probes", *brought}


def test_a_task_of_the_users_own_brings_along_what_its_file_imports(tmp_path):
    file = tmp_path / "echo.py"
    file.write_text("from rnnpipe.tasks.integrator import wrapped\n")
    found = reached("population", Kinds(frozenset({f"{file}:Echo"})))
    assert {"rnnpipe.tasks.own", "rnnpipe.tasks.integrator"} < found
    assert "rnnpipe.tasks.flipflop" not in found


def test_a_cell_of_the_users_own_brings_along_what_its_file_imports(tmp_path):
    file = tmp_path / "mine.py"
    imports = ("import GRU, StepCell", "import lstm")
    file.write_text("\n".join(f"from rnnpipe.networks.cells {what}" for what in imports))
    kinds = Kinds(cells=frozenset({f"{file}:Mine"}))
    cells = {f"rnnpipe.networks.cells.{name}" for name in ("own", "gru", "lstm")}
    assert cells < reached("train", kinds) and cells < reached("fixed_points", kinds)
    assert "rnnpipe.networks.cells.ugrnn" not in reached("train", kinds)
    assert not cells & reached("findings", kinds)


def test_the_base_of_own_cells_counts_for_no_other():
    assert "rnnpipe.networks.cells.own" not in reached("train", Kinds(cells=frozenset({"gru"})))
