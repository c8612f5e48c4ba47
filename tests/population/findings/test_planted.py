"""Every claim on planted populations: ideal, spoilt, lacking what is asked, and small."""

import pytest

from rnnpipe.population.findings.finding import FAILS, HOLDS, OPEN
from tests.population.findings.claim import Claim, replaced
from tests.population.findings.planted_comparisons import COMPARISONS, Comparison
from tests.population.findings.planted_developments import DEVELOPMENTS
from tests.population.findings.planted_faults import CLAIMS
from tests.population.findings.planted_ranks import RANKED

EVERY = (*CLAIMS, *DEVELOPMENTS, *RANKED)
FAULTS = [(claim, fault) for claim in EVERY for fault in claim.faults]
# The fewest of which a claim can hold.
NETWORKS = 12


def told(claim: Claim, what: str, networks: int, wrong: int = 0, fault: str | None = None) -> str:
    """The verdict, printed beside what was planted."""
    found = claim.finding(networks, wrong, fault)
    measured = f"{found.right:2.0f} of {found.networks:2}: {found.low:.3f} to {found.high:.3f}"
    print(f"\n{claim.number:4} {what:48} {measured}  {found.verdict}", end=" ")
    assert found.networks == networks, "a network has dropped out"
    assert found.right == networks - wrong
    return found.verdict


@pytest.mark.parametrize("claim", EVERY, ids=lambda claim: claim.number)
def test_every_claim_holds_of_ideal_networks_and_is_open_of_three(claim):
    assert told(claim, "ideal", NETWORKS) == HOLDS
    assert told(claim, "ideal, but three networks", 3) == OPEN


@pytest.mark.parametrize(("claim", "fault"), FAULTS, ids=lambda own: getattr(own, "number", own))
def test_no_claim_holds_where_most_networks_have_a_fault_or_lack_what_is_asked(claim, fault):
    assert told(claim, fault, NETWORKS, 3 * NETWORKS // 4, fault) == FAILS


def test_memories_may_be_limit_cycles():
    (machine,) = (claim for claim in CLAIMS if claim.number == "F2d")
    found = machine.changed(12, 12, replaced("attractors", "kind", "limit cycle"))
    assert (found.verdict, found.right) == (HOLDS, 12)


CHANGES = [(claim, fault) for claim in COMPARISONS for fault in claim.faults]
GROUP = 8


def compared(claim: Comparison, what: str, networks: int, fault: str | None = None) -> str:
    """The verdict on two groups of so many networks, printed beside what was planted."""
    found = claim.finding(networks, fault)
    measured = f"{found.value:6.3f}: {found.low:6.3f} to {found.high:.3f}"
    print(f"\n{claim.number:4} {what:52} {measured}  {found.verdict}", end=" ")
    assert found.networks == 2 * networks, "a network has dropped out"
    return found.verdict


@pytest.mark.parametrize("claim", COMPARISONS, ids=lambda claim: claim.number)
def test_every_difference_holds_of_ideal_groups_and_is_open_of_groups_of_three(claim):
    assert compared(claim, "ideal", GROUP) == HOLDS
    assert compared(claim, "ideal, but three networks a group", 3) == OPEN


@pytest.mark.parametrize(("claim", "fault"), CHANGES, ids=lambda own: getattr(own, "number", own))
def test_no_difference_holds_of_groups_with_a_fault_or_without_what_is_asked(claim, fault):
    assert compared(claim, fault, GROUP, fault) == FAILS
