"""Topology is shared where networks have it in common and unrelated networks have not."""

import numpy as np
import pandas as pd
import pytest

from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import FAILS, HOLDS, IN_ALL, OPEN, Finding
from rnnpipe.population.findings.sharing import (
    SHARED,
    interval,
    judge_sharing,
    pair_mean,
    universality,
)
from rnnpipe.tables.schemas import FACTORS
from rnnpipe.tasks import FlipFlop


def population(distances: np.ndarray, chance: np.ndarray, cohorts: int = 2) -> Evidence:
    """Networks of several cohorts, with topology distances of their own and of chance."""
    count = len(distances)
    who = pd.DataFrame(
        {
            "model": np.arange(count) % cohorts,
            "constraint": "none",
            "seed": np.arange(count) // cohorts,
        }
    )
    facts = {name: 0 for name in FACTORS if name != "constraint"}
    tables = {
        "networks": who.assign(solved=True, probe="zero", **facts),
        "distances": who.assign(metric="topology", distances=list(distances)),
        "unrelated": who.assign(distances=list(chance)),
    }
    return Evidence(FlipFlop(), tables)


def apart(count: int, distance: float, scatter: float = 0.0) -> np.ndarray:
    """All networks at one distance from each other, more or less."""
    rng = np.random.default_rng(count)
    matrix = np.full((count, count), distance) + scatter * rng.standard_normal((count, count))
    matrix = (matrix + matrix.T) / 2
    np.fill_diagonal(matrix, 0.0)
    return matrix


def shared(evidence: Evidence) -> Finding:
    (finding,) = judge_sharing(evidence)
    return finding


@pytest.mark.parametrize(
    ("count", "distance", "verdict"),
    [
        (12, 0.0, HOLDS),
        (24, 0.1, HOLDS),
        (12, 0.5, OPEN),
        (24, 0.8, FAILS),
        (24, 0.9, FAILS),
        (3, 0.0, OPEN),
        (4, 0.0, OPEN),
    ],
)
def test_a_topology_is_shared_where_most_of_the_distance_of_chance_is_gone(
    count, distance, verdict
):
    finding = shared(population(apart(count, distance, 0.01 * (distance > 0)), apart(count, 0.9)))
    assert finding.verdict == verdict
    assert finding.value == pytest.approx(1 - distance / 0.9, abs=0.02)
    assert (finding.claim, finding.networks) == ("F6e", count)
    assert finding.needed_where == (IN_ALL if verdict == OPEN else "")


def test_four_equal_networks_are_too_few_and_say_how_many_would_do():
    few = shared(population(apart(4, 0.0), apart(4, 0.9)))
    assert few.verdict == OPEN and 8 <= few.needed <= 12
    assert shared(population(apart(int(few.needed), 0.0), apart(int(few.needed), 0.9))).low > 0.5


def test_pairs_of_different_cohorts_count_and_of_one_cohort_if_there_is_no_other():
    """Two cohorts of one topology each: alike within, and as unlike as chance between."""
    cohort = np.arange(24) % 2
    own = 0.9 * (cohort[:, None] != cohort)
    assert shared(population(own, apart(24, 0.9))).verdict == FAILS
    half = np.ix_(cohort == 0, cohort == 0)
    alone = shared(population(own[half], apart(12, 0.9), cohorts=1))
    assert alone.verdict == HOLDS and "cohorts" not in alone.sentence


def test_networks_that_are_not_solved_do_not_count():
    evidence = population(apart(24, 0.0), apart(24, 0.9))
    solved = evidence.tables["networks"]["seed"] < 3
    tables = {**evidence.tables, "networks": evidence.tables["networks"].assign(solved=solved)}
    few = shared(Evidence(evidence.task, tables))
    assert (few.networks, few.verdict) == (6, OPEN)


def test_without_distances_nothing_is_judged_and_without_chance_nothing_told():
    evidence = population(apart(12, 0.0), apart(12, 0.0))
    assert shared(evidence).verdict == OPEN
    assert np.isnan(shared(evidence).value)
    none = {**evidence.tables, "distances": evidence.tables["distances"].iloc[:0]}
    assert judge_sharing(Evidence(evidence.task, none)) == []


def test_means_without_each_network_are_those_of_the_others():
    rng = np.random.default_rng(0)
    distances = apart(7, 1.0, 0.3)
    pairs = np.triu(rng.random((7, 7)) < 0.7, 1)
    pairs = pairs | pairs.T
    mean, without = pair_mean(distances, pairs)
    assert mean == pytest.approx(distances[pairs].mean())
    for network in range(7):
        rest = np.delete(np.delete(pairs, network, 0), network, 1)
        own = np.delete(np.delete(distances, network, 0), network, 1)
        assert without[network] == pytest.approx(own[rest].mean())


@pytest.mark.parametrize("count", [4, 8, 16])
def test_the_interval_holds_what_a_population_shares(count):
    """Networks are of one common kind, or each of a kind of its own."""
    rng, common = np.random.default_rng(count), 0.7
    verdicts, held = [], []
    for _ in range(400):
        kind = rng.random(count) < common
        equal = (kind[:, None] & kind).astype(float)
        mean, without = pair_mean(1 - equal, ~np.eye(count, dtype=bool))
        low, high = interval(1 - mean, 1 - without, np.zeros(count, dtype=int))
        held.append(low <= common**2 <= high)
        verdicts.append(low > 0.5)
    # 0.95 with a standard error of 0.01; 0.49 is shared, which is not more than half.
    assert np.mean(held) > 0.9
    assert np.mean(verdicts) <= 0.05


def test_four_networks_of_a_cohort_are_few_whatever_the_size_of_the_other():
    """All share all that was drawn; but each cohort may hold a kind of which none was."""
    for sizes, holds in (((4, 20), False), ((12, 12), True), ((4, 4, 4, 4), True)):
        cohort = np.repeat(np.arange(len(sizes)), sizes)
        low, _ = interval(1.0, np.ones(len(cohort)), cohort)
        assert (low > SHARED) == holds
        smallest = 0.025 ** (1 / min(sizes))
        assert low <= 1 - 2 / len(sizes) * (1 - smallest) + 1e-9


def test_universality_is_said_of_a_shared_topology_alone():
    assert "is universal across cells" in universality({"F6e": HOLDS, "F6a": HOLDS})
    for cell in (HOLDS, FAILS, OPEN):
        assert "is not universal" in universality({"F6e": FAILS, "F6a": cell})
        assert "cannot be told" in universality({"F6e": OPEN, "F6a": cell})
    for cell in (FAILS, OPEN):
        assert "universal" not in universality({"F6e": HOLDS, "F6a": cell})
    assert universality({"F6a": HOLDS}) == universality({"F6e": HOLDS}) == ""
