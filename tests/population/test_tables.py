"""The population's tables count what the blocks' tables hold, and drop no network."""

import numpy as np
import pandas as pd
import pytest

from rnnpipe.population.state_machine import join_state_machines, state_machine_table
from rnnpipe.population.tables import networks_table
from rnnpipe.tables.schemas import ATTRACTORS, FACTORS, MOST_UNSTABLE, SCHEMAS
from rnnpipe.tasks import FlipFlop, Integrator

TASK = FlipFlop(bits=1)
WHO = {"task": "memory", "model": "m", "constraint": "none"}
BY_DESIGN = {name: [None] for name in FACTORS if name != "constraint"}
FACTS = pd.DataFrame({**BY_DESIGN, "cell": ["gru"], "units": [8]}).assign(**WHO)


def frame(seed: int, **columns) -> pd.DataFrame:
    return pd.DataFrame(columns).assign(seed=seed, **WHO)


def tables() -> dict[str, pd.DataFrame]:
    """Seed 0 solves one bit with two memories and a saddle; seed 1 diverged; seed 2 has one."""
    summary = {name: 0 for name in SCHEMAS["training"].names if name != "seed"}
    training = [
        frame(seed, **{k: [v] for k, v in (summary | facts).items()})
        for seed, facts in enumerate(
            [
                {"score": 1.0, "stop_reason": "steps"},
                {"score": np.nan, "stop_reason": "diverged"},
                {"score": 0.6, "stop_reason": "steps"},
            ]
        )
    ]
    search = {name: 0 for name in SCHEMAS["searches"].names if name not in ("seed", "probe")}
    search["certificate"] = "consistent"
    points = [
        frame(
            0,
            point=[0, 1, 2, 3],
            kind=["fixed"] * 3 + ["slow"],
            beyond_visited=[False] * 4,
            readout=[[1.0], [-1.0], [0.0], [0.5]],
        ),
        frame(2, point=[0], kind=["fixed"], beyond_visited=[False], readout=[[0.9]]),
    ]
    stability = [
        frame(
            0,
            point=[0, 1, 2, 3],
            unstable=[0, 0, 12, 0],
            **{"class": ["stable", "stable", "12-saddle", "marginal"]},
        ),
        frame(2, point=[0], unstable=[0], **{"class": ["stable"]}),
    ]
    attractors = [
        frame(
            0,
            node=[0, 1],
            kind=["fixed", "fixed"],
            period=[1.0, 1.0],
            readout=[[1.0], [-1.0]],
        ),
        frame(2, node=[0], kind=["fixed"], period=[1.0], readout=[[0.9]]),
    ]
    ends = [
        frame(
            seed,
            visited_runs=[32],
            visited_unassigned=[seed],
            visited_diverged=[seed],
            moving_share=[seed / 4],
        )
        for seed in (0, 2)
    ]
    edges = [
        frame(
            0,
            **{"from": [2, 2, 2, 0, 0, 1, 1], "to": [0, 1, -1, 0, 1, 0, 1]},
            kind=["noise"] * 3 + ["input"] * 4,
            input=["", "", "", "bit 1 +", "bit 1 -", "bit 1 +", "bit 1 -"],
            probability=[0.25, 0.5, 0.25, 1, 1, 1, 1],
            trials=[16, 32, 16, 1, 1, 1, 1],
        ),
        frame(
            2,
            **{"from": [0, 0], "to": [0, 0]},
            kind=["input"] * 2,
            input=["bit 1 +", "bit 1 -"],
            probability=[1.0, 1.0],
            trials=[1, 1],
        ),
    ]
    joined = {
        "training": training,
        "dimensionality": [frame(s, participation_ratio=[1.5], components_85=[2]) for s in (0, 2)],
        "searches": [
            frame(s, probe=["zero"], **{k: [v] for k, v in search.items()}) for s in (0, 2)
        ],
        "fixed_points": [f.assign(probe="zero") for f in points],
        "continua": [
            frame(
                0,
                probe=["zero"] * 4,
                continuum=[0, 1, 2, 3],
                kind=["ring", "line", "ring", "arc"],
                nature=["attractor", "attractor", "repelling", "leak"],
            ),
            frame(2, probe=["zero"], continuum=[0], kind=["line"], nature=["attractor"]),
        ],
        "stability": [f.assign(probe="zero") for f in stability],
        "attractors": [f.assign(probe="zero") for f in attractors],
        "ends": [f.assign(probe="zero") for f in ends],
        "edges": [f.assign(probe="zero") for f in edges],
    }
    return {name: pd.concat(frames, ignore_index=True) for name, frames in joined.items()}


