"""A fingerprint of the code that a job's numbers depend on: all that its script reaches by imports.

Snakemake re-runs a job when its params change. With this among them, an edit of the package
re-runs just the jobs that reach what was edited. Rooms that make no number are left out, and
so are tasks, cells and figures of other kinds than the job's own. Of the tables' columns, those
of the tables count that the job itself writes. Templates count that lie beside the modules that
fill them.
"""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rnnpipe.plan.shipped import scripts_folder
from rnnpipe.plan.source import Definition, Source, hashed
from rnnpipe.plan.source_cache import SourceCache
from rnnpipe.plan.stages import STAGES

PACKAGE = "rnnpipe"
# Readers and writers of tables, and what runs, plans and words jobs. A job's settings count by
# their values.
SILENT = tuple(
    f"{PACKAGE}.{room}"
    for room in ("commands", "faults", "jobs", "parameters", "plan", "settings", "tables")
)
# Of these, functions and constants count where they are imported by name.
BY_NAME = (f"{PACKAGE}.settings", f"{PACKAGE}.tables.schemas")
SCHEMAS = f"{PACKAGE}.tables.schemas"
# Modules with what schemas are made of: types, and columns that tables share.
COLUMNS = (f"{SCHEMAS}.columns", f"{SCHEMAS}.shared")
# What pages are made of beside code.
TEMPLATES = (".jinja", ".css", ".js")
ROOT = Path(__file__).resolve().parent.parent
SCRIPTS_VARIABLE = "RNNPIPE_SCRIPTS"


class Kinds(NamedTuple):
    """The kinds of a job: of its tasks, of the cells of its networks, and of its figure."""

    tasks: frozenset[str] = frozenset()
    cells: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()

    def of(self, folder: str) -> frozenset[str]:
        """Return the kinds whose modules lie in a folder."""
        return self[FOLDERS.index(folder)]


# Folders with a module for each kind; the folder's own module only names them all.
FOLDERS = (f"{PACKAGE}.tasks", f"{PACKAGE}.networks.cells", f"{PACKAGE}.figures.kinds")
TASKS, CELLS, FIGURES = FOLDERS
# Reached by what computes with networks.
CELL = f"{CELLS}.base"


@cache
def job_code(rule: str, kinds: Kinds) -> str:
    """Return the fingerprint of the code of a rule's jobs of some kinds."""
    stage = STAGES[rule]
    modules = sorted(reached(rule, kinds))
    script = _source(_script(stage.script))
    sources = [script, *(_source(_file(name)) for name in modules)]
    words = [
        f"script {script.code}",
        *(f"{name} {_source(_file(name)).code}" for name in modules if name not in FOLDERS),
        *sorted({word for source in sources for word in _named(source)}),
        *(f"table {table} {_schema(table)}" for table in sorted(stage.schemas)),
        *(f"{path.name} {hashed([path.read_text()])}" for path in _templates(modules)),
    ]
    _cache().save()
    return hashed(words)


def reached(rule: str, kinds: Kinds) -> set[str]:
    """Return the modules that count for a rule's jobs of some kinds."""
    stage = STAGES[rule]
    waiting = list(_imports(_script(stage.script), kinds))
    if {"task", "tasks"} & stage.settings.model_fields.keys():
        waiting.extend(_of_kinds(TASKS, kinds))
        waiting.extend(_of_own_files(TASKS, kinds))
    if CELL in _closure(list(waiting), kinds):
        waiting.extend(_of_own_files(CELLS, kinds))
    return _closure(waiting, kinds)


def _of_own_files(folder: str, kinds: Kinds) -> Iterator[str]:
    """Yield the modules that files of the user's own import, whose classes are of some kinds.

    The text of such a file counts by its hash in the settings.
    """
    own = [Path(kind.rpartition(":")[0]) for kind in sorted(kinds.of(folder)) if ":" in kind]
    for path in filter(Path.is_file, own):
        yield from _imports(path, kinds, f"{folder}.own")
        for module, name in _source(path).imports:
            yield from _of_class(module, name)


def _of_class(folder: str, name: str) -> Iterator[str]:
    """Yield the module of a folder of kinds from which the folder itself imports a name."""
    if folder in FOLDERS:
        named = _source(_file(folder)).imports
        yield from (module for module, inner in named if inner == name and _file(module))


def _closure(waiting: list[str], kinds: Kinds) -> set[str]:
    """Return modules, and all that they import that counts."""
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_imports(_file(name), kinds, name))
    return found


