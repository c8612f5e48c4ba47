"""F6: what factors explain of geometry and topology, given the others, of planted places."""

import numpy as np
import pandas as pd
import pytest

from rnnpipe.population.findings.every_task import judge_universality
from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import FAILS, FEWEST, HOLDS, OPEN, Finding
from rnnpipe.population.findings.page import markdown_page
from rnnpipe.tables.schemas import FACTORS, SCHEMAS
from rnnpipe.tasks import FlipFlop


def judged(geometry: np.ndarray, topology: np.ndarray, **factors) -> dict[str, Finding]:
    """Judge networks with given places (network,); distances are those between the places."""
    who = pd.DataFrame({"model": "m", "constraint": "none", "seed": range(len(geometry))})
    rows = [
        who.assign(
            metric=metric, distances=list(np.abs(places[:, None] - places[None]).astype(float))
        )
        for metric, places in (("svcca", geometry), ("topology", topology))
    ]
    facts = {name: 0 for name in FACTORS if name != "constraint"} | factors
    networks = who.assign(solved=True, probe="zero", **facts)
    tables = {"distances": pd.concat(rows), "networks": networks}
    evidence = Evidence(FlipFlop(), tables)
    return {finding.claim: finding for finding in judge_universality(evidence)}


def crossed(networks: int) -> tuple[np.ndarray, np.ndarray]:
    """Cells and activations of four cohorts of so many networks each."""
    cells, activations = np.repeat(["gru", "lstm"], 2), np.tile(["tanh", "relu"], 2)
    return np.repeat(cells, networks), np.repeat(activations, networks)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_a_cell_that_explains_geometry_alone_is_individual_there(rng):
    cells = np.repeat(["gru", "lstm"], 8)
    apart = np.repeat([0.0, 1.0], 8) + 0.05 * np.arange(16) % 0.2
    mixed = rng.random(16)
    individual = judged(apart, mixed, cell=cells)
    assert individual.keys() == {"F6a"}
    individual = individual["F6a"]
    assert individual.verdict == HOLDS and individual.adjusted_for == ""
    assert 0.5 < individual.low < individual.value < individual.high
    universal = judged(mixed, apart, cell=cells)["F6a"]
    assert universal.verdict == FAILS
    assert universal.value == pytest.approx(-individual.value)


def test_a_factor_is_judged_given_the_others_and_says_so(rng):
    cells, activations = crossed(8)
    # The activation alone decides the geometry.
    places = 1.0 * (activations == "relu") + 0.1 * rng.standard_normal(32)
    found = judged(places, rng.random(32), cell=cells, activation=activations)
    assert (found["F6a"].adjusted_for, found["F6b"].adjusted_for) == ("activation", "cell")
    assert found["F6a"].verdict == OPEN and abs(found["F6a"].value) < 0.1
    assert found["F6b"].verdict == FAILS and found["F6b"].value < -0.8


def test_factors_that_cannot_be_told_apart_are_named_and_nothing_is_claimed(rng):
    cells = np.repeat(["gru", "vanilla"], 8)
    activations = np.repeat(["tanh", "relu"], 8)
    places = np.repeat([0.0, 1.0], 8) + 0.1 * rng.standard_normal(16)
    found = judged(places, rng.random(16), cell=cells, activation=activations)
    assert {finding.verdict for finding in found.values()} == {OPEN}
    assert all(np.isnan(finding.value) for finding in found.values())
    assert "cannot be told from activation" in found["F6a"].sentence
    assert "cannot be told from cell" in found["F6b"].sentence
    assert "cannot be told from cell" in found["F6d"].sentence


def test_nothing_is_told_of_three_networks(rng):
    cells = np.repeat(["gru", "lstm"], [20, 3])
    apart = 5.0 * (cells == "lstm") + 0.1 * rng.standard_normal(23)
    few = judged(apart, rng.random(23), cell=cells)["F6a"]
    assert (few.verdict, few.needed) == (OPEN, FEWEST)
    assert few.value > 0.9


def test_an_activation_may_decide_how_alike_networks_are():
    """Half of the networks lie on one spot, the others anywhere around it."""
    places = np.append(np.zeros(8), np.tile([-1.0, 1.0], 4) * np.arange(1, 9))
    activation = np.repeat(["tanh", "relu"], 8)
    for names, verdict in ((activation, HOLDS), (activation[::-1], FAILS)):
        found = judged(places, places, cell="gru", activation=names)
        assert found["F6d"].verdict == verdict
        assert found["F6b"].value == 0


def test_networks_are_compared_with_those_that_differ_in_the_activation_alone(rng):
    """A cell that is there with tanh alone, far from the other, says nothing about tanh."""
    cells, activations = crossed(8)
    places = 0.1 * rng.standard_normal(32) + 9.0 * (cells == "lstm")
    there = (cells == "gru") | (activations == "tanh")
    own = {"cell": cells[there], "activation": activations[there]}
    found = judged(places[there], places[there], **own)["F6d"]
    assert found.networks == 16 and abs(found.value) < 0.2
    assert found.adjusted_for == "cell"


def test_the_page_says_what_a_factor_is_adjusted_for_and_how_many_networks_are_needed(rng):
    cells, activations = crossed(4)
    places = rng.random(16)
    nearby = places + 0.1 * rng.standard_normal(16)
    found = judged(places, nearby, cell=cells, activation=activations)
    table = pd.DataFrame([vars(finding) for finding in found.values()]).assign(task="t")
    text = markdown_page(table[SCHEMAS["findings"].names], "e", {"t": (16, 16)}, {})
    (row,) = (line for line in text.splitlines() if line.startswith("| F6a"))
    assert "than of the topology, given activation. |" in row
    assert f"**cannot be told**; {found['F6a'].needed:.0f} networks needed in the smallest" in row
