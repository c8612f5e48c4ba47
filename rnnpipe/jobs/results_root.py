"""Where results lie: in ``results`` of the working directory, unless a module moves them.

Snakemake moves the files that rules name where a workflow is used with ``prefix:``. What finds
files by itself, the plan and the scripts, finds them here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

DEFAULT = "results"

_ROOT: ContextVar[str] = ContextVar("results_root", default=DEFAULT)


def results_root() -> str:
    """Return the folder that holds the results of every experiment."""
    return _ROOT.get()


@contextmanager
def results_in(folder: str) -> Iterator[None]:
    """Have all paths of results that are asked for meanwhile lie in a folder."""
    token = _ROOT.set(folder)
    try:
        yield
    finally:
        _ROOT.reset(token)
