"""The code that jobs depend on, before and after an edit of the package."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rnnpipe.plan import fingerprint as module
from rnnpipe.plan.plan import Plan


def forget() -> None:
    """Have the package read anew."""
    for value in vars(module).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


@contextmanager
def read_at(package: Path) -> Iterator[None]:
    """Have fingerprints taken of a copy of the package, with scripts beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ROOT", package)
        forget()
        yield
    forget()


def every_code(of: Plan) -> dict[tuple[str, ...], str]:
    """Fingerprints of the code of every job, by rule and by what names the job."""
    return {
        (rule, *names): of.code(rule, *names) for rule, jobs in of.jobs().items() for names in jobs
    }
