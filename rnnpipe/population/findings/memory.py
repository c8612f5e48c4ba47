"""F2: solved flip-flops hold each pattern in a stable point, with saddles in between.

Sussillo & Barak 2013, section 4.1; Maheswaranathan et al. 2019, figure 1.

The pattern of a point is that of its readout: a bit that is nearer to zero than half a level is
zero, any other has its sign. A memory is a stable fixed point without zeros whose readout is within
half a level of its pattern. A pattern that two such points hold has its memory. A pattern that only
a stable cycle holds has none, though the task's machine (F2d) may run on cycles.
"""

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import STABLE
from rnnpipe.population.findings.evidence import Evidence, mean_reaches, rest_probe
from rnnpipe.population.findings.finding import Finding
from rnnpipe.tables.schemas import NETWORK, POINT
from rnnpipe.tasks import Task

# Of a network's points, and of the noise at its saddles, this share must be as claimed.
LEAST = 0.95
# Of the transitions of its finite-state machine.
LEAST_OF_MACHINE = 0.99
_OWN = [*NETWORK, "point"]


def judge_memory(evidence: Evidence) -> list[Finding]:
    """Judge the memories, the places of saddles, and where noise and pulses lead.

    All at rest, under the first probe without input; nothing is told if there is none.
    """
    probe, patterns = rest_probe(evidence.task), 2**evidence.task.outputs
    points = _points(evidence, probe)
    held = points[points["memory"]].groupby(NETWORK, observed=True)["pattern"].nunique()
    points["right"] = points["zeros"] == points["unstable"]
    machines = evidence.networks(probe).set_index(NETWORK)["machine_right"].astype(float)
    judged = (
        (
            "F2a",
            f"hold each of the {patterns} patterns in a stable fixed point of its own.",
            "every pattern has a stable fixed point with a readout within half a level of it",
            held == patterns,
        ),
        (
            "F2b",
            "have fixed points with as many unstable modes as their readout has zeros.",
            f"at least {LEAST:.0%} of its fixed points have",
            mean_reaches(points, "right", LEAST),
        ),
        (
            "F2c",
            "have saddles with one unstable mode from which noise leads to the two memories beside "
            "them.",
            f"at least {LEAST:.0%} of the noise at these saddles leads there",
            mean_reaches(_to_neighbours(evidence, points, probe), "mass", LEAST),
        ),
        (
            "F2d",
            "go at a pulse from every memory to the one that the task asks for.",
            f"at least {LEAST_OF_MACHINE:.0%} of the transitions end within half a level of it",
            machines >= LEAST_OF_MACHINE,
        ),
    )
    told = probe is not None
    return [evidence.judge_share(*claim, right if told else None) for *claim, right in judged]


def _points(evidence: Evidence, probe: str | None) -> pd.DataFrame:
    """Fixed points of solved networks at rest: pattern, number of its zeros, whether a memory."""
    points = evidence.of_points("fixed_points")
    points = points[points["probe"] == probe]
    stability = evidence.tables["stability"][[*POINT, "unstable", "class"]]
    points = points.merge(stability, on=POINT, how="left")
    return with_patterns(points, evidence.task)


def with_patterns(points: pd.DataFrame, task: Task) -> pd.DataFrame:
    """Add to fixed points their ``pattern``, its number of ``zeros``, and whether a ``memory``."""
    level = task.readout_level
    readouts = np.stack(points["readout"]) if len(points) else np.zeros((0, task.outputs))
    patterns = np.where(np.abs(readouts) < level / 2, 0, np.sign(readouts))
    zeros = (patterns == 0).sum(1)
    near = (np.abs(readouts - level * patterns) < level / 2).all(1)
    return points.assign(
        pattern=pd.Series(map(tuple, patterns), index=points.index, dtype=object),
        zeros=zeros,
        memory=near & (zeros == 0) & (points["class"] == STABLE),
    )


def _to_neighbours(evidence: Evidence, points: pd.DataFrame, probe: str | None) -> pd.DataFrame:
    """Share of noise (column ``mass``) that leads each 1-saddle to the two memories beside it.

    Zero for a saddle from which noise reaches one of them alone, or that has no two.
    """
    edges = evidence.of_solved("edges")
    edges = edges[(edges["kind"] == "noise") & (edges["probe"] == probe)]
    saddles = points.loc[points["unstable"] == 1, [*_OWN, "pattern"]]
    ends = points.loc[points["memory"], [*_OWN, "pattern"]].rename(columns={"point": "to"})
    moves = saddles.rename(columns={"point": "from"}).merge(
        edges[[*NETWORK, "from", "to", "probability"]], on=[*NETWORK, "from"]
    )
    moves = moves.merge(ends, on=[*NETWORK, "to"], suffixes=("", "_end"))
    beside = [
        _beside(np.array(saddle), np.array(end))
        for saddle, end in zip(moves["pattern"], moves["pattern_end"], strict=True)
    ]
    moves = moves[np.array(beside, dtype=bool)]
    reached = moves.groupby([*NETWORK, "from"], observed=True).agg(
        mass=("probability", "sum"), both=("pattern_end", "nunique")
    )
    reached = reached[reached["both"] == 2].rename_axis(index={"from": "point"}).reset_index()
    saddles = saddles.merge(reached[[*_OWN, "mass"]], on=_OWN, how="left")
    return saddles.assign(mass=saddles["mass"].astype(float).fillna(0))


def _beside(saddle: np.ndarray, end: np.ndarray) -> bool:
    """Whether a saddle's pattern is that of a memory but for one bit, which is zero."""
    undecided = saddle == 0
    return bool(undecided.sum() == 1 and (saddle == end)[~undecided].all())
