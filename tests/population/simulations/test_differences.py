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


# Designs, and the claim and the factor that is planted there.
PLACES = {"crossed": ("F6a", "cell"), "twins": ("F6c", "constraint")}


def findings(name: str, size: str, truth: Truth, count: int) -> dict[str, list[Finding]]:
    """Claim -> its finding in every population of a design."""
    chosen, found = design(name, size), {}
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
    ("name", "far", "size", "count"),
    [
        *many(PLACES, (0.0, 1.5, 4.0), SIZES, part=0.5),
        few("crossed", 1.5, "4"),
        few("twins", 1.5, "6"),
    ],
)
def test_equal_shares_are_not_told_apart(
    name: str, far: float, size: str, count: int, simulated: Simulated
):
    effects = {PLACES[name][1]: far}
    found = findings(name, size, Truth({"svcca": effects, "topology": effects}), count)
    for claim, of_claim in found.items():
        for verdict in (HOLDS, FAILS):
            row = f"{claim}: “{verdict}”"
            simulated.rate(sections.FALSE, row, size, said(of_claim, verdict), FALSE)
        share = holding(of_claim, 0.0)
        simulated.rate(sections.INTERVALS, f"{claim}, no difference", size, share, COVERAGE)
    assert simulated.broken == []


@pytest.mark.parametrize(
    ("name", "size", "count"),
    [*many(PLACES, SIZES[2:], part=0.5), few("crossed", "10"), few("twins", "10")],
)
def test_different_shares_are_told_apart(name: str, size: str, count: int, simulated: Simulated):
    claim, factor = PLACES[name]
    effects = {"svcca": {factor: 4.0}, "topology": {factor: 1.5}}
    found = findings(name, size, Truth(effects), count)[claim]
    networks = design(name, size).networks
    one, two = (true_omega2(networks, factor, own) for own in effects.values())
    row = f"{claim}: “{HOLDS}”, ω² of about {one:.1f} and {two:.1f}"
    simulated.rate(sections.POWER, row, size, said(found, HOLDS), ANY)
    simulated.rate(sections.FALSE, f"{claim}: “{FAILS}”", size, said(found, FAILS), FALSE)
    share = holding(found, one - two)
    row = f"{claim}, a difference"
    simulated.rate(sections.INTERVALS, row, size, share, COVERAGE_OF_EFFECT)
    assert simulated.broken == []
