"""F5: in either context, an approximate line attractor that the cued stream alone drives.

Mante et al. 2013 (Nature 503:78); Maheswaranathan et al. 2019, figure 4.
"""

import numpy as np
import pandas as pd

from rnnpipe.population.findings.evidence import NETWORK, Evidence, by_network
from rnnpipe.population.findings.finding import Finding, mean_reaches
from rnnpipe.tasks.context import cued_stream


def contexts(evidence: Evidence) -> list[Finding]:
    """How near to 1 the leading mode is, and which stream its left eigenvector takes in."""
    modes = evidence.of_points("responses")
    named = modes["probe"].str.fullmatch(r"context\d+").astype(bool)
    modes = modes[(modes["mode"] == 0) & named]
    modes = modes.assign(distance=np.abs(np.hypot(modes["re"], modes["im"]) - 1))
    modes = modes.join(selection(modes, evidence.task.channels))
    draws = {"resamples": evidence.resamples}
    return [
        mean_reaches(
            "F5a",
            "In either context the slowest mode of the fixed points neither grows nor decays.",
            "||λ| − 1|, a network's median over points",
            modes.groupby(NETWORK, observed=True)["distance"].median().to_numpy(float),
            0.03,
            evidence.rng("F5a"),
            at_most=True,
            **draws,
        ),
        mean_reaches(
            "F5b",
            "The slowest mode takes in more of the cued stream than of the other.",
            "share of a network's points",
            by_network(modes.assign(more=modes["cued"] > modes["uncued"]), "more"),
            0.95,
            evidence.rng("F5b"),
            **draws,
        ),
        mean_reaches(
            "F5c",
            "The slowest mode takes in next to nothing of the stream that is not cued.",
            "gain of the other stream over the cued one's, a network's median",
            modes.assign(ratio=modes["uncued"] / modes["cued"])
            .groupby(NETWORK, observed=True)["ratio"]
            .median()
            .to_numpy(float),
            0.2,
            evidence.rng("F5c"),
            at_most=True,
            **draws,
        ),
    ]


def selection(modes: pd.DataFrame, channels: tuple[str, ...]) -> pd.DataFrame:
    """Gain |l^H B| of the cued stream and of the other, a row a mode.

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
