"""What counts of files, kept beside Python's own compiled files: parsing takes half a second."""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from rnnpipe.plan import source
from rnnpipe.plan.source import Definition, Source, definitions, hashed, read_source


class SourceCache:
    """What counts of files of code, by their content.

    Where the file cannot be written or read, or Python is told to write no compiled files,
    everything is read anew.

    Parameters
    ----------
    path
        The file that it is kept in.
    silent
        Beginnings of the names of modules whose import makes no difference.
    """

    def __init__(self, path: Path, silent: tuple[str, ...]) -> None:
        self.path, self.silent = path, silent
        how = Path(source.__file__).read_text(encoding="utf-8")
        self.reader = hashed([how, *silent, *map(str, sys.version_info[:2])])
        self.kept: dict[str, Any] = self._load()
        self.changed = False
        self.source, self.definitions = cache(self._source), cache(self._definitions)

    def _source(self, path: Path) -> Source:
        """Return what counts of a file."""
        code, imports, kinds = self._known(path, "source", self._read_source)
        return Source(code, tuple(map(tuple, imports)), tuple(kinds))

    def _definitions(self, path: Path) -> dict[str, Definition]:
        """Return what a file defines."""
        found = self._known(path, "definitions", definitions)
        return {name: Definition(code, tuple(words)) for name, (code, words) in found.items()}

    def _read_source(self, text: str) -> tuple[Any, ...]:
        found = read_source(text, self.silent)
        return found.code, found.imports, found.kinds

    def _known(self, path: Path, what: str, read: Any) -> Any:
        """Return what was read of a file's content, now or before."""
        text = path.read_text(encoding="utf-8")
        key, content = f"{what} {path.parent.name}/{path.name}", hashed([text])
        known = self.kept.get(key)
        if known is None or known[0] != content:
            known = self.kept[key] = (content, read(text))
            self.changed = True
        return known[1]

    def _load(self) -> dict[str, Any]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            return found["files"] if found["reader"] == self.reader else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def save(self) -> None:
        """Keep what was read, for the next process."""
        if not self.changed or sys.dont_write_bytecode:
            return
        self.changed = False
        partial = self.path.with_name(f"{self.path.name}.{uuid4().hex}")
        try:
            self.path.parent.mkdir(exist_ok=True)
            text = json.dumps({"reader": self.reader, "files": self.kept})
            partial.write_text(text, encoding="utf-8")
            partial.replace(self.path)
        except OSError:
            partial.unlink(missing_ok=True)
