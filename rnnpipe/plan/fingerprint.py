"""A fingerprint of the code that a stage's numbers depend on.

Snakemake re-runs a job when its params change. With this among them, an edit
of the package re-runs just the stages that import, directly or not, what was
edited; comments, docstrings and layout do not count. Templates count that lie
beside the modules that fill them.
"""

import ast
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rnnpipe.plan.stages import BLOCK, STAGES

PACKAGE = "rnnpipe"
# A job's settings count by their values, so their models do not.
BY_VALUE = "rnnpipe.settings"
# What pages are made of beside code.
TEMPLATES = (".jinja", ".css", ".js")
ROOT = Path(__file__).resolve().parent.parent
# What a block's job imports and its numbers do not depend on: columns of tables that no block's
# job writes, progress, and the choice of the device.
NOT_OF_BLOCKS = (
    "rnnpipe.tables.schemas.population",
    "rnnpipe.jobs.progress",
    "rnnpipe.jobs.device",
)
# Modules outside the figures that make the tables of some kinds.
FRAMES: Mapping[str, tuple[str, ...]] = {"weights": ("rnnpipe.results.weights",)}


def stage_code(name: str) -> str:
    """Return the fingerprint of the code behind the numbers of a stage."""
    stage = STAGES[name]
    return fingerprint(stage.modules, NOT_OF_BLOCKS if stage.wildcards == BLOCK else ())


def figure_code(kind: str) -> str:
    """Return the fingerprint of the code that draws a kind of figure."""
    own = (f"rnnpipe.figures.kinds.{kind}", *FRAMES.get(kind, ()))
    return fingerprint((*STAGES["figure"].modules, *own))


@cache
def fingerprint(modules: tuple[str, ...], without: tuple[str, ...] = ()) -> str:
    """Return a hash of the given modules and of all modules of the package that they import.

    Parameters
    ----------
    modules
        Dotted names, such as ``rnnpipe.training.fit``.
    without
        Modules that do not count, though they are imported.
    """
    digest = hashlib.blake2b(digest_size=8)
    names = sorted(closure(modules) - set(without))
    for name in names:
        digest.update(f"{name}\n{_code(_file(name))}\n".encode())
    for path in sorted({path for name in names for path in _beside(_file(name))}):
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def closure(modules: tuple[str, ...]) -> set[str]:
    """Return the modules and every module of the package that they import, directly or not."""
    seen: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name not in seen and not name.startswith(BY_VALUE):
            seen.add(name)
            waiting.extend(imports(_file(name)))
    return seen


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the modules of the package that a file imports anywhere in its text."""
    found = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if _file(alias.name)}
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from package import name` may name a module of the package.
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name for name in {node.module, *inner} if _file(name)}
    return frozenset(found)


@cache
def _tree(path: Path) -> ast.Module:
    """Parse a file and leave out its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_docstring(body[0]):
            body[0] = ast.Pass()
    return tree


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
def _beside(path: Path) -> tuple[Path, ...]:
    """Return the templates, styles and scripts in the folder of a module."""
    return tuple(p for p in path.parent.iterdir() if p.suffix in TEMPLATES)


@cache
def _code(path: Path) -> str:
    """Return the source without comments, docstrings and layout."""
    return ast.unparse(_tree(path))


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