@pytest.fixture
def networks() -> pd.DataFrame:
    made = tables()
    return networks_table(TASK, made, state_machine_table(TASK, made), FACTS).set_index("seed")


def test_no_network_is_dropped(networks):
    assert networks.index.tolist() == [0, 1, 2]
    assert networks["solved"].tolist() == [True, False, False]
    assert networks.reset_index().columns.sort_values().tolist() == sorted(
        SCHEMAS["networks"].names
    )


def test_points_are_counted_by_unstable_modes_and_slow_ones_are_not(networks):
    counts = networks[[f"unstable_{k}" for k in range(MOST_UNSTABLE + 1)]]
    assert counts.loc[0].tolist() == [2] + [0] * (MOST_UNSTABLE - 1) + [1]
    assert counts.loc[1].sum() == 0
    assert networks.loc[0, "marginal"] == 0


def test_a_marginal_point_is_neither_stable_nor_a_saddle():
    made = tables()
    stability = made["stability"]
    stability.loc[(stability["seed"] == 0) & (stability["point"] == 1), "class"] = "marginal"
    table = networks_table(TASK, made, state_machine_table(TASK, made), FACTS).set_index("seed")
    assert table.loc[0, ["unstable_0", "marginal"]].tolist() == [1, 1]
    assert table.loc[0, ["machine_states", "attracting_points"]].tolist() == [1, 2]


def test_graph_facts(networks):
    assert networks["edges"].tolist() == [2, 0, 0]
    assert networks.loc[0, "unassigned"] == 0.25
    assert networks.loc[[1, 2], "unassigned"].isna().all()


def test_a_missing_memory_counts_as_wrong(networks):
    assert networks.loc[0, ["machine_states", "machine_right"]].tolist() == [2, 1.0]
    assert networks.loc[2, "machine_states"] == 1
    # Of four demanded transitions it has one: at a pulse of its own sign it stays.
    assert networks.loc[2, "machine_right"] == 0.25


def test_a_network_without_memories_makes_no_right_transition(networks):
    assert networks.loc[1, ["machine_states", "machine_right"]].tolist() == [0, 0.0]
    none = tables() | {
        name: tables()[name].iloc[:0] for name in ("attractors", "stability", "edges")
    }
    networks = networks_table(TASK, none, state_machine_table(TASK, none), FACTS)
    assert networks["machine_right"].tolist() == [0.0] * 3
    untold = networks_table(Integrator(), tables(), state_machine_table(Integrator(), none), FACTS)
    assert untold["machine_right"].isna().all()


def test_block_by_block_the_tables_are_those_of_all_networks_at_once(networks):
    made = tables()
    # Of the second cohort's name the first letter comes first, but it stands last in the file.
    other = {name: t.assign(model="a") for name, t in made.items()}
    factors = pd.concat([FACTS, FACTS.assign(model="a")], ignore_index=True)
    whole = {name: pd.concat([made[name], other[name]], ignore_index=True) for name in made}
    state_machine = state_machine_table(TASK, whole)
    blocks = [
        {name: t[t["seed"].isin(seeds)] for name, t in source.items()}
        for source in (made, other)
        for seeds in ([0], [1], [2])
    ]
    parts = [state_machine_table(TASK, block) for block in blocks]
    joined = join_state_machines(parts)
    assert len(joined) and joined.astype(object).equals(state_machine.astype(object))
    rows = [networks_table(TASK, *both, factors) for both in zip(blocks, parts, strict=True)]
    joined, whole = (
        pd.concat(rows, ignore_index=True),
        networks_table(TASK, whole, state_machine, factors),
    )
    assert joined.astype(object).equals(whole.astype(object))


def test_of_networks_without_a_machine_the_joined_table_has_its_columns():
    empty = state_machine_table(Integrator(), tables())
    assert list(join_state_machines([empty, empty])) == SCHEMAS["state_machine"].names


