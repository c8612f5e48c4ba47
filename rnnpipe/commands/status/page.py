"""How far an experiment is, as text for a terminal."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from math import isfinite

from rnnpipe.commands.status.state import Seen, State, Status, seconds_left
from rnnpipe.jobs.plain_text import count, duration, table
from rnnpipe.plan.stale import stale_text
from rnnpipe.settings import Cohort

# Jobs beyond this many are counted, not listed.
MOST_JOBS = 10
LAST_LINES = 5
# A block has the first of these states that one of its jobs has.
PRECEDENCE = (State.FAILED, State.RUNNING, State.WAITING, State.STALE, State.DONE)


def page(status: Status) -> str:
    """Write tables by cohort and by rule, and what is stale, runs or has failed, and why."""
    left = seconds_left(status.jobs)
    parts = [
        f"experiment {status.experiment}: {sum_up(status)}",
        table(_cohort_rows(status, left), numbers=9),
        table(_rule_rows(status, left), numbers=8),
        time_spent(status.jobs, left),
        *filter(None, [stale_text(status.stale).rstrip()]),
        *_running(status.jobs),
        *_failed(status.jobs),
    ]
    return "\n\n".join(parts)


def block_states(jobs: Iterable[Seen]) -> dict[Cohort, Counter]:
    """Count the networks per cohort and state; a network has the state of its block's jobs."""
    of_block: dict[tuple[Cohort, str], list[Seen]] = defaultdict(list)
    for one in jobs:
        if one.job.cohort is not None:
            of_block[one.job.cohort, one.job.names[-1]].append(one)
    networks: dict[Cohort, Counter] = defaultdict(Counter)
    for (cohort, _), chain in of_block.items():
        state = min((one.state for one in chain), key=PRECEDENCE.index)
        networks[cohort][state] += chain[0].job.networks
    return networks


def sum_up(status: Status) -> str:
    """Count all networks by state, and the solved ones."""
    total = sum(block_states(status.jobs).values(), Counter())
    states = ", ".join(f"{total[state]} {state}" for state in State)
    return f"{count(total.total(), 'network')}: {states}; {sum(status.solved.values())} solved"


def _cohort_rows(status: Status, left: Sequence[float]) -> list[list[str]]:
    keys = [one.job.cohort for one in status.jobs]
    spent, needed = _spent(keys, status.jobs), _by(keys, left)
    rows = [["task", "model", "constraint", "networks", *State, "solved", "spent", "left"]]
    for cohort, networks in block_states(status.jobs).items():
        names = [cohort.task, cohort.model, cohort.constraint, str(networks.total())]
        states = [str(networks[state]) for state in State]
        times = [duration(spent[cohort]), duration(needed[cohort])]
        rows.append([*names, *states, str(status.solved.get(cohort, 0)), *times])
    return rows


def _rule_rows(status: Status, left: Sequence[float]) -> list[list[str]]:
    keys = [one.job.rule for one in status.jobs]
    spent, needed = _spent(keys, status.jobs), _by(keys, left)
    rows = [["rule", "jobs", *State, "spent", "left"]]
    for rule in dict.fromkeys(keys):
        states = Counter(one.state for one in status.jobs if one.job.rule == rule)
        counts = [str(number) for number in (states.total(), *(states[s] for s in State))]
        rows.append([rule, *counts, duration(spent[rule]), duration(needed[rule])])
    return rows


def _spent(keys: Iterable[Hashable], jobs: Iterable[Seen]) -> dict[Hashable, float]:
    return _by(keys, (one.seconds if isfinite(one.seconds) else 0.0 for one in jobs))


def _by(keys: Iterable[Hashable], numbers: Iterable[float]) -> dict[Hashable, float]:
    """Sum numbers by their keys."""
    sums: dict[Hashable, float] = defaultdict(float)
    for key, number in zip(keys, numbers, strict=True):
        sums[key] += number
    return sums


def time_spent(jobs: Sequence[Seen], left: Sequence[float]) -> str:
    """Say how long jobs took so far, and how long the rest will take."""
    spent = sum(one.seconds for one in jobs if isfinite(one.seconds))
    running = sum(one.state is State.RUNNING for one in jobs)
    text = f"jobs took {duration(spent)} so far"
    if not any(left):
        return text
    text += f" and will take about {duration(sum(left))} more"
    if not running:
        return f"{text}; nothing runs"
    return f"{text}: {duration(sum(left) / running)} with the {running} that run at once now"


def _running(jobs: Iterable[Seen]) -> list[str]:
    """The last line of each running job's log."""
    lines = [
        f"  {one.job.label}, {duration(one.seconds)}: {_last(one)}"
        for one in jobs
        if one.state is State.RUNNING
    ]
    if more := len(lines[MOST_JOBS:]):
        lines[MOST_JOBS:] = [f"  and {more} more"]
    return ["\n".join(["running", *lines])] if lines else []


def _last(one: Seen) -> str:
    return one.log.lines[-1] if one.log and one.log.lines else "begins"


def _failed(jobs: Iterable[Seen]) -> list[str]:
    """The last lines of each failed job's log."""
    failed = [one for one in jobs if one.state is State.FAILED]
    parts = []
    for one in failed[:MOST_JOBS]:
        said = one.log.lines[-LAST_LINES:] if one.log else ()
        parts.append("\n".join([f"failed: {one.job.label}, {one.job.log}", *_indented(said)]))
    if more := len(failed) - len(parts):
        parts.append(f"failed: and {more} more")
    return parts


def _indented(lines: Iterable[str]) -> list[str]:
    """Lines of a log, indented to stand apart from the page's own."""
    return [f"  {line}" for line in lines] or ["  (it says nothing)"]
