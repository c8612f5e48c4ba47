"""F6e: what networks share of their topology, of populations of a common kind and of others.

A network is of the common kind, or has a topology of its own. Two networks of the common kind
share all, any others nothing: so what networks share is the square of the common kind's share.
This is the hardest truth: a kind of network that is not drawn leaves no trace.
"""

import numpy as np
import pandas as pd
import pytest

from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import FAILS, HOLDS, Finding
from rnnpipe.population.findings.sharing import SHARED, judge_sharing
from rnnpipe.streams import stream
from rnnpipe.tables.schemas import NETWORK
from rnnpipe.tasks import FlipFlop
from tests.population.simulations import sections
from tests.population.simulations.designs import SIZES, design
from tests.population.simulations.rates import ANY, COVERAGE, FALSE
from tests.population.simulations.report import Simulated
from tests.population.simulations.simulate import few, many
from tests.population.simulations.test_differences import holding, said


def findings(size: str, shared: float, count: int) -> list[Finding]:
    """F6e of populations of two cohorts that share so much."""
    networks = design("twins", size).networks
    facts = networks.assign(solved=True, probe="zero")
    apart = 1.0 - np.eye(len(networks))
    rng, found = stream(0, f"sharing {size} {shared}"), []
    for _ in range(count):
        common = rng.random(len(networks)) < np.sqrt(shared)
        distances = np.where(common[:, None] & common, 0.0, apart)
        rows = networks[NETWORK]
        tables: dict[str, pd.DataFrame] = {
            "networks": facts,
            "distances": rows.assign(metric="topology", distances=list(distances)),
            "unrelated": rows.assign(distances=list(apart)),
        }
        found += judge_sharing(Evidence(FlipFlop(), tables))
    return found


@pytest.mark.parametrize(
    ("shared", "size", "count"),
    [*many((0.0, SHARED, 0.9), SIZES), few(SHARED, "4"), few(0.9, "10")],
)
def test_what_networks_share(shared: float, size: str, count: int, simulated: Simulated):
    found = findings(size, shared, count)
    right = HOLDS if shared > SHARED else FAILS
    for verdict in (HOLDS, FAILS):
        rate = said(found, verdict)
        if shared != SHARED and verdict == right:
            row = f"F6e: “{verdict}”, {shared:g} shared"
            simulated.rate(sections.POWER, row, size, rate, ANY)
        else:
            simulated.rate(sections.FALSE, f"F6e: “{verdict}”", size, rate, FALSE)
    row = "F6e, of a common kind and others"
    simulated.rate(sections.INTERVALS, row, size, holding(found, shared), COVERAGE)
    assert simulated.broken == []
