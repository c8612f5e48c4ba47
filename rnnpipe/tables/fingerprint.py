"""The fingerprint of a job: a hash of its settings, its code and the files that it reads.

It is known before the job runs, since the fingerprint of a file that a job made is that of the
job. A file that bears another one was not made by this job as it is planned.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rnnpipe.parameters import Settings, canonical

LENGTH = 8
# Names of files that no job made, whose content counts.
OWN_FILES = ("masks", "network_files")


@dataclass(frozen=True)
class Origin:
    """What the files of a job come from, beside its settings.

    Attributes
    ----------
    code
        Fingerprint of its code.
    files
        Fingerprints of the files that it reads, by what they are to it; those of several files
        one after another, since a command line is short.
    settings
        Settings of the jobs that made these files, of files of its own block.
    contents
        Digests of what these files hold, as far as they are known; only a job that runs knows.
    """

    code: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """Return the origin as canonical JSON, for a job's option ``--origin``."""
        return canonical({"code": self.code, "files": self.files, "settings": self.settings})


def counted(settings: Settings | Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that all of a job's results depend on, as JSON."""
    if not isinstance(settings, Settings):
        return dict(settings)
    left_out = {*settings.uncounted, *settings.of_own_file}
    return settings.model_dump(mode="json", exclude=left_out)


def fingerprint(settings: Mapping[str, Any], origin: Origin) -> str:
    """Return the fingerprint of a job of the given `counted` settings."""
    made = {"settings": settings, "code": origin.code, "files": shortened(origin.files)}
    return _hash(canonical(made).encode())


def origin_record(settings: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    """Return what a file says of its making beside settings, version and commit."""
    files = shortened(origin.files)
    return {"code": origin.code, "files": files, "fingerprint": fingerprint(settings, origin)}


def shortened(files: Mapping[str, str]) -> dict[str, str]:
    """Return one fingerprint per name, also where there are several files of it."""
    return {
        name: prints if len(prints) <= LENGTH else _hash(prints.encode())
        for name, prints in files.items()
    }


def each(prints: str) -> Sequence[str]:
    """Return the fingerprints of several files that are written one after another."""
    return [prints[start : start + LENGTH] for start in range(0, len(prints), LENGTH)]


def content_fingerprint(path: str | Path) -> str:
    """Return the fingerprint of a file that no job made; of one that is not there, zeros."""
    try:
        return _hash(Path(path).read_bytes())
    except OSError:
        return "0" * LENGTH


def _hash(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=LENGTH // 2).hexdigest()