def test_marginal_points_and_drifts_are_no_states_of_the_machine():
    """Of a continuum there may be hundreds; the graph pushes them all."""
    marginal = ("stability", "point", "class", "marginal")
    for table, number, column, value in (marginal, ("attractors", "node", "kind", "slow")):
        made = tables()
        rows = made[table]
        rows.loc[(rows["seed"] == 0) & (rows[number] == 1), column] = value
        state_machine = state_machine_table(TASK, made)
        assert set(state_machine.loc[state_machine["seed"] == 0, "source"]) == {0}


def test_a_task_without_a_machine_has_an_empty_table():
    assert state_machine_table(Integrator(), tables()).empty
    assert (
        list(state_machine_table(Integrator(), tables()).columns) == SCHEMAS["state_machine"].names
    )


def test_lines_and_rings_that_attract_and_do_not_leak_are_counted(networks):
    assert networks["rings"].tolist() == [1, 0, 0]
    assert networks["lines"].tolist() == [1, 0, 1]
    assert networks["arcs"].tolist() == networks["surfaces"].tolist() == [0, 0, 0]


def with_moving(kind: str, period: float) -> dict[str, pd.DataFrame]:
    """The tables, with an attractor that moves in the place of seed 0's second memory."""
    made = tables()
    points, attractors = made["fixed_points"], made["attractors"]
    made["fixed_points"] = points[(points["seed"] != 0) | (points["point"] != 1)]
    moving = (attractors["seed"] == 0) & (attractors["node"] == 1)
    # Numbered on after the last point, which is slow.
    attractors.loc[moving, ["node", "kind", "period"]] = [4, kind, period]
    made["edges"][["from", "to"]] = made["edges"][["from", "to"]].replace(1, 4)
    return made


@pytest.mark.parametrize("kind", ["cycle", "limit cycle", "torus", "chaotic"])
def test_an_attractor_that_moves_is_a_memory_and_no_fixed_point(kind):
    made = with_moving(kind, 12.0)
    state_machine = state_machine_table(TASK, made)
    assert state_machine.loc[state_machine["seed"] == 0, "source"].unique().tolist() == [0, 4]
    networks = networks_table(TASK, made, state_machine, FACTS).set_index("seed")
    row = networks.loc[0]
    assert row[["unstable_0", "attracting_points", ATTRACTORS[kind]]].tolist() == [1, 1, 1]
    assert row[["machine_states", "machine_right"]].tolist() == [2, 1.0]


def test_attractors_are_counted_by_kind_and_runs_that_end_in_none(networks):
    assert networks["attractors"].tolist() == [2, 0, 1]
    assert networks["attracting_points"].tolist() == [2, 0, 1]
    assert networks[list(ATTRACTORS.values())[1:]].to_numpy().sum() == 0
    assert networks.loc[[0, 2], "moving_share"].tolist() == [0, 0.5]
    # One that escapes ends in no attractor, like one of which nothing is known.
    assert networks.loc[[0, 2], "unassigned_share"].tolist() == [0, 4 / 32]
    assert networks.loc[1, ["moving_share", "unassigned_share"]].isna().all()


def test_a_network_in_one_line(networks):
    no_sign = "no sign that points are missing"
    assert networks.loc[0, "summary"] == f"2 stable points; 1 other point, 12-saddle; {no_sign}"
    assert pd.isna(networks.loc[1, "summary"])
    made = with_moving("limit cycle", 60.1)
    table = networks_table(TASK, made, state_machine_table(TASK, made), FACTS).set_index("seed")
    assert table.loc[0, "summary"] == (
        "1 stable point, limit cycle of 60.1 steps a turn; "
        f"2 points: 1 stable, 1 12-saddle; {no_sign}"
    )


def test_a_marginal_point_far_away_is_counted_as_spurious_alone():
    made = tables()
    made["fixed_points"] = made["fixed_points"].assign(beyond_visited=True)
    made["stability"] = made["stability"].assign(**{"class": "marginal"})
    networks = networks_table(TASK, made, state_machine_table(TASK, made), FACTS).set_index("seed")
    assert networks.loc[0, ["spurious", "marginal", "unstable_0"]].tolist() == [3, 0, 0]
    assert networks["attractors"].sum() == 0


def test_a_network_whose_training_diverged_solved_nothing_whatever_its_kept_weights_score():
    made = tables()
    made["training"]["score"] = 1.0
    machine = state_machine_table(TASK, made)
    solved = networks_table(TASK, made, machine, FACTS).set_index("seed")["solved"]
    assert solved.tolist() == [True, False, True]
