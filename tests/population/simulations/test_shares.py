"""Verdicts on shares of networks: how often they are false, and how often there is one.

Nothing is drawn: a population's verdict depends on how many of its networks are right, and
this number is binomial. So the verdicts of all such populations give exact probabilities.
"""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import binom

from rnnpipe.population.findings.finding import FAILS, HOLDS, MOST, share
from tests.population.findings.claim import Claim
from tests.population.findings.planted_developments import DEVELOPMENTS
from tests.population.findings.planted_faults import CLAIMS
from tests.population.findings.planted_ranks import RANKED
from tests.population.simulations import sections
from tests.population.simulations.designs import SIZES
from tests.population.simulations.ideal import power_of_binomial
from tests.population.simulations.report import Simulated

# Networks of a claim, by columns of the table.
NETWORKS = {size: 24 if size == "4 and 20" else int(size) for size in SIZES}


def verdicts(judge: Callable[[np.ndarray], str], networks: int) -> list[str]:
    """Verdict on every population of so many networks, from none right to all."""
    return [judge(np.arange(networks) < right) for right in range(networks + 1)]


def chance(said: list[str], verdict: str, truth: float) -> float:
    """Probability of a verdict, given all of them (0 … n networks right) and the true share."""
    right = np.array([one == verdict for one in said])
    return float(binom.pmf(np.arange(len(said)), len(said) - 1, truth)[right].sum())


def of_share(right: np.ndarray) -> str:
    return share("c", "s", "q", right).verdict


@pytest.mark.parametrize("networks", [*range(1, 61), 100])
def test_false_verdicts_on_shares_are_rare(networks: int):
    """The worst truths: three in four, where nothing holds, and a little more."""
    said = verdicts(of_share, networks)
    assert chance(said, HOLDS, MOST) <= 0.05
    assert chance(said, FAILS, MOST) <= 0.05


def at_changes(said: list[str]) -> list[int]:
    """Numbers of right networks on both sides of every change of the verdict, none, and all."""
    changes = [right for right in range(1, len(said)) if said[right] != said[right - 1]]
    return sorted({0, len(said) - 1, *changes, *(right - 1 for right in changes)})


@pytest.mark.statistics
@pytest.mark.parametrize("size", ["2", "4", "6", "10", "20"])
@pytest.mark.parametrize("claim", [*CLAIMS, *DEVELOPMENTS, *RANKED], ids=lambda claim: claim.number)
def test_every_claim_is_as_rarely_false(claim: Claim, size: str, simulated: Simulated):
    """Populations in whose tables some networks have a planted fault."""
    networks, fault = NETWORKS[size], next(iter(claim.faults))
    said = verdicts(of_share, networks)
    for right in at_changes(said):
        assert claim.finding(networks, networks - right, fault).verdict == said[right]
    for verdict in (HOLDS, FAILS):
        found = chance(said, verdict, MOST)
        row = f"claims T, B, F2 to F5, F7, F8, F10 to F12, F13a to c: “{verdict}”"
        simulated.number(sections.FALSE, row, size, found, "at most 0.05")
        assert found <= 0.05


@pytest.mark.parametrize("truth", [0.95, 1.0])
def test_verdicts_on_shares_have_the_power_of_the_exact_test(truth: float, simulated: Simulated):
    """Less by the numbers of networks at which Wilson's interval and the exact one differ."""
    for size, networks in NETWORKS.items():
        found = chance(verdicts(of_share, networks), HOLDS, truth)
        ideal = power_of_binomial(networks, truth, MOST)
        row = f"claim of a share, {truth:.0%} of networks right"
        simulated.number(sections.POWER, row, size, found)
        simulated.number(sections.POWER, f"{row}: exact binomial test", size, ideal)
        assert found >= ideal
