"""Claims read what is named for them, of all solved networks; the page of findings."""

import numpy as np
import pandas as pd
import pytest

from rnnpipe.plan.stages import BLOCK_OUTPUTS
from rnnpipe.population.findings.claims import OF_KIND, ROWS, findings_of, tables_for
from rnnpipe.population.findings.continuous_attractors import judge_contexts, judge_ring
from rnnpipe.population.findings.ends import judge_ends
from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import FAILS, HOLDS, OPEN
from rnnpipe.population.findings.memory import judge_memory
from rnnpipe.population.findings.oscillation import judge_oscillation
from rnnpipe.population.findings.page import markdown_page
from rnnpipe.population.findings.timing import judge_timing
from rnnpipe.tables.schemas import NETWORK, SCHEMAS
from rnnpipe.tasks import Context, FlipFlop, Integrator, SineWave
from tests.population.findings.ideal_networks import (
    CONTEXT,
    FLIPFLOP,
    INTEGRATOR,
    INTERVAL,
    RUNS,
    SINE,
    flipflops,
    gather,
    integrators,
    integrators_of_context,
    oscillators,
    timers,
)

IDEAL = {
    "flipflop": (judge_memory, FLIPFLOP, flipflops),
    "integrator": (judge_ring, INTEGRATOR, integrators),
    "sinewave": (judge_oscillation, SINE, oscillators),
    "interval": (judge_timing, INTERVAL, timers),
    "context": (judge_contexts, CONTEXT, integrators_of_context),
}


def verdicts(judge, evidence: Evidence) -> dict[str, str]:
    return {finding.claim: finding.verdict for finding in judge(evidence)}


@pytest.mark.parametrize("kind", OF_KIND)
def test_claims_read_the_columns_and_rows_that_are_named_for_them(kind):
    judge, task, ideal = IDEAL[kind]
    whole = gather(task, ideal())
    read = {}
    for name, columns in tables_for(kind).items():
        rows = whole.tables[name][list(dict.fromkeys((*NETWORK, *columns)))]
        for column, values in ROWS.get(name, {}).items():
            rows = rows[rows[column].isin(values)]
        read[name] = rows
    population = {n: t for n, t in whole.tables.items() if n not in BLOCK_OUTPUTS}
    of_read = Evidence(whole.task, {**population, **read})
    # NaN is not equal to itself, and written as it is.
    assert len(judge(whole)) and repr(judge(of_read)) == repr(judge(whole))


@pytest.mark.parametrize("kind", IDEAL)
def test_nothing_is_claimed_of_no_network(kind):
    judge, task, ideal = IDEAL[kind]
    blocks = ideal()
    unsolved = {**blocks, "training": blocks["training"].assign(score=np.nan)}
    findings = judge(gather(task, unsolved))
    assert {finding.networks for finding in findings} == {0}
    assert {finding.verdict for finding in findings} == {OPEN}
    assert all(np.isnan(finding.value) for finding in findings)


@pytest.mark.parametrize("kind", IDEAL)
def test_networks_of_which_nothing_was_found_are_wrong(kind):
    judge, task, ideal = IDEAL[kind]
    for name, blocks in (("all", {}), ("searches", {"searches": ideal()["searches"]})):
        own = {
            key: table for key, table in ideal().items() if key in ("training", "dimensionality")
        }
        findings = judge(gather(task, own | blocks))
        assert {(f.right, f.networks, f.verdict) for f in findings} == {(0, 12, FAILS)}, name


def test_spurious_points_cycles_and_slow_points_are_left_out():
    """Points that neither grow nor decay far away, and others that are not fixed, spoil nothing."""
    blocks = dict(integrators_of_context())
    tables = ("fixed_points", "stability", "responses")
    for number, odd in enumerate(
        ({"beyond_visited": True, "class": "marginal"}, {"kind": "slow"}, {"kind": "cycle"})
    ):
        for name in tables:
            own = {key: value for key, value in {**odd, "re": 0.5}.items() if key in blocks[name]}
            copies = blocks[name].assign(point=blocks[name]["point"] + 100 * (number + 1), **own)
            blocks[name] = pd.concat([blocks[name], copies])
    assert set(verdicts(judge_contexts, gather(CONTEXT, blocks)).values()) == {HOLDS}
    near = {**blocks, "fixed_points": blocks["fixed_points"].assign(beyond_visited=False)}
    assert verdicts(judge_contexts, gather(CONTEXT, near))["F5a"] == FAILS


def test_a_wrong_frequency_is_a_wrong_angle_and_no_wrong_correlation():
    blocks = oscillators()
    twice = blocks["stability"].assign(frequency=2 * blocks["stability"]["frequency"])
    found = verdicts(judge_oscillation, gather(SINE, {**blocks, "stability": twice}))
    ideal = dict.fromkeys(("F4a", "F4b", "F4c", "F4d", "F4e", "F4f"), HOLDS)
    assert found == {**ideal, "F4d": FAILS}
    faster = blocks["attractors"].assign(rotation=2 * blocks["attractors"]["rotation"])
    found = verdicts(judge_oscillation, gather(SINE, {**blocks, "attractors": faster}))
    assert found == {**ideal, "F4f": FAILS}


