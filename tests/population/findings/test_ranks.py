"""Claims on rank: planted populations of which they hold, do not hold, or cannot be told."""

import numpy as np
import pandas as pd
import pytest

from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import FAILS, HOLDS, OPEN, Finding
from rnnpipe.population.findings.ranks import (
    judge_ranks,
    least_learnt_ranks,
    median_interval,
    needed_rank,
)
from tests.population.findings.planted_ranks import LEARNT, TASK, population


def judged(evidence: Evidence) -> dict[str, Finding]:
    return {finding.claim: finding for finding in judge_ranks(evidence)}


def verdicts(evidence: Evidence) -> dict[str, str]:
    return {claim: finding.verdict for claim, finding in judged(evidence).items()}


IDEAL = {
    **{"F8": HOLDS, "F13a1": FAILS, "F13a2": HOLDS, "F13a3": HOLDS},
    **{"F13b": HOLDS, "F13c": HOLDS, "F13d": HOLDS, "F13e": HOLDS},
}


def test_what_is_planted_is_found_and_no_network_drops_out():
    found = judged(population(scatter={"two": 0.2}))
    assert {claim: finding.verdict for claim, finding in found.items()} == IDEAL
    networks = {claim: finding.networks for claim, finding in found.items()}
    every = dict.fromkeys(("F13a1", "F13a2", "F13a3", "F13b", "F13c"), 12)
    # Solved ones of rank 2 and 3; those of rank 2 and of full rank.
    assert networks == {**every, "F8": 24, "F13d": 24, "F13e": 24}


def test_of_three_networks_nothing_can_be_told():
    assert set(verdicts(population(3, scatter={"two": 0.2})).values()) == {OPEN}


def test_where_no_proof_was_asked_for_nothing_is_said_of_it():
    found = judged(population(certificate="consistent", proof_rank=0))["F8"]
    assert found.verdict == OPEN and np.isnan(found.value) and found.networks == 0


@pytest.mark.parametrize(("least", "told"), [((9.0, 2.0), "b"), ((3.0, 7.0), "c")])
def test_full_networks_that_need_a_higher_rank_are_told(least, told):
    found = judged(population(scatter={"two": 0.2}, least=least))
    assert {c: f.verdict for c, f in found.items()} == {**IDEAL, f"F13{told}": FAILS}
    assert f"the median of all is {max(least):g} ({max(least):g} to" in found[f"F13{told}"].quantity


def test_a_network_whose_least_rank_is_unknown_counts_against_it():
    evidence = population()
    networks = evidence.tables["networks"]
    lost = (networks["constraint"] == "free") & (networks["seed"] > 2)
    networks.loc[lost, "least_rank"] = np.nan
    found = judged(evidence)["F13b"]
    assert (found.verdict, found.right, found.networks) == (FAILS, 3, 12)
    assert "the median of all is inf" in found.quantity


def test_nothing_is_claimed_of_cuts_that_were_not_asked_for():
    evidence = population()
    networks = evidence.tables["networks"].assign(least_rank=np.nan)
    found = judged(Evidence(TASK, {**evidence.tables, "networks": networks}))
    assert "F13b" not in found and "F13c" in found


def test_nothing_is_claimed_without_networks_of_low_rank_or_cut():
    evidence = population(learnt={"free": (None, True), "dale": (None, True)})
    networks = evidence.tables["networks"].assign(least_rank=np.nan, least_change_rank=np.nan)
    assert judge_ranks(Evidence(TASK, {**evidence.tables, "networks": networks})) == []


@pytest.mark.parametrize(("width", "verdict"), [(0.0, HOLDS), (5.0, FAILS), (1.0, OPEN)])
def test_networks_of_the_least_rank_are_more_alike_or_less_or_nobody_knows(width, verdict):
    found = verdicts(population(scatter={"two": width}))
    assert (found["F13d"], found["F13e"]) == (verdict, verdict)


def test_other_ranks_and_constraints_do_not_count_in_the_contrast():
    learnt = {**LEARNT, "dale": (None, True)}
    evidence = population(learnt=learnt, scatter={"two": 0.2, "three": 9.0, "dale": 0.0})
    networks = evidence.tables["networks"]
    networks.loc[networks["constraint"] == "dale", "dale_ratio"] = 0.8
    found = judged(evidence)["F13d"]
    assert found.verdict == HOLDS and found.networks == 24
    assert found.quantity.endswith("the least one (2)")


def test_each_model_has_a_least_rank_of_its_own():
    def of(model: str, rank: float, right: int) -> pd.DataFrame:
        rows = {"model": model, "rank": rank, "solved": np.arange(8) < right}
        return pd.DataFrame(rows)

    parts = [of("a", 1, 8), of("a", 2, 8), of("b", 1, 6), of("b", 2, 7), of("c", 3, 0)]
    networks = pd.concat([*parts, of("a", np.nan, 8)])
    assert least_learnt_ranks(networks) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("of_rank", "said"),
    [
        ({1: FAILS, 2: HOLDS, 3: HOLDS}, "learn the task at rank 2, and not rank 1"),
        ({1: HOLDS, 2: HOLDS}, "learn the task at rank 1 (F13a)"),
        ({1: FAILS, 2: OPEN, 3: HOLDS}, "a rank from 2 to 3"),
        ({1: FAILS, 2: FAILS}, "No rank up to 2 is enough"),
        ({1: FAILS, 2: OPEN}, "Rank 1 is not enough"),
        ({1: OPEN, 2: OPEN}, "Which rank the task needs cannot be told"),
    ],
)
def test_verdicts_on_ranks_come_to_one_sentence(of_rank, said):
    assert said in needed_rank({f"F13a{rank}": told for rank, told in of_rank.items()})


def test_without_an_axis_of_ranks_there_is_no_sentence():
    assert needed_rank({"T": HOLDS, "F13b": HOLDS}) == ""


def test_the_interval_of_the_median_holds_it_as_often_as_it_says():
    rng = np.random.default_rng(0)
    for count in (6, 9, 20):
        draws = rng.geometric(0.3, (2000, count)).astype(float)
        held = [low <= 2 <= high for low, high in map(median_interval, draws)]
        assert np.mean(held) >= 0.95
    assert np.isnan(median_interval(np.arange(5.0))).all()
    assert median_interval(np.array([1.0, 2, 3, 4, 5, np.nan])) == (1.0, np.inf)
