"""The lock that Snakemake leaves behind when it is killed.

Snakemake locks its folder and cannot tell whether the process that did so
still lives, so after a kill it asks for ``--unlock``. Noting who runs lets the
next run tell.
"""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from rnnpipe.jobs.owner import Owner

OWNER = Path(".snakemake/owner.json")
LOCKS = Path(".snakemake/locks")


def note_owner() -> None:
    """Note that this process runs the workflow in the current folder."""
    OWNER.write_text(json.dumps(asdict(Owner.this())))


def release_stale_lock() -> bool:
    """Remove the lock if the process that ran here last did so on this host and is gone.

    Returns
    -------
    bool
        Whether a lock was removed. One whose owner lives, is on another host
        or is unknown stays.
    """
    stale = _locked() and _owner_gone()
    if stale:
        shutil.rmtree(LOCKS)
    return stale


def workflow_runs() -> bool:
    """Whether a workflow runs in the current folder, as far as can be told from here."""
    return _locked() and not _owner_gone()


def _locked() -> bool:
    return LOCKS.is_dir() and any(LOCKS.iterdir())


def _owner_gone() -> bool:
    try:
        owner = json.loads(OWNER.read_text())
        return Owner(owner["host"], int(owner["process"])).gone()
    except (OSError, ValueError, KeyError, TypeError):
        return False
