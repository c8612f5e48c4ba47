"""What a file says of its making: settings, code, and what it was made from."""

import json
import pickletools
import struct
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from rnnpipe import __version__
from rnnpipe.parameters import Settings, canonical
from rnnpipe.tables.artifacts import ArtifactError, write_bytes
from rnnpipe.tables.contents import (
    archive_digest,
    list_folder,
    listing_digest,
    listing_fault,
)
from rnnpipe.tables.fingerprint import Origin, counted, origin_record

# Where a table and a picture keep it, the file that keeps it in a folder, and where weights do.
KEY, IN_FOLDER, IN_WEIGHTS = "rnnpipe", "provenance.json", "provenance"
# Where a table keeps the digest of its rows, and a folder the list of its files.
CONTENT, LISTING = "rnnpipe_content", "listing"
# What a wheel carries in the package: hatch_build.py writes it.
COMMIT_FILE = "commit.txt"
# The suffixes of files that say how they were made; a folder has none.
CARRIERS = (".parquet", ".pt", ".png", "")
# Keys that a file may say and that its fingerprint leaves out.
UNPLANNED = ("experiment", "kept")
PNG_START = b"\x89PNG\r\n\x1a\n"


class Unmarked(ArtifactError):
    """A file that says nothing of its making."""


_ORIGIN: ContextVar[Origin | None] = ContextVar("origin", default=None)


@contextmanager
def made_from(origin: Origin) -> Iterator[None]:
    """Have all files that are written meanwhile say that they come from `origin`."""
    token = _ORIGIN.set(origin)
    try:
        yield
    finally:
        _ORIGIN.reset(token)