def test_of_several_limit_cycles_the_one_counts_in_which_most_runs_end():
    blocks = dict(oscillators())
    other = blocks["attractors"].assign(attractor=1, node=2, rotation=0.3)
    for visited, verdict in ((RUNS + 1, FAILS), (RUNS - 1, HOLDS)):
        both = pd.concat([other.assign(visited=visited), blocks["attractors"]])
        found = verdicts(judge_oscillation, gather(SINE, {**blocks, "attractors": both}))
        assert (found["F4e"], found["F4f"]) == (verdict, verdict)


def test_an_oscillation_may_close_exactly_after_whole_steps():
    blocks = oscillators()
    exact = blocks["attractors"].assign(kind="cycle")
    found = verdicts(judge_oscillation, gather(SINE, {**blocks, "attractors": exact}))
    assert set(found.values()) == {HOLDS}


def test_runs_from_anywhere_stand_beside_those_from_visited_states_and_decide_nothing():
    blocks = oscillators()
    lost = {**blocks, "attractors": blocks["attractors"].assign(box=RUNS // 2)}
    (finding,) = judge_ends(gather(SINE, lost))
    assert finding.verdict == HOLDS
    assert "of all networks' 1 do; so do 0.5 of the runs from anywhere" in finding.quantity
    none = blocks["ends"].assign(visited_runs=0)
    (finding,) = judge_ends(gather(SINE, {**blocks, "ends": none}))
    assert (finding.verdict, finding.networks) == (OPEN, 0)


def test_what_the_runs_of_timing_networks_end_in_is_said_by_kind():
    blocks = timers()
    moving = np.where(blocks["attractors"]["seed"] < 6, "fixed", "limit cycle")
    found = judge_timing(
        gather(
            INTERVAL,
            {**blocks, "attractors": blocks["attractors"].assign(kind=moving, visited=RUNS - 6)},
        )
    )
    said = found[-1].quantity
    assert "0.375 fixed, 0.375 limit cycle, 0.25 no attractor with a name" in said


def test_the_frequency_of_the_limit_cycle_stands_beside_that_of_the_pair():
    blocks = oscillators()
    slower = blocks["stability"].assign(frequency=blocks["stability"]["frequency"] - 0.001)
    found = judge_oscillation(gather(SINE, {**blocks, "stability": slower}))
    said = {finding.claim: finding.quantity for finding in found}
    assert "; 1 in the median, 1 of the unstable pair" in said["F4e"]
    assert said["F4f"].endswith("in the median, 0.00628 of the unstable pair")


def renamed(blocks: dict, names: dict[str, str]) -> dict:
    """The blocks with probes under other names."""
    return {
        name: rows.assign(probe=rows["probe"].replace(names)) if "probe" in rows else rows
        for name, rows in blocks.items()
    }


def test_probes_may_have_any_name_and_others_may_stand_beside_them():
    pulsed = FlipFlop(bits=2, probes={"pulse": {"bit1": 1}, "quiet": {}})
    turning = Integrator(probes={"turn": {"speed": 0.1}, "quiet": {}})
    cued = Context(
        probes={
            "cued-evidence": {"stream2": 1, "context2": 1},
            "colour": {"context2": 1},
            "motion": {"context1": 1},
            "off": {},
        }
    )
    for task, kind, names in (
        (pulsed, "flipflop", {"zero": "quiet"}),
        (turning, "integrator", {"zero": "quiet"}),
        (cued, "context", {"context1": "motion", "context2": "colour"}),
    ):
        judge, _, ideal = IDEAL[kind]
        evidence = gather(task, renamed(ideal(), names))
        assert set(verdicts(judge, evidence).values()) == {HOLDS}, kind


def test_inputs_of_the_sine_are_those_that_the_task_shows():
    """Without input the task asks for nothing."""
    levels = {name: {"input1": float(x[0])} for name, x in SINE.probes().items()}
    more = SineWave(probes={"off": {}, **levels})
    assert set(verdicts(judge_oscillation, gather(more, oscillators())).values()) == {HOLDS}
    two = SineWave(probes=dict(list(levels.items())[:2]))
    found = verdicts(judge_oscillation, gather(two, oscillators()))
    assert {claim for claim, verdict in found.items() if verdict == OPEN} == {"F4c", "F4e"}
    assert set(found.values()) == {HOLDS, OPEN}


def test_nothing_is_told_where_the_experiment_does_not_look():
    elsewhere = (
        ("flipflop", FlipFlop(bits=2, probes={"pulse": {"bit1": 1}})),
        ("integrator", Integrator(probes={"turn": {"speed": 0.1}})),
        ("sinewave", SineWave(probes={"off": {}})),
        ("context", Context(probes={"context1": {"context1": 1}})),
    )
    for kind, task in elsewhere:
        judge, _, ideal = IDEAL[kind]
        found = judge(gather(task, ideal()))
        assert {(f.verdict, f.networks) for f in found} == {(OPEN, 0)}, kind


def test_no_ring_is_claimed_of_two_headings():
    assert judge_ring(gather(Integrator(angles=2), integrators())) == []


def test_findings_are_a_table_and_a_page_of_it():
    blocks = flipflops()
    longest = np.where(blocks["behaviour"]["seed"] < 8, 1.0, 0.5)
    blocks = {**blocks, "behaviour": blocks["behaviour"].assign(score=longest)}
    table = findings_of("bits", "flipflop", gather(FLIPFLOP, blocks))
    assert list(table) == SCHEMAS["findings"].names
    assert table["claim"].tolist() == ["T", "F2a", "F2b", "F2c", "F2d", "F7", "B"]
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
