"""F3 and F5: continuous attractors, the ring of integrators and the lines of either context.

Mante et al. 2013 (Nature 503:78); Maheswaranathan et al. 2019, figure 4.
"""

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import ATTRACTOR
from rnnpipe.population.findings.evidence import Evidence, mean_per_network, median_per_network
from rnnpipe.population.findings.finding import Finding, share
from rnnpipe.tables.schemas import NETWORK
from rnnpipe.tasks.context import cued_stream


def judge_ring(evidence: Evidence) -> list[Finding]:
    """Judge whether there is one ring of slow states, traversed once by the readout."""
    probe = next(iter(evidence.task.probes()))
    networks = evidence.networks(probe).set_index(NETWORK)
    curves = evidence.of_solved("continua")
    rings = curves[(curves["probe"] == probe) & (curves["kind"] == "ring")]
    rings = rings[rings["nature"] == ATTRACTOR]
    once = rings[np.abs(rings["turns"]).round() == 1].groupby(NETWORK, observed=True).size()
    only = (networks["rings"] == 1) & (networks["lines"] == 0)
    right = only & (once.reindex(networks.index).fillna(0) == 1)
    return [
        share(
            "F3",
            "Solved integrators have, at rest, one ring of slow states that the heading goes "
            "round once.",
            "share of networks",
            right.to_numpy(),
        )
    ]


def judge_contexts(evidence: Evidence) -> list[Finding]:
    """Judge how near to 1 the leading mode is, and which stream its left eigenvector takes in."""
    modes = evidence.of_points("responses")
    named = modes["probe"].str.fullmatch(r"context\d+").astype(bool)
    modes = modes[(modes["mode"] == 0) & named]
    modes = modes.assign(distance=np.abs(np.hypot(modes["re"], modes["im"]) - 1))
    modes = modes.join(selection(modes, evidence.task.channels))
    return [
        evidence.judge_mean(
            "F5a",
            "In either context the slowest mode of the fixed points neither grows nor decays.",
            "||λ| − 1|, a network's median over points",
            median_per_network(modes, "distance"),
            0.03,
            at_most=True,
        ),
        evidence.judge_mean(
            "F5b",
            "The slowest mode takes in more of the cued stream than of the other.",
            "share of a network's points",
            mean_per_network(modes.assign(more=modes["cued"] > modes["uncued"]), "more"),
            0.95,
        ),
        evidence.judge_mean(
            "F5c",
            "The slowest mode takes in next to nothing of the stream that is not cued.",
            "gain of the other stream over the cued one's, a network's median",
            median_per_network(modes.assign(ratio=modes["uncued"] / modes["cued"]), "ratio"),
            0.2,
            at_most=True,
        ),
    ]


def selection(modes: pd.DataFrame, channels: tuple[str, ...]) -> pd.DataFrame:
    """Compute the gain |l^H B| of the cued stream and of the other, one row per mode.

    Parameters
    ----------
    modes
        Rows of the table ``responses``; a probe ``contextN`` cues ``streamN``.
    channels
        Names of the input channels, in the order of ``input_gain``.
    """
    streams = [i for i, name in enumerate(channels) if name.startswith("stream")]
    gains = np.zeros((len(modes), len(channels)))
    if len(modes):
        gains = np.stack(modes["input_gain"])
    number = np.array([cued_stream(probe) for probe in modes["probe"]], dtype=int)
    own = np.arange(len(streams)) == number[:, None]
    streams_in = gains[:, streams]
    return pd.DataFrame(
        {
            "cued": np.where(own, streams_in, 0.0).sum(1),
            "uncued": np.where(own, 0.0, streams_in).max(1, initial=0.0),
        },
        index=modes.index,
    )
