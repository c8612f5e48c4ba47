"""Claims hold of ideal networks, and fail of networks with a planted fault."""

import numpy as np
import pandas as pd
import pytest

from rnnpipe.population.findings.claims import OF_KIND, ROWS, findings_of, tables_for
from rnnpipe.population.findings.continuous_attractors import judge_contexts, judge_ring
from rnnpipe.population.findings.every_task import judge_universality
from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import FAILS, HOLDS
from rnnpipe.population.findings.memory import judge_memory
from rnnpipe.population.findings.oscillation import judge_oscillation
from rnnpipe.population.findings.page import markdown_page
from rnnpipe.settings.sections.analysis import ResamplingSettings
from rnnpipe.tables.schemas import FACTORS, NETWORK, SCHEMAS
from rnnpipe.tables.schemas.blocks import BLOCKS
from rnnpipe.tasks import FlipFlop
from tests.population.findings.ideal_networks import (
    flipflops,
    integrators,
    integrators_of_context,
    oscillators,
)

IDEAL = [
    (judge_memory, flipflops),
    (judge_ring, integrators),
    (judge_oscillation, oscillators),
    (judge_contexts, integrators_of_context),
]


def verdicts(claims, evidence: Evidence) -> dict[str, str]:
    return {finding.claim: finding.verdict for finding in claims(evidence)}


def with_table(evidence: Evidence, name: str, **columns) -> Evidence:
    if columns.get("input_gain") == "turned":  # the other stream is taken in
        gains = evidence.tables[name]["input_gain"]
        columns = {"input_gain": [gain[[1, 0, 2, 3]] for gain in gains]}
    tables = {**evidence.tables, name: evidence.tables[name].assign(**columns)}
    return Evidence(evidence.task, tables, evidence.resampling)


@pytest.mark.parametrize(("claims", "evidence"), IDEAL)
def test_all_hold_of_ideal_networks(claims, evidence):
    assert set(verdicts(claims, evidence()).values()) == {HOLDS}


@pytest.mark.parametrize(
    ("claims", "evidence", "kind"),
    [(*pair, kind) for pair, kind in zip(IDEAL, OF_KIND, strict=True)],
)
def test_claims_read_the_columns_and_rows_that_are_named_for_them(claims, evidence, kind):
    whole = evidence()
    read = {}
    for name, columns in tables_for(kind).items():
        if name in whole.tables:
            rows = whole.tables[name][list(dict.fromkeys((*NETWORK, *columns)))]
            for column, values in ROWS.get(name, {}).items():
                rows = rows[rows[column].isin(values)]
            read[name] = rows
    assert OF_KIND[kind].keys() <= read.keys()
    population = {n: t for n, t in whole.tables.items() if n not in BLOCKS}
    of_read = Evidence(whole.task, {**population, **read}, whole.resampling)
    # NaN is not equal to itself, and written as it is.
    assert repr(claims(of_read)) == repr(claims(whole))


@pytest.mark.parametrize(("claims", "evidence"), IDEAL)
def test_nothing_is_claimed_of_no_network(claims, evidence):
    unsolved = with_table(evidence(), "networks", solved=False)
    findings = claims(unsolved)
    assert {finding.networks for finding in findings} == {0}
    assert {finding.verdict for finding in findings} == {"cannot be told"}
    assert all(np.isnan(finding.value) for finding in findings)


@pytest.mark.parametrize(
    ("claims", "evidence", "table", "columns", "failing"),
    [
        (judge_memory, flipflops, "networks", {"unstable_0": 3}, {"F2a"}),
        (judge_memory, flipflops, "networks", {"machine_right": 0.5}, {"F2d"}),
        (judge_memory, flipflops, "edges", {"to": -1}, {"F2c"}),
        (judge_memory, flipflops, "stability", {"unstable": 1}, {"F2b", "F2c"}),
        (judge_ring, integrators, "continua", {"turns": 2.0}, {"F3"}),
        (judge_ring, integrators, "networks", {"lines": 1}, {"F3"}),
        (judge_oscillation, oscillators, "networks", {"unstable_0": 2}, {"F4a"}),
        (judge_oscillation, oscillators, "stability", {"unstable": 3}, {"F4b"}),
        (judge_contexts, integrators_of_context, "responses", {"re": 0.9}, {"F5a"}),
        (judge_contexts, integrators_of_context, "responses", {"input_gain": "turned"}, {"F5b"}),
    ],
)
def test_a_planted_fault_fails_its_claim(claims, evidence, table, columns, failing):
    found = verdicts(claims, with_table(evidence(), table, **columns))
    assert failing <= {claim for claim, verdict in found.items() if verdict == FAILS}


