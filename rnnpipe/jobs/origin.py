"""What a job's input files say of their making, compared with what was planned."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.contents import joined
from rnnpipe.tables.fingerprint import OWN_FILES, Origin, content_fingerprint, each
from rnnpipe.tables.provenance import differences, folder_fault, read_provenance

AGAIN = "run the workflow again, which makes stale files anew"


def read_origin(given: Mapping[str, Any] | None) -> Origin | None:
    """Read what a job is told of its origin; None if it is told nothing.

    Raises
    ------
    SettingsError
        If that is no text of `Origin`.
    """
    try:
        return None if given is None else Origin(**given)
    except TypeError as error:
        raise SettingsError([Fault("--origin", str(error))]) from None


def found_origin(planned: Origin | None, files: Mapping[str, Sequence[Path]]) -> Origin:
    """Return what a job comes from: its code, and the files that it reads as they are.

    Parameters
    ----------
    planned
        What the job is told; None for a job that is run by hand, of which nothing is known.
    files
        The files that it reads, by what they are to it.

    Raises
    ------
    ArtifactError
        If a file was made otherwise than planned: with other settings, by other code, or from
        other files.
    """
    if planned is None:
        prints = {n: "".join(_found(n, path) for path in paths) for n, paths in files.items()}
        return Origin(files=prints)
    found: dict[str, list[str]] = {}
    for name, paths in files.items():
        wanted = each(planned.files.get(name, ""))
        if len(wanted) != len(paths):
            raise ArtifactError(
                f"{name}: {len(wanted)} files were planned, and the job reads {len(paths)}; {AGAIN}"
            )
        for path, fingerprint in zip(paths, wanted, strict=True):
            content = _checked(name, path, fingerprint, planned.settings.get(name))
            found.setdefault(name, []).append(content)
    contents = {name: joined(digests) for name, digests in found.items()}
    return replace(planned, contents={name: text for name, text in contents.items() if text})


def _found(name: str, path: Path) -> str:
    """Return the fingerprint that a file bears; "" for one that bears none or is damaged."""
    if name in OWN_FILES:
        return content_fingerprint(path)
    try:
        return read_provenance(path).get("fingerprint", "")
    except ArtifactError:
        return ""


def _checked(name: str, path: Path, wanted: str, settings: Mapping[str, Any] | None) -> str:
    """Compare a file with what is planned of it; return the digest of what it holds, if known."""
    if name in OWN_FILES:
        if (found := content_fingerprint(path)) != wanted:
            raise ArtifactError(
                f"{path}: has changed since this job was planned: its content's fingerprint is "
                f"{found}, not {wanted}; {AGAIN}"
            )
        return wanted
    said = read_provenance(path)
    if (found := said.get("fingerprint", "none")) == wanted:
        if path.is_dir() and (fault := folder_fault(path, said)):
            raise ArtifactError(f"{path}: {fault}; {AGAIN}")
        return said["content"]
    if settings is not None and said.get("code"):
        planned = {"settings": settings, "code": said["code"], "files": said["files"]}
        if other := differences(said, {**planned, "fingerprint": wanted}):
            raise ArtifactError(f"{path}: is stale: {'; '.join(other)}; {AGAIN}")
    raise ArtifactError(
        f"{path}: is stale: made with other settings, by other code or from other files: its "
        f"fingerprint is {found}, not {wanted} (`rnnpipe status` says what differs); {AGAIN}"
    )
