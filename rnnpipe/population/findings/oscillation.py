"""F4: an oscillation turns about one fixed point, as fast as its unstable pair says.

Sussillo & Barak 2013, section 4.2; Maheswaranathan et al. 2019, figure 3.

The oscillating point of an input is the fixed point whose leading eigenvalues are a complex pair
that grows; of several, the one whose pair grows fastest. A network that lacks one under any
input is wrong about F4b, F4c and F4d.
"""

import numpy as np
import pandas as pd

from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import MOST_IN_WORDS, Finding
from rnnpipe.tables.schemas import NETWORK
from rnnpipe.tasks.sinewave import HIGHEST, LOWEST

# Share of a network's inputs under which there must be one fixed point.
LEAST_ALONE = 0.95
# Least correlation of angle and frequency, and largest mean difference in radians per step.
LEAST_CORRELATION = 0.95
MOST_ERROR = 0.05
# A correlation of fewer inputs says nothing.
FEWEST_INPUTS = 3
_ROUNDING = 1e-9


def judge_oscillation(evidence: Evidence) -> list[Finding]:
    """Judge the number of points per input, their unstable pair, and its frequency."""
    targets = _targets(evidence)
    points = evidence.of_points("stability")
    points = points[points["probe"].isin(targets.index)]
    counts = points.groupby([*NETWORK, "probe"], observed=True).size().rename("points")
    counts = _by_input(counts.reset_index(), "points", targets.index)
    leading = _leading(points)
    omega = _by_input(leading, "omega", targets.index)
    pairs = _by_input(leading.assign(pair=leading["unstable"] == 2.0), "pair", targets.index)
    error = np.abs(omega - targets).mean(axis=1, skipna=False)
    follows = None
    if len(targets) >= FEWEST_INPUTS:
        follows = _correlations(omega, targets) >= LEAST_CORRELATION
    judged = (
        (
            "F4a",
            "have one fixed point under nearly every constant input.",
            f"there is one under at least {LEAST_ALONE:.0%} of the inputs",
            (counts == 1).mean(axis=1) >= LEAST_ALONE,
        ),
        (
            "F4b",
            "have, under every constant input, a fixed point with one unstable pair of complex "
            "eigenvalues.",
            "no other mode of the oscillating point grows, under any input",
            (pairs == 1).all(axis=1),
        ),
        (
            "F4c",
            "have an unstable pair whose angle follows the frequency asked for.",
            f"angle and frequency correlate over all inputs with at least {LEAST_CORRELATION}",
            follows,
        ),
        (
            "F4d",
            "have an unstable pair whose angle is the frequency asked for.",
            f"they differ by {MOST_ERROR} rad per step at most, in the mean over all inputs",
            error <= MOST_ERROR,
        ),
    )
    return [
        evidence.judge_share(
            claim,
            f"{MOST_IN_WORDS} solved networks {sentence}",
            criterion,
            right if len(targets) else None,
        )
        for claim, sentence, criterion, right in judged
    ]


def _targets(evidence: Evidence) -> pd.Series:
    """Frequency, radians per step, by probe: of the probes that are inputs of the task."""
    asked = evidence.task.probe_conditions()
    low, high = LOWEST - _ROUNDING, HIGHEST + _ROUNDING
    return pd.Series({name: f for name, f in asked.items() if low <= f <= high}, dtype=float)


def _leading(points: pd.DataFrame) -> pd.DataFrame:
    """The oscillating point of each network and probe, with its angle ``omega`` per step."""
    # An eigenvalue off the real axis turns; a real one has frequency 0 or 1/2.
    turning = points["frequency"].between(0, 0.5, inclusive="neither")
    turning = points[turning & (points["unstable"] > 0)]
    turning = turning.sort_values("spectral_radius", ascending=False, kind="stable")
    first = turning.drop_duplicates([*NETWORK, "probe"])
    return first.assign(omega=2 * np.pi * first["frequency"])


def _by_input(rows: pd.DataFrame, column: str, probes: pd.Index) -> pd.DataFrame:
    """One row per network with any, one column per input; NaN where there is none."""
    table = rows.set_index([*NETWORK, "probe"])[column].astype(float).unstack("probe")
    return table.reindex(columns=probes)


def _correlations(omega: pd.DataFrame, targets: pd.Series) -> pd.Series:
    """Pearson's r over the inputs, by network; NaN where one lacks or all angles are equal."""
    turned, asked = omega.to_numpy(), targets.to_numpy()
    turned, asked = turned - turned.mean(1, keepdims=True), asked - asked.mean()
    with np.errstate(invalid="ignore", divide="ignore"):
        r = turned @ asked / np.sqrt((turned**2).sum(1) * (asked**2).sum())
    return pd.Series(r, index=omega.index)
