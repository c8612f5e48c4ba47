"""Whether networks learn their task, and still do it beyond their training."""

import numpy as np

from rnnpipe.population.findings.evidence import NETWORK, Evidence
from rnnpipe.population.findings.finding import Finding, share


def training(evidence: Evidence) -> list[Finding]:
    """Whether the networks learnt the task at all."""
    rows = evidence.tables["networks"].drop_duplicates(NETWORK)
    return [
        share(
            "T",
            "Networks learn the task.",
            "share of networks",
            rows["solved"].astype(bool).to_numpy(),
            0.9,
        )
    ]


def beyond(evidence: Evidence) -> list[Finding]:
    """Whether solved networks still do the task on the longest trials."""
    rows = evidence.of_solved("behaviour")
    rows = rows[rows["setting"] == "longer"]
    if rows.empty:
        return []
    times = rows["level"].max()
    scores = rows.loc[rows["level"] == times, "score"]
    return [
        share(
            "B",
            f"Solved networks do the task on trials {times:g} times as long as in training.",
            "share of networks",
            np.array([evidence.task.is_solved(score) for score in scores], dtype=bool),
            0.9,
        )
    ]
