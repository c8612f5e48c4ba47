"""F10: how the skeletons of flip-flops arise, and what their memories mean for the task.

All at rest, under the first probe without input, at the steps of training at which weights were
kept. The pattern of a point is that of its readout, as for F2; a memory is a stable fixed point
whose readout is within half a level of a pattern without zeros, and a pattern is held at a step
if it has a memory there. Spurious points, which are marginal and beyond all visited states, count
nowhere.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import STABLE
from rnnpipe.population.findings.evidence import Evidence, all_right, rest_probe
from rnnpipe.population.findings.finding import IN_ALL, Finding, difference
from rnnpipe.population.findings.memory import with_patterns
from rnnpipe.population.spurious_points import is_spurious
from rnnpipe.population.statistics.jackknife import FEWEST, jackknife_reach
from rnnpipe.tables.schemas import NETWORK

# The certificate of points of which one has no index.
NOT_APPLICABLE = "not applicable"
# Of an event that nothing tells the kind of.
UNKNOWN = "unknown"
IDENTITY = [*NETWORK, "probe", "identity"]


def judge_development(evidence: Evidence) -> list[Finding]:
    """Judge index sums, points and memories of flip-flops at the kept steps of training."""
    probe = rest_probe(evidence.task)
    memories = f"each of the {2**evidence.task.outputs} patterns"
    judged: tuple[tuple[str, str, str, Callable[[Evidence, str], pd.Series]], ...] = (
        (
            "F10a",
            "have fixed points whose indices sum to 1 at every kept step of their training.",
            "the sum of indices is 1 at every kept step at which every point has an index",
            _index_is_one,
        ),
        (
            "F10b",
            f"end with {3**evidence.task.outputs} fixed points, which they did not start with.",
            "it has just so many points at its last kept step, and fewer at its first",
            _all_points_arise,
        ),
        (
            "F10d",
            f"solve the task at no kept step at which not {memories} has a memory.",
            "there is a kept step at which it solves the task, and at all of them every pattern is "
            "held",
            _solved_with_memories,
        ),
    )
    shares = [
        evidence.judge_share(*claim, None if probe is None else right(evidence, probe))
        for *claim, right in judged
    ]
    last = [_judge_deaths(evidence, probe), _judge_cost(evidence, probe)]
    return sorted([*shares, *last], key=lambda finding: finding.claim)


def _courses(evidence: Evidence, probe: str) -> pd.DataFrame:
    """Rows of ``development`` of solved networks under a probe, by network and step."""
    rows = evidence.of_solved("development")
    return rows[rows["probe"] == probe].sort_values([*NETWORK, "step"])


def _index_is_one(evidence: Evidence, probe: str) -> pd.Series:
    rows = _courses(evidence, probe)
    # A degenerate point, as of networks that start with an eigenvalue of 1, has no sign for index.
    told = rows[rows["certificate"] != NOT_APPLICABLE]
    return told.assign(one=told["index_sum"] == 1).groupby(NETWORK, observed=True)["one"].all()


def _all_points_arise(evidence: Evidence, probe: str) -> pd.Series:
    points = counted_points(evidence)
    counts = points[points["probe"] == probe].groupby([*NETWORK, "step"], observed=True).size()
    rows = _courses(evidence, probe)
    rows = rows.merge(counts.rename("counted").reset_index(), on=[*NETWORK, "step"], how="left")
    ends = rows.fillna({"counted": 0}).groupby(NETWORK, observed=True)["counted"]
    every = 3**evidence.task.outputs
    return (ends.last() == every) & (ends.first() < every)


def _solved_with_memories(evidence: Evidence, probe: str) -> pd.Series:
    rows = held_patterns(evidence, probe)
    solved = rows[rows["score"].map(evidence.task.is_solved).astype(bool)]
    every = solved.assign(every=solved["held"].map(len) == 2**evidence.task.outputs)
    return every.groupby(NETWORK, observed=True)["every"].all()


def counted_points(evidence: Evidence) -> pd.DataFrame:
    """Rows of ``development_points`` of solved networks without spurious points."""
    points = evidence.of_solved("development_points")
    return points[~is_spurious(points)]


def memory_points(evidence: Evidence, probe: str) -> pd.DataFrame:
    """Memories of solved networks at all kept steps, each with the ``pattern`` that it holds."""
    points = counted_points(evidence)
    points = with_patterns(points[points["probe"] == probe], evidence.task)
    return points[points["memory"]]


def held_patterns(evidence: Evidence, probe: str) -> pd.DataFrame:
    """Rows of ``development`` under a probe, with the set of patterns that are ``held``."""
    memories = memory_points(evidence, probe).groupby([*NETWORK, "step"], observed=True)
    held = memories["pattern"].agg(frozenset).rename("held").reset_index()
    rows = _courses(evidence, probe).merge(held, on=[*NETWORK, "step"], how="left")
    sets = [own if isinstance(own, frozenset) else frozenset() for own in rows["held"]]
    return rows.assign(held=pd.Series(sets, index=rows.index, dtype=object))


def _judge_deaths(evidence: Evidence, probe: str | None) -> Finding:
    """Judge whether memories that die are seen to die; nothing is told where none does."""
    right = None
    criterion = (
        "of every memory whose point is gone or stable no more at the next kept step, the death is "
        "among the events, with its kind and date"
    )
    if probe is not None:
        lost = lost_memories(evidence, probe)
        criterion += f"; {len(lost)} memories die"
        right = all_right(lost, "seen", _courses(evidence, probe))
    sentence = "lose no memory that is not seen to die."
    return evidence.judge_share("F10c", sentence, criterion, right)


def lost_memories(evidence: Evidence, probe: str) -> pd.DataFrame:
    """Memories that are no stable point any more at the next kept step, and whether this is seen.

    It is seen if the death of the point, or of its attractor, is an event between the two steps
    that has a kind and a date.

    Returns
    -------
    DataFrame
        One row per memory and loss: the columns of `NETWORK`, ``identity``, ``step``, the last
        step at which it was there, ``seen``.
    """
    memories = memory_points(evidence, probe)[[*IDENTITY, "step"]]
    stable = counted_points(evidence)
    stable = stable[stable["class"] == STABLE][[*IDENTITY, "step"]]
    steps = _courses(evidence, probe)[[*NETWORK, "step"]]
    steps = steps.assign(next=steps.groupby(NETWORK, observed=True)["step"].shift(-1))
    memories = memories.merge(steps.dropna(), on=[*NETWORK, "step"])
    after = stable.rename(columns={"step": "next"}).assign(there=True)
    lost = memories.merge(after, on=[*IDENTITY, "next"], how="left")
    lost = lost[lost["there"].isna()][[*IDENTITY, "step"]]
    attractors = evidence.of_solved("development_attractors")
    attractors = attractors.rename(columns={"identity": "attractor", "point": "identity"})
    lost = lost.merge(
        attractors[[*IDENTITY, "step", "attractor"]], on=[*IDENTITY, "step"], how="left"
    )
    events = evidence.of_solved("development_events")
    known = (events["kind"] != UNKNOWN) & events["step"].notna() & (events["event"] == "death")
    events = events[known & (events["probe"] == probe)]
    keys = events[[*NETWORK, "of", "identity", "step_before"]].itertuples(index=False, name=None)
    deaths = set(keys)
    seen = [
        (*who, "point", identity, step) in deaths or (*who, "attractor", attractor, step) in deaths
        for *who, identity, step, attractor in lost[
            [*NETWORK, "identity", "step", "attractor"]
        ].itertuples(index=False, name=None)
    ]
    return lost.assign(seen=np.array(seen, dtype=bool))


def _judge_cost(evidence: Evidence, probe: str | None) -> Finding:
    """Judge whether the score falls where memories die, more than elsewhere in the same network."""
    costs = np.zeros(0) if probe is None else memory_costs(evidence, probe).to_numpy()
    return judged_cost(costs, evidence.task.score_quantity.unit)


def judged_cost(costs: np.ndarray, unit: str) -> Finding:
    """Judge whether the mean of costs (network,) is above zero, by a jackknife over networks."""
    count, value, reach = len(costs), np.nan, np.nan
    if count:
        value = float(costs.mean())
    if count >= FEWEST:
        left_out = (costs.sum() - costs) / (count - 1)
        reach = jackknife_reach(left_out, np.zeros(count, dtype=int))
    return difference(
        "F10e",
        "Networks of which a memory dies lose score as it dies.",
        "loss of score from one kept step to the next where fewer patterns are held then, less "
        "that from other steps at which some are held; mean over networks",
        value,
        (value - reach, value + reach),
        count,
        count,
        unit=unit,
        where=IN_ALL,
    )


def memory_costs(evidence: Evidence, probe: str) -> pd.Series:
    """Loss of score of solved networks where patterns cease to be held, less that elsewhere.

    Returns
    -------
    Series
        One per network that loses a pattern, in the score's unit; where no other step compares,
        the loss alone.
    """
    rows = held_patterns(evidence, probe)
    sign = 1 if evidence.task.higher_is_better else -1
    by_network = rows.groupby(NETWORK, observed=True)
    rows = rows.assign(
        loss=sign * (rows["score"] - by_network["score"].shift(-1)),
        count=rows["held"].map(len).astype(float),
    )
    rows["after"] = rows.groupby(NETWORK, observed=True)["count"].shift(-1)
    rows = rows[(rows["count"] > 0) & rows["loss"].notna()]
    falls = rows["after"] < rows["count"]
    means = (
        part.groupby(NETWORK, observed=True)["loss"].mean() for part in (rows[falls], rows[~falls])
    )
    where, elsewhere = means
    return where - elsewhere.reindex(where.index).fillna(0.0)