@cache
def commit() -> str:
    """Return the commit of the checkout that holds this package, or of which it was built.

    Empty where that is not known.
    """
    here = Path(__file__).resolve().parent
    built = here.parent / COMMIT_FILE
    if built.is_file():
        return built.read_text(encoding="utf-8").strip()
    command = ["git", "-C", str(here), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def provenance(settings: Settings | Mapping[str, Any]) -> str:
    """Write settings, package version, commit and what the running job comes from as JSON."""
    return canonical(_made(settings))


def _made(settings: Settings | Mapping[str, Any]) -> dict[str, Any]:
    origin = _ORIGIN.get() or Origin()
    made = {"settings": settings, "version": __version__, "commit": commit()}
    return {**made, **origin_record(counted(settings), origin), "contents": origin.contents}


def by_hand() -> bool:
    """Return whether files are written outside a workflow, which compares what its jobs read."""
    return not (_ORIGIN.get() or Origin()).code


def mark_folder(folder: Path, settings: Settings | Mapping[str, Any]) -> None:
    """Write to a folder that is complete how it was made, and which files it holds."""
    listed = {**_made(settings), LISTING: list_folder(folder, IN_FOLDER)}
    write_bytes(Path(folder) / IN_FOLDER, canonical(listed).encode())


def folder_fault(path: Path, said: Mapping[str, Any]) -> str:
    """Say what a folder lacks of the files that it was made with; "" if nothing."""
    return listing_fault(path, said.get(LISTING, {}), IN_FOLDER)


def carries_provenance(path: str | Path) -> bool:
    """Return whether a file or folder of this name says how it was made."""
    return Path(path).suffix in CARRIERS


def read_provenance(path: str | Path) -> dict[str, Any]:
    """Read what a table, weights file, picture or folder says of its making.

    Beside what was written, ``content`` is the digest of what it holds; "" if that is not known.

    Raises
    ------
    ArtifactError
        If it is damaged, or says nothing.
    """
    path = Path(path)
    read = {".parquet": _of_table, ".pt": _of_weights, ".png": _of_picture}
    try:
        text, content = read.get(path.suffix, _of_folder)(path)
        return {**json.loads(text), "content": content} if text else _nothing(path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ArtifactError(
            f"{path}: is damaged or not what its name says ({error}); delete it and run the "
            "workflow again"
        ) from error


def _nothing(path: Path) -> dict[str, Any]:
    raise Unmarked(f"{path}: bears no rnnpipe metadata: another program wrote it")


def _of_table(path: Path) -> tuple[str | bytes, str]:
    # A third of a second, for Snakemake at every job on a cluster, whose files are not read.
    import pyarrow.parquet as pq

    said = pq.read_metadata(path).metadata or {}
    return said.get(KEY.encode(), b""), said.get(CONTENT.encode(), b"").decode()


def _of_folder(path: Path) -> tuple[str, str]:
    file = path / IN_FOLDER
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    listing = json.loads(text).get(LISTING) if text else None
    return text, "" if listing is None else listing_digest(listing)


def _of_weights(path: Path) -> tuple[str, str]:
    """Read one text of a weights file, without torch, which takes a second to be imported."""
    with zipfile.ZipFile(path) as archive:
        (pickled,) = (name for name in archive.namelist() if name.endswith("/data.pkl"))
        words = (word for _, word, _ in pickletools.genops(archive.read(pickled)))
        texts = (word for word in words if isinstance(word, str))
        text = next((next(texts) for text in texts if text == IN_WEIGHTS), "")
        return text, archive_digest(archive)


def _of_picture(path: Path) -> tuple[str, str]:
    """Read a text of a PNG, which stands before its pixels; no job reads these."""
    with path.open("rb") as file:
        if file.read(8) != PNG_START:
            raise ValueError("no PNG")
        while len(head := file.read(8)) == 8:
            length, kind = struct.unpack(">I4s", head)
            content = file.read(length + 4)[:length]
            word, _, text = content.partition(b"\0")
            if word == KEY.encode() and kind == b"tEXt":
                return text.decode("latin-1"), ""
            if word == KEY.encode() and kind == b"iTXt":  # of other letters, after four fields
                return text.split(b"\0", 4)[-1].decode(), ""
            if kind == b"IDAT":
                break
    return "", ""


def differences(found: Mapping[str, Any], planned: Mapping[str, Any]) -> list[str]:
    """Say in which settings a file differs from what is planned, whether in code, in what it reads.

    Parameters
    ----------
    found
        What `read_provenance` gives.
    planned
        Settings that count, and what `origin_record` gives.
    """
    if found.get("fingerprint") == planned["fingerprint"]:
        return []
    if not found.get("code"):
        return ["made by hand or by an earlier version: it does not say by which code"]
    was, now = (_flat(record["settings"]) for record in (found, planned))
    # What does not count is not planned.
    keys = [key for key in {**now, **was} if key in now or not key.startswith(UNPLANNED)]
    said = setting_differences(was, now, keys)
    if found["code"] != planned["code"]:
        said.append(f"made by other code ({found['code']}, not {planned['code']})")
    names = {**planned["files"], **found["files"]}
    other = [n for n in names if found["files"].get(n) != planned["files"].get(n)]
    if other:
        said.append(f"made from other {', '.join(other)}")
    return said


def setting_differences(
    was: Mapping[str, Any], now: Mapping[str, Any], keys: Iterable[str]
) -> list[str]:
    """Say in which keys a file's settings differ from those that are planned."""
    return [
        f"{key} was {_shown(was, key)}, is now {_shown(now, key)}"
        for key in keys
        if was.get(key) != now.get(key)
    ]


def _flat(settings: Any, key: str = "") -> dict[str, Any]:
    """Return all settings by dotted keys; a list of numbers or names is one value."""
    if isinstance(settings, list) and all(isinstance(entry, Mapping) for entry in settings):
        settings = {str(number): entry for number, entry in enumerate(settings)}
    if not isinstance(settings, Mapping) or not settings:
        return {key: settings}
    return {
        path: value
        for name, inner in settings.items()
        for path, value in _flat(inner, f"{key}.{name}" if key else name).items()
    }


def _shown(settings: Mapping[str, Any], key: str) -> str:
    if key not in settings:
        return "left out"
    text = canonical(settings[key]) if settings[key] is not None else "none"
    return text if len(text) <= 60 else f"{text[:57]}..."