def test_spurious_points_are_left_out():
    """A far point that neither grows nor decays would spoil F5a and F5b."""
    ideal = integrators_of_context()
    far = {"point": 1, "beyond_visited": True, "class": "marginal", "re": 0.5}
    tables = dict(ideal.tables)
    for name in ("responses", "fixed_points", "stability"):
        own = {key: value for key, value in far.items() if key in tables[name]}
        tables[name] = pd.concat([tables[name], *[tables[name].assign(**own)] * 3])
    spoilt = Evidence(ideal.task, tables, ideal.resampling)
    assert set(verdicts(judge_contexts, spoilt).values()) == {HOLDS}
    near = {**tables, "fixed_points": tables["fixed_points"].assign(beyond_visited=False)}
    kept = Evidence(ideal.task, near, ideal.resampling)
    assert verdicts(judge_contexts, kept)["F5a"] == FAILS


def test_a_wrong_frequency_is_a_wrong_angle_and_no_wrong_correlation():
    ideal = oscillators()
    double = with_table(ideal, "stability", frequency=2 * ideal.tables["stability"]["frequency"])
    assert verdicts(judge_oscillation, double) | {"F4d": FAILS} == verdicts(
        judge_oscillation, double
    )
    assert verdicts(judge_oscillation, double)["F4c"] == HOLDS


def study(geometry: np.ndarray, topology: np.ndarray, cells: list[str]) -> Evidence:
    """Networks of two cells with given places; distances are those between the places."""
    who = pd.DataFrame({"model": cells, "constraint": "none", "seed": range(len(cells))})
    rows = [
        who.assign(
            metric=metric, distances=list(np.abs(places[:, None] - places[None]).astype(float))
        )
        for metric, places in (("svcca", geometry), ("topology", topology))
    ]
    facts = {name: 0 for name in FACTORS if name != "constraint"}
    networks = who.assign(solved=True, probe="zero", **facts).assign(cell=cells)
    tables = {"distances": pd.concat(rows), "networks": networks}
    return Evidence(FlipFlop(), tables, ResamplingSettings(resamples=300, seed=0))


def test_a_cell_that_explains_geometry_alone_is_individual_there():
    cells = ["gru"] * 8 + ["lstm"] * 8
    apart = np.repeat([0.0, 1.0], 8) + 0.05 * np.arange(16) % 0.2
    mixed = np.random.default_rng(0).random(16)
    (individual,) = judge_universality(study(apart, mixed, cells))
    assert (individual.claim, individual.verdict) == ("F6a", HOLDS)
    assert individual.low < individual.value < 1
    (universal,) = judge_universality(study(mixed, apart, cells))
    assert universal.verdict == FAILS
    assert universal.value == pytest.approx(-individual.value)


def test_an_activation_may_decide_how_alike_networks_are():
    """Half of the networks lie on one spot, the others anywhere around it."""
    places = np.append(np.zeros(8), np.tile([-1.0, 1.0], 4) * np.arange(1, 9))
    evidence = study(places, places, ["gru"] * 16)
    activation = np.repeat(["tanh", "relu"], 8)
    for names, verdict in ((activation, HOLDS), (activation[::-1], FAILS)):
        changed = with_table(evidence, "networks", activation=names)
        found = {finding.claim: finding for finding in judge_universality(changed)}
        assert found["F6d"].verdict == verdict
        assert found["F6b"].value == 0


def test_findings_are_a_table_and_a_page_of_it():
    evidence = flipflops()
    behaviour = evidence.tables["networks"][["model", "constraint", "seed"]]
    behaviour = behaviour.assign(setting="longer", level=4.0, score=[1.0] * 8 + [0.5] * 4)
    distances = pd.DataFrame(columns=SCHEMAS["distances"].names)
    facts = {name: "one" for name in FACTORS if name != "constraint"}
    networks = evidence.tables["networks"].assign(**facts)
    tables = {**evidence.tables, "networks": networks}
    tables |= {"behaviour": behaviour, "distances": distances}
    table = findings_of(
        "bits",
        "flipflop",
        Evidence(evidence.task, tables, ResamplingSettings(resamples=100, seed=0)),
    )
    assert list(table) == SCHEMAS["findings"].names
    assert table["claim"].tolist() == ["T", "F2a", "F2b", "F2c", "F2d", "B"]
    assert table.set_index("claim").loc["B", "right"] == 8
    text = markdown_page(table, "e", {"bits": (12, 12)}, {})
    assert "12 of 12 networks solved" in text and "missing" not in text
    assert text.count("**holds**") == (table["verdict"] == HOLDS).sum()
    assert "12 of 12 networks (1): the score" in text and "0.758 to 1" in text
    assert "8 of 12 networks (0.667): the score" in text and "104 networks needed in all" in text
    rows = [line for line in text.splitlines() if line.startswith("| F2")]
    assert all(line.replace("\\|", "").count("|") == 8 for line in rows)
    lacking = markdown_page(table, "e", {"bits": (12, 12)}, {"bits": 3, "heading": 8})
    assert "3 of 15 networks are missing" in lacking
    assert "## heading\n\nAll 8 networks are missing." in lacking
