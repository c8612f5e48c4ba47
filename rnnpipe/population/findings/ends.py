"""F7: where runs end. Every run of a network ends in an attractor that has a name.

A run that still drifts after the longest time (kind ``slow``), escapes, or ends in nothing that
the search knows counts against its network: of that network's dynamics the skeleton tells less
than all.
"""

from collections.abc import Sequence

import pandas as pd

from rnnpipe.dynamics.classes import KINDS, SLOW
from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import Finding
from rnnpipe.tables.schemas import NETWORK

# Where a run ends that ends in no attractor with a name.
UNNAMED = "no attractor with a name"


def judge_ends(evidence: Evidence) -> list[Finding]:
    """Judge whether all runs from visited states, under every probe, end in a named attractor."""
    probes = list(evidence.task.probes())
    named = run_counts(evidence, probes, "visited", KINDS[:-1])
    runs = run_counts(evidence, probes, "visited")
    under = evidence.of_solved("ends").groupby(NETWORK, observed=True)["probe"].nunique()
    none = evidence.tables["ends"]["visited_runs"].eq(0)
    unasked = len(none) and none.all()
    box = run_counts(evidence, probes, "box", KINDS[:-1]), run_counts(evidence, probes, "box")
    beside = f"; so do {_share(*box)} of the runs from anywhere" if box[1].sum() else ""
    return [
        evidence.judge_share(
            "F7",
            "go from every state that they visit into an attractor that has a name.",
            f"all its runs from visited states end in one, under every input held; of all "
            f"networks' {_share(named, runs)} do{beside}",
            None if unasked else (named == runs) & (runs > 0) & (under == len(probes)),
        )
    ]


def run_counts(
    evidence: Evidence, probes: Sequence[str], source: str, kinds: Sequence[str] | None = None
) -> pd.Series:
    """Count the runs of each solved network that were begun, or that end in some kinds.

    Parameters
    ----------
    evidence
        With the tables ``ends`` and ``attractors``.
    probes
        Under which runs count.
    source
        Where they start: ``visited`` or ``box``.
    kinds
        Kinds of attractors, of `KINDS`; all runs by default, wherever they end.

    Returns
    -------
    Series
        int, indexed by the columns of `NETWORK`, of the networks with a row in ``ends``.
    """
    ends = evidence.of_solved("ends")
    ends = ends[ends["probe"].isin(probes)]
    begun = ends.groupby(NETWORK, observed=True)[f"{source}_runs"].sum()
    if kinds is None:
        return begun
    rows = evidence.of_solved("attractors")
    rows = rows[rows["probe"].isin(probes) & rows["kind"].isin(kinds)]
    ended = rows.groupby(NETWORK, observed=True)[source].sum()
    return ended.reindex(begun.index, fill_value=0)


def shares_in_words(evidence: Evidence, probe: str) -> str:
    """List the kinds in which the runs of all networks from visited states end, with shares."""
    begun = run_counts(evidence, [probe], "visited").sum()
    if not begun:
        return "no run"
    ended = {kind: run_counts(evidence, [probe], "visited", [kind]).sum() for kind in KINDS}
    ended[UNNAMED] = begun - sum(ended.values())
    words = {SLOW: "still drifting"}
    return ", ".join(
        f"{count / begun:.3g} {words.get(kind, kind)}" for kind, count in ended.items() if count
    )


def _share(part: pd.Series, whole: pd.Series) -> str:
    """Write the share of all runs, or that there are none."""
    return f"{part.sum() / whole.sum():.3g}" if whole.sum() else "none"
