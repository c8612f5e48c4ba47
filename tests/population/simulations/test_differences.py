"""F6: differences between what a factor explains of one distance and of another."""

import numpy as np
import pytest

from rnnpipe.population.findings.every_task import judge_universality
from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import FAILS, HOLDS, Finding
from rnnpipe.streams import stream
from rnnpipe.tasks import FlipFlop
from tests.population.simulations import sections
from tests.population.simulations.designs import SIZES, design
from tests.population.simulations.populations import Truth, euclidean, populations
from tests.population.simulations.rates import ANY, COVERAGE, COVERAGE_OF_EFFECT, FALSE, Rate
from tests.population.simulations.report import Simulated
from tests.population.simulations.simulate import few, many, true_omega2

EUCLIDEAN = {"svcca": euclidean, "topology": euclidean}


def findings(size: str, truth: Truth, count: int) -> dict[str, list[Finding]]:
    """Claim -> its finding in every population of two cells and two activations."""
    chosen, found = design("crossed", size), {}
    rng = stream(0, f"differences {size} {truth}")
    for tables in populations(chosen, truth, count, rng, EUCLIDEAN):
        for finding in judge_universality(Evidence(FlipFlop(), tables)):
            found.setdefault(finding.claim, []).append(finding)
    return found


def said(found: list[Finding], verdict: str) -> Rate:
    return Rate.among(np.array([finding.verdict == verdict for finding in found]))


def holding(found: list[Finding], truth: float) -> Rate:
    """How often the interval holds the truth."""
    known = [one for one in found if np.isfinite(one.low)]
    return Rate.among(np.array([one.low <= truth <= one.high for one in known]))


@pytest.mark.parametrize(
    ("far", "size", "count"), [*many((0.0, 1.5, 4.0), SIZES, part=0.5), few(1.5, "4")]
)
def test_equal_shares_are_not_told_apart(far: float, size: str, count: int, simulated: Simulated):
    effects = {"cell": far}
    found = findings(size, Truth({"svcca": effects, "topology": effects}), count)
    for claim, of_claim in found.items():
        for verdict in (HOLDS, FAILS):
            row = f"{claim}: “{verdict}”"
            simulated.rate(sections.FALSE, row, size, said(of_claim, verdict), FALSE)
        share = holding(of_claim, 0.0)
        simulated.rate(sections.INTERVALS, f"{claim}, no difference", size, share, COVERAGE)
    assert simulated.broken == []


@pytest.mark.parametrize(("size", "count"), [*many(SIZES[2:], part=0.5), few("10")])
def test_different_shares_are_told_apart(size: str, count: int, simulated: Simulated):
    effects = {"svcca": {"cell": 4.0}, "topology": {"cell": 1.5}}
    found = findings(size, Truth(effects), count)["F6a"]
    networks = design("crossed", size).networks
    one, two = (true_omega2(networks, "cell", own) for own in effects.values())
    row = f"F6a: “{HOLDS}”, ω² of about {one:.1f} and {two:.1f}"
    simulated.rate(sections.POWER, row, size, said(found, HOLDS), ANY)
    simulated.rate(sections.FALSE, f"F6a: “{FAILS}”", size, said(found, FAILS), FALSE)
    share = holding(found, one - two)
    simulated.rate(sections.INTERVALS, "F6a, a difference", size, share, COVERAGE_OF_EFFECT)
    assert simulated.broken == []
