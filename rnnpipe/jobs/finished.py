"""What some stages of a job have finished, kept until all have.

Scripts of several stages may run in one job, and the workflow removes whatever a job wrote when
the job fails or was killed. So the files of a stage that is finished get second names, hidden
beside their own, under which the next attempt finds them. They are taken up if they were made by
the same code, from the same settings and from files that hold the same.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from rnnpipe.jobs.log import say
from rnnpipe.parameters import Settings
from rnnpipe.tables.artifacts import ArtifactError, link
from rnnpipe.tables.provenance import by_hand, carries_provenance, provenance, read_provenance

# What must be the same in a file that is taken up.
SAME = ("fingerprint", "contents")

_KEPT: ContextVar[list[Path] | None] = ContextVar("finished", default=None)


@contextmanager
def keeping() -> Iterator[None]:
    """Keep what stages finish in the ``with`` block, until it ends without an error."""
    kept: list[Path] = []
    token = _KEPT.set(kept)
    try:
        yield
    finally:
        _KEPT.reset(token)
    for path in kept:
        path.unlink(missing_ok=True)


def taken_up(files: Sequence[Path], settings: Settings) -> bool:
    """Put a stage's files back in their places if an earlier attempt finished them.

    Parameters
    ----------
    files
        All files that the stage writes.
    settings
        Its settings.

    Returns
    -------
    bool
        Whether nothing is left to do.
    """
    if (kept := _KEPT.get()) is None or by_hand():
        return False
    hidden = [_hidden(file) for file in files]
    if not all(path.is_file() for path in hidden):
        return False
    for path, file in zip(hidden, files, strict=True):
        file.unlink(missing_ok=True)
        link(path, file)
        # Newer than what it was made from, which may have been copied meanwhile.
        os.utime(file)
    if not all(_made_alike(file, settings) for file in files):
        for file in files:
            file.unlink()
        return False
    kept += hidden
    say("finished by an earlier attempt")
    return True


def keep(files: Sequence[Path]) -> None:
    """Keep the files of a stage that is finished, in the place of those of other attempts."""
    if (kept := _KEPT.get()) is None:
        return
    for file in files:
        _hidden(file).unlink(missing_ok=True)
    for file in files:
        link(file, _hidden(file))
        kept.append(_hidden(file))


def _hidden(file: Path) -> Path:
    # No suffix of a table, lest a reader of all tables read one twice.
    return file.with_name(f".{file.name}.finished")


def _made_alike(file: Path, settings: Settings) -> bool:
    """Return whether a file was made as it would be now; one that says nothing is not asked.

    Beside it lies a file that does say, since all files of a stage are kept together.
    """
    if not carries_provenance(file):
        return True
    try:
        said, now = read_provenance(file), json.loads(provenance(settings))
    except ArtifactError:
        return False
    return all(said.get(key) == now[key] for key in SAME)
