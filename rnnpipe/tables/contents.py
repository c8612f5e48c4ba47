"""Digests of what tables, weights and folders hold, whatever they say of their making.

Files of equal settings may differ: another version of a library, another processor. Files say
by digests what they were made from, so that such a difference shows.
"""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

# Bytes of a digest.
SIZE = 8
# The size in bytes and the digest of every file of a folder, by name.
Listing = Mapping[str, tuple[int, str]]


class _Sink(io.RawIOBase):
    """A file that keeps the digest of what is written to it, and nothing else."""

    def __init__(self) -> None:
        self.hash = hashlib.blake2b(digest_size=SIZE)

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.hash.update(content)
        return len(content)


def digest(content: bytes) -> str:
    """Return the digest of some bytes."""
    return hashlib.blake2b(content, digest_size=SIZE).hexdigest()


def joined(digests: Iterable[str]) -> str:
    """Return one digest of several in their order; "" if one of them is not known."""
    digests = list(digests)
    return digest("".join(digests).encode()) if all(digests) else ""


def table_digest(table: "pa.Table") -> str:
    """Return the digest of the rows of a table."""
    import pyarrow as pa

    sink = _Sink()
    bare = table.replace_schema_metadata()
    with pa.PythonFile(sink, mode="w") as file, pa.ipc.new_stream(file, bare.schema) as stream:
        stream.write_table(bare)
    return sink.hash.hexdigest()


def archive_digest(archive: zipfile.ZipFile) -> str:
    """Return the digest of the tensors in an archive of ``torch.save``, by its own checksums."""
    tensors = (entry for entry in archive.infolist() if "/data/" in entry.filename)
    entries = sorted((entry.filename, entry.file_size, entry.CRC) for entry in tensors)
    return digest(json.dumps(entries).encode())


def listing_digest(listing: Listing) -> str:
    """Return the digest of the files of a folder."""
    return digest(json.dumps(listing, sort_keys=True).encode())


def list_folder(folder: Path, but_for: str) -> Listing:
    """Read all files of a folder but for one, for their sizes and digests."""
    paths = sorted(path for path in Path(folder).iterdir() if path.name != but_for)
    contents = ((path.name, path.read_bytes()) for path in paths)
    return {name: (len(content), digest(content)) for name, content in contents}


def listing_fault(folder: Path, listing: Listing, but_for: str) -> str:
    """Say which files a folder lacks or has of another size; "" if it has all that it lists.

    Parameters
    ----------
    folder
        The folder.
    listing
        What it was left with.
    but_for
        The file in it that is not listed.
    """
    with os.scandir(folder) as entries:
        sizes = {entry.name: entry.stat().st_size for entry in entries if entry.name != but_for}
    lacking = [name for name in listing if name not in sizes]
    damaged = [name for name in listing if name in sizes and sizes[name] != listing[name][0]]
    said = [
        f"{said} {names[0]}" + (f" and {more} more" if (more := len(names) - 1) else "")
        for said, names in (("lacks", lacking), ("holds a damaged", damaged))
        if names
    ]
    return " and ".join(said)
