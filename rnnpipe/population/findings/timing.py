"""F11: networks that reproduce intervals: what they produce, and where they rest.

Jazayeri & Shadlen 2010 (Nat. Neurosci. 13:1020); Turner, Dabholkar & Barak 2021 (NeurIPS 34),
whose networks keep time by various dynamics.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import FIXED
from rnnpipe.population.findings.ends import run_counts, shares_in_words
from rnnpipe.population.findings.evidence import Evidence, median_in_words, rest_probe
from rnnpipe.population.findings.finding import Finding
from rnnpipe.tables.schemas import NETWORK
from rnnpipe.tasks import Trials

# Least correlation of intervals given and produced over trials, and largest mean difference in
# steps: half of what a network may be off that has learnt the task.
LEAST_CORRELATION = 0.95
MOST_ERROR = 1.0


def judge_timing(evidence: Evidence) -> list[Finding]:
    """Judge the intervals that networks produce in harvested trials, and whether they rest.

    Without response an interval lasts until the trial's end.
    """
    measured = pd.DataFrame(_measured(evidence), columns=[*NETWORK, "r", "error"])
    measured = measured.set_index(NETWORK)
    probe = rest_probe(evidence.task)
    resting = None
    ends = ""
    if probe is not None:
        runs = run_counts(evidence, [probe], "visited")
        resting = (run_counts(evidence, [probe], "visited", [FIXED]) == runs) & (runs > 0)
        ends = f" (of all networks' runs: {shares_in_words(evidence, probe)})"
    judged = (
        (
            "F11a",
            "produce intervals that follow those given.",
            "intervals given and produced correlate over trials with at least "
            f"{LEAST_CORRELATION}{median_in_words(measured['r'])}",
            measured["r"] >= LEAST_CORRELATION,
        ),
        (
            "F11b",
            "produce the intervals given.",
            f"they differ by {MOST_ERROR:g} step at most, in the mean over trials"
            f"{median_in_words(measured['error'])}",
            measured["error"] <= MOST_ERROR,
        ),
        (
            "F11c",
            "come to rest without input, from every state that they visit.",
            f"all its runs at rest end in a fixed point{ends}",
            resting,
        ),
    )
    return [evidence.judge_share(*claim) for claim in judged]


def _measured(evidence: Evidence) -> Iterator[tuple]:
    """Name of each network, and r and mean absolute difference of its intervals."""
    rows = evidence.of_solved("trajectories").sort_values(["trial", "time"], kind="stable")
    for name, own in rows.groupby(NETWORK, observed=True):
        trials = own["trial"].nunique()
        outputs, targets = (
            np.stack(own[column]).reshape(trials, -1, evidence.task.outputs)
            for column in ("output", "target")
        )
        given = own["condition"].to_numpy().reshape(trials, -1)
        # Of the trials, what was shown and what counts in training do not matter here.
        produced = evidence.task.produced(outputs, Trials(targets, targets, targets, given))
        yield *name, _correlation(given[:, 0], produced), np.abs(produced - given[:, 0]).mean()


def _correlation(given: np.ndarray, produced: np.ndarray) -> float:
    """Pearson's r, NaN where one does not vary."""
    if not (np.ptp(given) and np.ptp(produced)):
        return float("nan")
    return float(np.corrcoef(given, produced)[0, 1])
