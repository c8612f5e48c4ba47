"""Claims on how skeletons arise: dying memories, cells that differ, ends that are foretold."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from rnnpipe.population.findings.births import arising, judge_births
from rnnpipe.population.findings.claims import (
    OF_EVERY_TASK,
    OF_SECTION,
    findings_of,
    population_tables,
    tables_for,
)
from rnnpipe.population.findings.development import judge_development, memory_costs
from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import FAILS, HOLDS, OPEN, Finding
from rnnpipe.tables.schemas import FACTORS, NETWORK
from tests.population.findings.developing_networks import SCORES, developed, developing, foretold
from tests.population.findings.ideal_networks import COHORT, FLIPFLOP, Blocks, gather

DEVELOPMENT = tuple(OF_SECTION["development"])


def named(found: Sequence[Finding]) -> dict[str, Finding]:
    return {finding.claim: finding for finding in found}


def scored(costs: Sequence[float], networks: int = 12) -> Blocks:
    """Networks that lose so much score as a memory dies; the later ones lose no memory."""
    blocks = dict(developing(networks))
    rows = blocks["development"]
    away = rows["step"] == 200
    cost = rows["seed"].map(dict(enumerate(costs))).fillna(0.0)
    blocks["development"] = rows.assign(score=np.where(away, 1.0 - cost, rows["score"]))
    points = blocks["development_points"]
    whole = points[(points["step"] == 100) & (points["seed"] >= len(costs))]
    kept = points[(points["step"] <= 100) | (points["seed"] < len(costs))]
    later = [whole.assign(step=step) for step in SCORES if step > 100]
    blocks["development_points"] = pd.concat([kept, *later], ignore_index=True)
    return blocks


def test_the_cost_of_a_memory_is_what_its_death_loses_more_than_other_steps():
    costs = memory_costs(developed(scored([0.3, 0.1])), "zero")
    elsewhere = [(SCORES[200] - SCORES[300]) / 2, (SCORES[200] + 0.2 - SCORES[300]) / 2]
    np.testing.assert_allclose(costs, np.array([0.3, 0.1]) - elsewhere)


@pytest.mark.parametrize(
    ("costs", "verdict"),
    [
        ([0.3, 0.2, 0.4, 0.3, 0.25, 0.2], HOLDS),
        ([-0.3, -0.2, -0.4, -0.3, -0.25, -0.2], FAILS),
        ([0.3, -0.2, 0.4, -0.3, 0.25, -0.2], OPEN),
        ([0.3, 0.2, 0.4], OPEN),
        ([], OPEN),
    ],
)
def test_memories_that_die_cost_score_or_not(costs, verdict):
    found = named(judge_development(developed(scored(costs))))["F10e"]
    assert (found.verdict, found.networks) == (verdict, len(costs))


def test_nothing_is_told_of_deaths_where_no_memory_dies():
    found = named(judge_development(developed(scored([]))))["F10c"]
    assert found.verdict == OPEN and "0 memories die" in found.quantity


def test_nothing_is_told_of_births_where_no_point_is_born():
    blocks = dict(developing())
    events = blocks["development_events"]
    for born, verdict in (((), OPEN), ((0, 1), HOLDS)):
        kept = events[events["seed"].isin(born)]
        found = named(judge_births(developed({**blocks, "development_events": kept})))["F12a"]
        assert (found.verdict, found.networks) == (verdict, 12 if born else 0)


def cells(spans: Sequence[float], networks: int = 8, begin: float = 60.0) -> Evidence:
    """Two cells whose points are born between `begin` and as many powers of ten later."""
    parts, cohorts = [], []
    for number, (cell, span) in enumerate(zip(("vanilla", "gru"), spans, strict=True)):
        cohort = {**COHORT, "model": cell}
        design = dict.fromkeys(name for name in FACTORS if name not in COHORT)
        cohorts.append({**design, **cohort, "cell": cell, "activation": "tanh", "units": 32})
        blocks = {name: rows.assign(model=cell) for name, rows in developing(networks).items()}
        events = blocks["development_events"]
        born = events["event"] == "birth"
        along = events["identity"].rank(method="dense") / events["identity"].nunique()
        own = 0.05 * np.random.default_rng(number).standard_normal(networks)
        stretched = begin * 10 ** (along * (span + own[events["seed"]]))
        blocks["development_events"] = events.assign(step=np.where(born, stretched, events["step"]))
        parts.append(blocks)
    both = {name: pd.concat([own[name] for own in parts], ignore_index=True) for name in parts[0]}
    return gather(FLIPFLOP, both, pd.DataFrame(cohorts))


@pytest.mark.parametrize(
    ("spans", "networks", "verdict"),
    [
        ((1.0, 0.1), 8, HOLDS),
        ((0.1, 1.0), 8, FAILS),
        ((0.5, 0.5), 8, OPEN),
        ((1.0, 0.1), 3, OPEN),
    ],
)
def test_cells_differ_in_how_suddenly_points_arise_or_not(spans, networks, verdict):
    found = named(judge_births(cells(spans, networks)))
    assert (found["F12c"].verdict, found["F12c"].networks) == (verdict, 2 * networks)
    later = {HOLDS: FAILS, FAILS: HOLDS, OPEN: OPEN}[verdict]
    assert found["F12b"].verdict == later


def test_one_cell_alone_is_compared_with_nothing_and_places_must_match():
    assert {"F12b", "F12c"}.isdisjoint(named(judge_births(developed(developing()))))
    evidence = cells((1.0, 0.1))
    networks = evidence.tables["networks"]
    apart = networks.assign(constraint=networks["model"], units=32)
    found = named(judge_births(Evidence(FLIPFLOP, {**evidence.tables, "networks": apart})))
    assert (found["F12c"].verdict, found["F12c"].networks) == (OPEN, 0)


def test_a_network_without_points_counts_against_what_is_claimed():
    evidence = cells((1.0, 0.1))
    points = evidence.tables["development_points"]
    lacking = points[~((points["model"] == "gru") & (points["seed"] < 6))]
    tables = {**evidence.tables, "development_points": lacking}
    found = named(judge_births(Evidence(FLIPFLOP, tables)))["F12c"]
    assert found.verdict != HOLDS and found.networks == 16


def test_points_arise_when_they_were_born_and_those_there_at_the_start_do_not():
    found = arising(developed(developing(2)))
    assert len(found) == 2
    born = np.log10(1 + np.array([*[55.0] * 6, 250.0, 250.0]))
    np.testing.assert_allclose(found["middle"], np.median(born))
    np.testing.assert_allclose(found["span"], np.quantile(born, 0.9) - np.quantile(born, 0.1))


def clouds(effect: float, networks: int, rng: np.random.Generator) -> np.ndarray:
    """Distances (network, end) of Gaussian clouds, of ends that keep so much of the start."""
    start = rng.standard_normal((networks, 4))
    end = effect * start + rng.standard_normal((networks, 4))
    return np.linalg.norm(abs(effect) * start[:, None] - end[None], axis=-1)


@pytest.mark.parametrize(
    ("effect", "networks", "verdict"),
    [(3.0, 12, HOLDS), (-3.0, 12, FAILS), (0.0, 12, OPEN), (3.0, 3, OPEN)],
)
def test_ends_are_foretold_or_not(effect, networks, verdict):
    rng, blocks = np.random.default_rng(0), dict(developing(networks))
    blocks["foretold"] = foretold(clouds(effect, networks, rng))
    found = named(judge_births(developed(blocks)))
    for claim in ("F12d", "F12e"):
        assert (found[claim].verdict, found[claim].networks) == (verdict, networks)


def test_claims_on_development_read_the_columns_that_are_named_for_them():
    whole = developed(developing())
    read = {
        name: whole.tables[name][[*dict.fromkeys((*NETWORK, *columns))]]
        for name, columns in OF_SECTION["development"].items()
    }
    of_read = Evidence(FLIPFLOP, {**whole.tables, **read})
    for judge in (judge_development, judge_births):
        assert repr(judge(of_read)) == repr(judge(whole))


def test_claims_on_development_are_made_where_it_is_asked_for():
    assert set(tables_for("flipflop", ["development"])) >= {*OF_EVERY_TASK, *DEVELOPMENT}
    assert set(tables_for("flipflop")).isdisjoint(DEVELOPMENT)
    assert set(population_tables(["development"])) - set(population_tables()) == {"foretold"}
    evidence = developed(developing())
    asked = set(findings_of("t", "flipflop", evidence)["claim"])
    tables = {name: rows for name, rows in evidence.tables.items() if name not in DEVELOPMENT}
    without = set(findings_of("t", "flipflop", Evidence(FLIPFLOP, tables))["claim"])
    assert asked - without == {"F10a", "F10b", "F10c", "F10d", "F10e", "F12a", "F12d", "F12e"}
    assert without < asked


def test_nothing_is_claimed_of_no_network():
    blocks = developing()
    unsolved = {**blocks, "training": blocks["training"].assign(score=np.nan)}
    evidence = gather(FLIPFLOP, unsolved)
    for finding in (*judge_development(evidence), *judge_births(evidence)):
        assert (finding.networks, finding.verdict) == (0, OPEN), finding.claim
