"""Words beside an experiment on Snakemake's command line: ``--config missing=skip stale=show``."""

from collections.abc import MutableMapping
from typing import Any

from rnnpipe.faults import Fault, SettingsError

# Leaves out blocks without results; asks for reports of stale results.
MISSING, SKIP = "missing", "skip"
STALE, SHOW = "stale", "show"


def take(config: MutableMapping[str, Any], key: str, word: str) -> bool:
    """Remove a key from a configuration; return whether the word stands under it.

    Raises
    ------
    SettingsError
        If it says anything else.
    """
    value = config.pop(key, None)
    if value not in (None, word):
        raise SettingsError([Fault(key, f'"{value}" is not allowed; it is {word}, or left out')])
    return value == word
