"""F3 and F5: continuous attractors, the ring of integrators and the lines of either context.

Mante et al. 2013 (Nature 503:78); Maheswaranathan et al. 2019, figure 4.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import ATTRACTOR
from rnnpipe.population.findings.evidence import Evidence, rest_probe
from rnnpipe.population.findings.finding import Finding
from rnnpipe.tables.schemas import NETWORK, POINT
from rnnpipe.tasks import Task
from rnnpipe.tasks.context import STREAMS

# Largest distance of the leading |λ| from 1, and of the other stream's gain over the cued one's.
MOST_DISTANCE = 0.03
MOST_RATIO = 0.2
# Share of a network's points that must take in more of the cued stream.
LEAST_POINTS = 0.95


def judge_ring(evidence: Evidence) -> list[Finding]:
    """Judge whether there is one continuous attractor, a ring traversed once by the readout.

    A ring is closed, by the curve that was followed or by the unstable manifolds of its saddles;
    an arc is none, however far it goes round. Curves that repel or leak do not count. Nothing
    is claimed of several headings, whose states lie on a torus.
    """
    if evidence.task.angles > 1:
        return []
    probe = rest_probe(evidence.task)
    curves = evidence.of_solved("continua")
    curves = curves[(curves["probe"] == probe) & (curves["nature"] == ATTRACTOR)]
    ring = (curves["kind"] == "ring") & (np.abs(curves["turns"]).round() == 1)
    by_network = curves.assign(ring=ring).groupby(NETWORK, observed=True)["ring"]
    right = (by_network.size() == 1) & by_network.all()
    return [
        evidence.judge_share(
            "F3",
            "have, at rest, one ring of slow states that attracts and that the heading goes round "
            "once.",
            "its only continuous attractor is such a ring, closed",
            None if probe is None else right,
        )
    ]


def judge_contexts(evidence: Evidence) -> list[Finding]:
    """Judge how near to 1 the leading mode is, and which stream its left eigenvector takes in.

    A network is right if it is in either context by itself. Nothing is told if a
    context is not among the probes.
    """
    contexts = context_probes(evidence.task)
    modes = _leading_modes(evidence, contexts)
    by_context = modes.groupby([*NETWORK, "probe"], observed=True)
    medians = by_context[["distance", "ratio"]].median()
    judged = (
        (
            "F5a",
            "have, in either context, fixed points whose leading mode neither grows nor decays.",
            f"||λ| − 1| is at most {MOST_DISTANCE} in the median over points, in either",
            medians["distance"] <= MOST_DISTANCE,
        ),
        (
            "F5b",
            "have, in either context, a leading mode that takes in more of the cued stream than of "
            "the other.",
            f"it does at {LEAST_POINTS:.0%} of the points or more, in either",
            by_context["more"].mean() >= LEAST_POINTS,
        ),
        (
            "F5c",
            "have, in either context, a leading mode that takes in next to nothing of the stream "
            "that is not cued.",
            f"at most {MOST_RATIO} of the cued one's in the median over points, in either",
            medians["ratio"] <= MOST_RATIO,
        ),
    )
    told = len(contexts) == STREAMS
    return [
        evidence.judge_share(*claim, _in_all(right, list(contexts)) if told else None)
        for *claim, right in judged
    ]


def context_probes(task: Task) -> dict[str, int]:
    """Return the probes that are a context without evidence, with the number of the cued stream.

    Whatever their names are; of several that are equal, the first.
    """
    found = {}
    for stream, context in enumerate(task.default_probes().values()):
        same = [name for name, x in task.probes().items() if np.array_equal(x, context)]
        found |= dict.fromkeys(same[:1], stream)
    return found


def _leading_modes(evidence: Evidence, contexts: Mapping[str, int]) -> pd.DataFrame:
    """One row per fixed point: distance of the leading |λ| from 1, gains of the two streams.

    A point without a mode is infinitely far off, and takes nothing in.
    """
    points = evidence.of_points("fixed_points")[POINT]
    points = points[points["probe"].isin(list(contexts))]
    modes = evidence.tables["responses"]
    modes = modes[(modes["mode"] == 0) & modes["probe"].isin(list(contexts))]
    cued = modes["probe"].map(contexts).to_numpy(int)
    modes = modes.assign(distance=np.abs(np.hypot(modes["re"], modes["im"]) - 1))
    modes = modes.join(selection(modes["input_gain"], cued, evidence.task.channels))
    rows = points.merge(modes[[*POINT, "distance", "cued", "uncued"]], on=POINT, how="left")
    ratio = rows["uncued"] / rows["cued"]
    return rows.assign(
        distance=rows["distance"].fillna(np.inf),
        more=rows["cued"] > rows["uncued"],
        ratio=ratio.fillna(np.inf),
    )


def _in_all(right: pd.Series, contexts: list[str]) -> pd.Series:
    """Whether each network is right in all contexts; without points in one of them it is not."""
    return right.unstack("probe").reindex(columns=contexts).eq(True).all(axis=1)


def selection(gains: pd.Series, cued: np.ndarray, channels: tuple[str, ...]) -> pd.DataFrame:
    """Compute the gain |l^H B| of the cued stream and of the other, one row per mode.

    Parameters
    ----------
    gains
        The column ``input_gain`` of the table ``responses``.
    cued
        (mode,), number of the stream that is cued, from 0.
    channels
        Names of the input channels, in the order of ``input_gain``.
    """
    streams = [i for i, name in enumerate(channels) if name.startswith("stream")]
    taken = np.zeros((0, len(channels)))
    if len(gains):
        taken = np.stack(gains)
    own = np.arange(len(streams)) == cued[:, None]
    taken = taken[:, streams]
    return pd.DataFrame(
        {
            "cued": np.where(own, taken, 0.0).sum(1),
            "uncued": np.where(own, 0.0, taken).max(1, initial=0.0),
        },
        index=gains.index,
    )