def _imports(path: Path, kinds: Kinds, importer: str = "") -> Iterator[str]:
    """Yield the modules that a file imports and that count for jobs of some kinds."""
    own = _folder(importer) if _kinds(importer) else ""
    for target in _targets(path):
        folder, _, name = target.rpartition(".")
        if name == "*":
            yield from _of_kinds(folder, kinds)
        # The module of a kind brings along the modules that it builds upon.
        elif folder == own or not _kinds(target) or target in _of_kinds(folder, kinds):
            yield target


@cache
def _targets(path: Path) -> tuple[str, ...]:
    """Return the modules that a file imports and that may count, or folders of them with ``*``."""
    found = set()
    for module, name in _source(path).imports:
        inner = f"{module}.{name}"
        any_kind = name == "*" and module in FOLDERS
        target = inner if any_kind or _file(inner) else module
        if (any_kind or _file(target)) and not target.startswith(SILENT):
            found.add(target)
    return tuple(sorted(found))


def _of_kinds(folder: str, kinds: Kinds) -> frozenset[str]:
    """Return the modules of a folder that are of one of the kinds."""
    return _modules_of(folder, kinds.of(folder))


@cache
def _modules_of(folder: str, kinds: frozenset[str]) -> frozenset[str]:
    parent = _file(folder).parent
    modules = {name: _kinds(name) for name in (f"{folder}.{p.stem}" for p in parent.glob("*.py"))}
    known = {kind for own in modules.values() for kind in own}
    wanted = {kind if kind in known else "" for kind in kinds}
    return frozenset(name for name, own in modules.items() if wanted & set(own))


@cache
def _kinds(module: str) -> tuple[str, ...]:
    """Return the kinds that a module is of; none where others share it."""
    folder = _folder(module)
    if not folder or not _file(module):
        return ()
    return (module.rpartition(".")[2],) if folder == FIGURES else _source(_file(module)).kinds


def _folder(module: str) -> str:
    """Return the folder of kinds that a module lies in; nothing if it lies elsewhere."""
    parent = module.rpartition(".")[0]
    return parent if parent in FOLDERS else ""


def _named(source: Source) -> Iterator[str]:
    """Yield the functions and constants that a file imports of rooms that do not count whole."""
    for module, name in source.imports:
        # Classes are models of settings, which count by their values.
        if module.startswith(BY_NAME) and (name.islower() or name.isupper()):
            yield f"{name} {_definition(module, name)}"


@cache
def _definition(module: str, name: str) -> str:
    """Return the hash of what a module defines, or imports, under a name."""
    if found := _definitions(_file(module)).get(name):
        return found.code
    for other, inner in _source(_file(module)).imports:
        if inner == name and _file(other):
            return _definition(other, name)
    return ""


@cache
def _schema(table: str) -> str:
    """Return the hash of a table's columns and of their types, whatever they mean."""
    files = sorted(_file(SCHEMAS).parent.glob("*.py"))
    (columns,) = (found[table] for path in files if table in (found := _definitions(path)))
    return hashed([columns.code, *_made_of(columns)])


def _made_of(found: Definition) -> Iterator[str]:
    """Yield the hashes of types and shared columns that a definition names, and of their types."""
    known = {name: own for module in COLUMNS for name, own in _definitions(_file(module)).items()}
    for name in found.names:
        if name in known:
            yield known[name].code
            yield from _made_of(known[name])


def _templates(modules: Iterable[str]) -> list[Path]:
    """Return the templates, styles and scripts beside some modules."""
    return sorted({path for name in modules for path in _beside(_file(name).parent)})


@cache
def _beside(folder: Path) -> tuple[Path, ...]:
    return tuple(path for path in folder.iterdir() if path.suffix in TEMPLATES)


def _script(name: str) -> Path:
    """Return the path of a script: as it travels with the package, or where the workflow says."""
    folder = os.environ.get(SCRIPTS_VARIABLE) or scripts_folder(ROOT)
    return Path(folder) / f"{name}.py"


@cache
def _file(module: str) -> Path | None:
    """Return the file of a module of the package; None for other names and the package itself."""
    first, _, rest = module.partition(".")
    if first != PACKAGE or not rest:
        return None
    base = ROOT.joinpath(*rest.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


@cache
def _cache() -> SourceCache:
    return SourceCache(ROOT / "__pycache__" / "fingerprints.json", SILENT)


def _source(path: Path) -> Source:
    return _cache().source(path)


def _definitions(path: Path) -> dict[str, Definition]:
    return _cache().definitions(path)
