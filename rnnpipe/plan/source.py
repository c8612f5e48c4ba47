"""A file of code as fingerprints see it: what it does, without what it only says.

Comments, layout, docstrings, annotations of functions, help texts, messages of errors and
what is told to logs and progress lines are left out, since no number depends on them.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

# What is called from here is told, not computed with: labels, log lines, faults, options, and
# what columns mean.
TOLD = ("rnnpipe.jobs", "rnnpipe.faults", "rnnpipe.tables.schemas.columns", "click")
# Keywords whose values are read by people alone.
TEXTS = ("description", "help", "progress")
# Name of a variable that holds what an error or a log will say.
MESSAGE = "message"
# Fields of nodes that say nothing, or how a text is written.
UNSAID = ("ctx", "type_comment", "type_ignores", "returns", "kind")


@dataclass(frozen=True)
class Source:
    """What counts of a file.

    Attributes
    ----------
    code
        Hash of its code, imports aside.
    imports
        Modules, each with a name that is imported from it; ``*`` for any module inside, by name.
    kinds
        The kinds that its classes are of; an empty text: every kind that has no file.
    """

    code: str
    imports: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]


class Definition(NamedTuple):
    """What a file defines under a name.

    Attributes
    ----------
    code
        Hash of it, with all that it uses of the same file.
    names
        The names that stand in it and in this.
    """

    code: str
    names: tuple[str, ...]


def read_source(text: str, silent: tuple[str, ...] = ()) -> Source:
    """Return what counts of a file's text.

    Parameters
    ----------
    text
        The file's text.
    silent
        Beginnings of the names of modules whose import makes no difference.
    """
    tree = ast.parse(text)
    reader = Reader()
    code = reader.read(tree)
    kept = sorted(word for word in reader.bound if not word[0].startswith((*silent, *TOLD)))
    imports = tuple(sorted({(module, name) for module, name, _ in reader.bound}))
    return Source(hashed([code, *map(str, kept)]), imports, tuple(sorted(kinds(tree))))


def definitions(text: str) -> dict[str, Definition]:
    """Return what a file defines: functions, constants, and entries of mappings by their keys."""
    tree = ast.parse(text)
    named: dict[str, ast.AST] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            named[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                named[ast.unparse(target)] = node.value
    entries = {
        key.value: value
        for node in named.values()
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant)
    }
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return {name: _definition(node, named, imports) for name, node in {**named, **entries}.items()}


def _definition(
    node: ast.AST, named: dict[str, ast.AST], imports: list[ast.Import | ast.ImportFrom]
) -> Definition:
    reader = Reader()
    for statement in imports:
        reader.bind(statement)
    parts = list(_with_what_it_uses(node, named))
    words = (word for part in parts for word in ast.walk(part) if isinstance(word, ast.Name))
    return Definition(hashed(map(reader.read, parts)), tuple(sorted({word.id for word in words})))


def _with_what_it_uses(node: ast.AST, named: dict[str, ast.AST]) -> Iterator[ast.AST]:
    """Yield a node, and every definition of the same file that it names, directly or not."""
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        yield (found := waiting.pop())
        names = {word.id for word in ast.walk(found) if isinstance(word, ast.Name)}
        new = sorted(names & named.keys() - seen)
        seen.update(new)
        waiting.extend(named[name] for name in new)


def kinds(tree: ast.Module) -> Iterator[str]:
    """Yield the values of ``kind`` of the classes in a file that are subclasses."""
    for owner in tree.body:
        if not isinstance(owner, ast.ClassDef) or not owner.bases:
            continue
        for node in owner.body:
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            target = node.target if isinstance(node, ast.AnnAssign) else target
            if isinstance(target, ast.Name) and target.id == "kind" and node.value is not None:
                given = node.value.args[:1] if isinstance(node.value, ast.Call) else [node.value]
                yield next((str(v.value) for v in given if isinstance(v, ast.Constant)), "")


def hashed(words: Iterable[str]) -> str:
    """Return a hash of some texts in order."""
    digest = hashlib.blake2b(digest_size=8)
    for word in words:
        digest.update(f"{word}\n".encode())
    return digest.hexdigest()


@dataclass
class Reader:
    """Writes code as one text that is the same however the code is laid out.

    Attributes
    ----------
    bound
        Imports met: module, name, and what it is called here.
    told
        Names that stand here for what only tells: what is imported of `TOLD`, and made of it.
    """

    bound: list[tuple[str, str, str]] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def read(self, node: ast.AST) -> str:
        """Return the text of a node."""
        words: list[str] = []
        self._write(node, words)
        return " ".join(words)

    def _write(self, value: object, words: list[str]) -> None:
        if isinstance(value, list):
            for item in value:
                self._write(item, words)
            return
        if not isinstance(value, ast.AST):
            words.append(repr(value))
            return
        if isinstance(value, ast.stmt) and self._is_silent(value):
            return
        scope = isinstance(value, ast.FunctionDef | ast.AsyncFunctionDef)
        before = set(self.told) if scope else self.told
        words.append(f"({type(value).__name__}")
        for name, part in self._parts(value):
            # Nothing is written of what is empty: other versions of Python have other fields.
            if name not in UNSAID and part is not None and part != []:
                words.append(name)
                self._write(part, words)
        words.append(")")
        if scope:
            self.told = before

    def _parts(self, node: ast.AST) -> Iterator[tuple[str, object]]:
        """Yield the fields of a node that count."""
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield "exc", node.exc.func
            yield "args", [arg for arg in node.exc.args if not _is_text(arg)]
        elif isinstance(node, ast.Assert):
            yield "test", node.test
        elif isinstance(node, ast.arg):
            yield "arg", node.arg
        elif isinstance(node, ast.Call):
            tells = self._tells(node)
            yield "func", node.func
            yield "args", [arg for arg in node.args if not (tells and _is_text(arg))]
            yield (
                "keywords",
                [
                    word
                    for word in node.keywords
                    if not (_is_text(word.value) and (tells or word.arg in TEXTS))
                ],
            )
        else:
            yield from ast.iter_fields(node)

    def _is_silent(self, node: ast.stmt) -> bool:
        """Return whether a statement makes no number; take note of what it binds."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            self.bind(node)
            return True
        if isinstance(node, ast.Expr):
            return _is_text(node.value) or (
                isinstance(node.value, ast.Call) and self._tells(node.value)
            )
        if isinstance(node, ast.If):
            return ast.unparse(node.test) == "TYPE_CHECKING"
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            tells = isinstance(node.value, ast.Call) and self._tells(node.value)
            (self.told.add if tells else self.told.discard)(name)
            return name == "__all__" or (name == MESSAGE and _is_text(node.value))
        return False

    def bind(self, node: ast.Import | ast.ImportFrom) -> None:
        """Take note of what an import binds."""
        for alias in node.names:
            called = alias.asname or alias.name
            module = alias.name if isinstance(node, ast.Import) else node.module or ""
            name = "" if isinstance(node, ast.Import) else alias.name
            self.bound.append((module, name, called))
            if module.startswith(TOLD):
                self.told.add(called)

    def _tells(self, call: ast.Call) -> bool:
        """Return whether a call only tells; take note of modules that it imports by name."""
        root = call.func
        while isinstance(root, ast.Attribute | ast.Call):
            root = root.func if isinstance(root, ast.Call) else root.value
        if ast.unparse(call.func).endswith("import_module") and call.args:
            self.bound.extend(_imported(call.args[0]))
        return isinstance(root, ast.Name) and root.id in self.told


def _imported(name: ast.expr) -> Iterator[tuple[str, str, str]]:
    """Yield the module that is imported by a name, or the folder of modules that may be."""
    if isinstance(name, ast.JoinedStr) and isinstance(name.values[0], ast.Constant):
        yield str(name.values[0].value).rpartition(".")[0], "*", ""
    elif isinstance(name, ast.Constant):
        yield str(name.value), "", ""


def _is_text(node: ast.expr) -> bool:
    """Return whether an expression is a text that stands in the code."""
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, ast.IfExp):
        return _is_text(node.body) and _is_text(node.orelse)
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
