"""F2: solved flip-flops hold each pattern in a stable point, with saddles in between.

Sussillo & Barak 2013, section 4.1; Maheswaranathan et al. 2019, figure 1.
"""

import numpy as np
import pandas as pd

from rnnpipe.population.findings.evidence import Evidence, mean_per_network
from rnnpipe.population.findings.finding import Finding, share
from rnnpipe.tables.schemas import NETWORK, POINT

# A readout below half of the memories' is as good as zero.
ZERO = 0.5


def judge_memory(evidence: Evidence) -> list[Finding]:
    """Judge the number of memories, the places of saddles, and where noise and pulses lead."""
    probe = next(iter(evidence.task.probes()))
    networks = evidence.networks(probe)
    bits = evidence.task.outputs
    points = _points(evidence, probe)
    return [
        share(
            "F2a",
            f"Solved {bits}-bit memories have {2**bits} stable fixed points.",
            "share of networks",
            (networks["unstable_0"] == 2**bits).to_numpy(),
        ),
        evidence.judge_mean(
            "F2b",
            "A fixed point has as many unstable modes as its readout has zeros.",
            "share of a network's points",
            mean_per_network(points.assign(right=points["zeros"] == points["unstable"]), "right"),
            0.95,
        ),
        evidence.judge_mean(
            "F2c",
            "From a saddle with one unstable mode, noise leads to its two neighbours on the cube.",
            "share of the transitions",
            mean_per_network(_to_neighbours(evidence, points, probe), "mass"),
            0.95,
        ),
        evidence.judge_mean(
            "F2d",
            "A pulse moves every memory to the one that the task asks for.",
            "share of the machine's transitions",
            networks["machine_right"].to_numpy(dtype=float),
            0.99,
        ),
    ]


def _points(evidence: Evidence, probe: str) -> pd.DataFrame:
    """Fixed points of solved networks: unstable modes, and zeros of the readout."""
    points = evidence.of_points("fixed_points")
    points = points[(points["kind"] == "fixed") & (points["probe"] == probe)]
    points = points.merge(evidence.tables["stability"][[*POINT, "unstable"]], on=POINT)
    zeros = [int((np.abs(readout) < ZERO).sum()) for readout in points["readout"]]
    return points.assign(zeros=zeros)


def _to_neighbours(evidence: Evidence, points: pd.DataFrame, probe: str) -> pd.DataFrame:
    """Share of noise (column ``mass``) that leads each 1-saddle to stable points beside it."""
    key = [*NETWORK, "point"]
    edges = evidence.of_solved("edges")
    edges = edges[(edges["kind"] == "noise") & (edges["probe"] == probe)]
    saddles = points.loc[points["unstable"] == 1, [*key, "readout"]]
    ends = points.loc[points["unstable"] == 0, [*key, "readout"]]
    moves = edges[[*NETWORK, "from", "to", "probability"]]
    moves = saddles.merge(moves, left_on=key, right_on=[*NETWORK, "from"])
    moves = moves.merge(
        ends, left_on=[*NETWORK, "to"], right_on=key, how="left", suffixes=("", "_end")
    )
    right = [
        isinstance(end, np.ndarray | list) and _neighbours(np.asarray(saddle), np.asarray(end))
        for saddle, end in zip(moves["readout"], moves["readout_end"], strict=True)
    ]
    moves["mass"] = np.where(right, moves["probability"], 0.0)
    return moves.groupby([*NETWORK, "from"], observed=True, as_index=False)["mass"].sum()


def _neighbours(saddle: np.ndarray, end: np.ndarray) -> bool:
    """Whether a saddle lies between the stable point and its neighbour in one bit."""
    undecided = np.abs(saddle) < ZERO
    return bool(undecided.sum() == 1 and (np.sign(saddle) == np.sign(end))[~undecided].all())
