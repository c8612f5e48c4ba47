"""F4: an oscillation turns about one fixed point, along a limit cycle, at the frequency asked for.

Sussillo & Barak 2013, section 4.2; Maheswaranathan et al. 2019, figure 3.

The oscillating point of an input is the fixed point whose leading eigenvalues are a complex pair
that grows; of several, the one whose pair grows fastest. A network that lacks one under any
input is wrong about F4b, F4c and F4d. Its limit cycle is the one in which most runs from visited
states end, a cycle that closes exactly after whole steps included; a network that lacks one under
any input is wrong about F4e and F4f.
"""

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import CYCLE, LIMIT_CYCLE
from rnnpipe.population.findings.evidence import Evidence, median_in_words
from rnnpipe.population.findings.finding import Finding
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
# A claim's number, its sentence, what makes a network right, and whether each is.
Judged = tuple[str, str, str, pd.Series]


def judge_oscillation(evidence: Evidence) -> list[Finding]:
    """Judge the points per input, and the frequencies of their unstable pair and limit cycle."""
    targets = _targets(evidence)
    points = evidence.of_points("stability")
    points = points[points["probe"].isin(targets.index)]
    linear = _fit(_by_input(_leading(points), "omega", targets.index), targets)
    judged = (
        *_about_points(points, targets),
        *_about_pairs(linear),
        *_about_cycles(evidence, targets, linear),
    )
    unasked = {"F4c", "F4e"} if len(targets) < FEWEST_INPUTS else set()
    return [
        evidence.judge_share(*claim, right if len(targets) and claim[0] not in unasked else None)
        for *claim, right in judged
    ]


def _about_points(points: pd.DataFrame, targets: pd.Series) -> tuple[Judged, ...]:
    """Judge how many points there are under every input, and how many modes grow there."""
    counts = points.groupby([*NETWORK, "probe"], observed=True).size().rename("points")
    counts = _by_input(counts.reset_index(), "points", targets.index)
    pairs = _leading(points).assign(pair=lambda own: own["unstable"] == 2.0)
    pairs = _by_input(pairs, "pair", targets.index)
    return (
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
    )


def _about_pairs(linear: pd.DataFrame) -> tuple[Judged, ...]:
    """Judge how fast the unstable pair turns."""
    return (
        (
            "F4c",
            "have an unstable pair whose angle follows the frequency asked for.",
            f"angle and frequency correlate over all inputs with at least {LEAST_CORRELATION}",
            linear["r"] >= LEAST_CORRELATION,
        ),
        (
            "F4d",
            "have an unstable pair whose angle is the frequency asked for.",
            f"they differ by {MOST_ERROR} rad per step at most, in the mean over all inputs",
            linear["error"] <= MOST_ERROR,
        ),
    )


def _about_cycles(
    evidence: Evidence, targets: pd.Series, linear: pd.DataFrame
) -> tuple[Judged, ...]:
    """Judge how fast the limit cycle is gone round, beside the angle of the unstable pair."""
    own = _fit(_by_input(_cycles(evidence, targets.index), "omega", targets.index), targets)
    return (
        (
            "F4e",
            "have, under every constant input, a limit cycle whose frequency follows the one asked "
            "for.",
            f"they correlate over all inputs with at least {LEAST_CORRELATION}"
            f"{_medians(own['r'], linear['r'])}",
            own["r"] >= LEAST_CORRELATION,
        ),
        (
            "F4f",
            "have, under every constant input, a limit cycle of the frequency asked for.",
            f"they differ by {MOST_ERROR} rad per step at most, in the mean over all inputs"
            f"{_medians(own['error'], linear['error'])}",
            own["error"] <= MOST_ERROR,
        ),
    )


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


def _cycles(evidence: Evidence, probes: pd.Index) -> pd.DataFrame:
    """The limit cycle of each network and probe, with its angle ``omega`` per step."""
    rows = evidence.of_solved("attractors")
    rows = rows[rows["probe"].isin(probes) & rows["kind"].isin([CYCLE, LIMIT_CYCLE])]
    rows = rows.sort_values(["visited", "box"], ascending=False, kind="stable")
    first = rows.drop_duplicates([*NETWORK, "probe"])
    return first.assign(omega=2 * np.pi * first["rotation"])


def _by_input(rows: pd.DataFrame, column: str, probes: pd.Index) -> pd.DataFrame:
    """One row per network with any, one column per input; NaN where there is none."""
    table = rows.set_index([*NETWORK, "probe"])[column].astype(float).unstack("probe")
    return table.reindex(columns=probes)


def _fit(omega: pd.DataFrame, targets: pd.Series) -> pd.DataFrame:
    """Pearson's r over the inputs and the mean absolute difference, by network.

    NaN where an input lacks; r also where all angles are equal.
    """
    if not len(targets):
        return pd.DataFrame(np.nan, omega.index, ["r", "error"])
    turned, asked = omega.to_numpy(), targets.to_numpy()
    error = np.abs(turned - asked).mean(1)
    turned, asked = turned - turned.mean(1, keepdims=True), asked - asked.mean()
    with np.errstate(invalid="ignore", divide="ignore"):
        r = turned @ asked / np.sqrt((turned**2).sum(1) * (asked**2).sum())
    return pd.DataFrame({"r": r, "error": error}, index=omega.index)


def _medians(own: pd.Series, linear: pd.Series) -> str:
    """Write the median over networks, and beside it that of the unstable pair's angle."""
    said = median_in_words(own)
    beside = f", {linear.median():.3g} of the unstable pair" if linear.notna().any() else ""
    return f"{said}{beside}" if said else ""
