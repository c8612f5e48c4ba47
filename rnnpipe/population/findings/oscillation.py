"""F4: an oscillation turns about one fixed point, as fast as its unstable pair says.

Sussillo & Barak 2013, section 4.2; Maheswaranathan et al. 2019, figure 3.
"""

import numpy as np
import pandas as pd

from rnnpipe.population.findings.evidence import Evidence, mean_per_network
from rnnpipe.population.findings.finding import Finding
from rnnpipe.tables.schemas import NETWORK


def judge_oscillation(evidence: Evidence) -> list[Finding]:
    """Judge the number of points per input, their unstable pair, and its frequency."""
    targets = evidence.task.probe_conditions()
    rows = evidence.tables["networks"]
    rows = rows[rows["solved"].astype(bool) & rows["probe"].isin(list(targets))]
    points = evidence.of_points("stability")
    points = points[points["probe"].isin(list(targets)) & (points["period"] == 1)]
    rows = rows.assign(one=rows.filter(regex=r"^unstable_\d+$").sum(axis=1) == 1)
    lone = rows.loc[rows["one"], [*NETWORK, "probe"]]
    single = lone.merge(points, on=[*NETWORK, "probe"])
    # An eigenvalue pair off the real axis turns; a real one has frequency 0 or 1/2.
    turning = (single["unstable"] == 2) & single["frequency"].between(0, 0.5, inclusive="neither")
    leading = _leading(points).assign(target=lambda p: p["probe"].map(targets).astype(float))
    leading["error"] = np.abs(leading["omega"] - leading["target"])
    return [
        evidence.judge_mean(
            "F4a",
            "Under each constant input there is one fixed point.",
            "share of a network's inputs",
            mean_per_network(rows, "one"),
            0.95,
        ),
        evidence.judge_mean(
            "F4b",
            "Where there is one fixed point, it has one unstable pair of complex eigenvalues.",
            "share of a network's inputs",
            mean_per_network(single.assign(pair=turning), "pair"),
            0.95,
        ),
        evidence.judge_mean(
            "F4c",
            "The angle of the leading unstable eigenvalue follows the frequency asked for.",
            "correlation over inputs, a network's mean",
            _correlations(leading),
            0.95,
        ),
        evidence.judge_mean(
            "F4d",
            "The angle of the leading unstable eigenvalue is the frequency asked for.",
            "mean absolute difference",
            mean_per_network(leading, "error"),
            0.05,
            unit="rad per step",
            at_most=True,
        ),
    ]


def _leading(points: pd.DataFrame) -> pd.DataFrame:
    """The point of each network and probe whose unstable pair grows fastest."""
    turning = points[(points["unstable"] > 0) & (points["frequency"] > 0)]
    turning = turning.sort_values("spectral_radius", ascending=False)
    first = turning.drop_duplicates([*NETWORK, "probe"])
    return first.assign(omega=2 * np.pi * first["frequency"])


def _correlations(leading: pd.DataFrame) -> np.ndarray:
    """Pearson's r over the probes of each network that has three or more (network,)."""
    found = []
    for _, rows in leading.groupby(NETWORK, observed=True):
        if len(rows) > 2 and rows["omega"].std() > 0:
            found.append(float(np.corrcoef(rows["omega"], rows["target"])[0, 1]))
    return np.array(found)
