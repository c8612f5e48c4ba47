"""What the rest of an experiment will take, from what its jobs took so far."""

from collections.abc import Hashable, Iterable, Sequence
from math import isfinite

from rnnpipe.commands.status.disk import Seen, State


def seconds_left(seen: Sequence[Seen]) -> list[float]:
    """Seconds that every job still needs.

    Estimates are scaled by what the finished jobs of the same rule and cohort
    took of theirs, of the same rule where there are none, and stand as they
    are where no job of the rule is finished.

    Returns
    -------
    list
        One number a job, in their order: 0 for what is done. What a running
        job has taken so far counts.
    """
    done = [one for one in seen if one.state is State.DONE and isfinite(one.seconds)]
    by_cohort = _ratios(((one.job.rule, one.job.cohort), one) for one in done)
    by_rule = _ratios((one.job.rule, one) for one in done)

    def left(one: Seen) -> float:
        if one.state is State.DONE:
            return 0.0
        job = one.job
        ratio = by_cohort.get((job.rule, job.cohort), by_rule.get(job.rule, 1.0))
        so_far = one.seconds if one.state is State.RUNNING else 0.0
        return max(ratio * job.seconds - so_far, 0.0)

    return [left(one) for one in seen]


def _ratios(groups: Iterable[tuple[Hashable, Seen]]) -> dict[Hashable, float]:
    """Seconds that the jobs of each group took, over what they were estimated to take."""
    taken: dict[Hashable, float] = {}
    estimated: dict[Hashable, float] = {}
    for key, one in groups:
        taken[key] = taken.get(key, 0.0) + one.seconds
        estimated[key] = estimated.get(key, 0.0) + one.job.seconds
    return {key: taken[key] / estimated[key] for key in taken}
