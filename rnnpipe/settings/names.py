"""Names that are too long together: of several, paths are made."""

from collections.abc import Iterator

from rnnpipe.faults import Fault
from rnnpipe.settings.contents import Contents
from rnnpipe.settings.grid import Cohort, cut_blocks

# Of one part of a path, on every file system in use.
MOST_BYTES = 255
# What a part may hold beside names: suffixes, dots, the mark of a file not yet finished.
RESERVE = 40


def name_faults(contents: Contents, cohort: Cohort) -> Iterator[Fault]:
    """Yield a fault if logs and pages of a cohort, which bear all its names, cannot be written."""
    names = {
        f"tasks.{cohort.task}": cohort.task,
        f"models.{cohort.model}": cohort.model,
        f"constraints.{cohort.constraint}": cohort.constraint,
    }
    last = cut_blocks(contents.seeds[-1:], contents.compute.seeds_per_job)[-1].label
    length = len(".".join([*names.values(), last]))
    if length + RESERVE > MOST_BYTES:
        key = max(names, key=lambda key: len(names[key]))
        allowed = MOST_BYTES - RESERVE - len(last) - 3
        total = sum(map(len, names.values()))
        yield Fault(
            key,
            f"names of task, model and constraint have {total} letters together; files that "
            f"bear them and the seeds {last} have room for {allowed}",
        )
