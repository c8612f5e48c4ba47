"""Attractors that are no points are drawn as what they are, and only where there are any."""

import io

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from rnnpipe.dynamics.classes import CHAOTIC, CYCLE, LIMIT_CYCLE, TORUS
from rnnpipe.figures import style
from rnnpipe.figures.kinds import census, endings, graph, moving, spectra, trajectories
from rnnpipe.figures.panels import attractors
from rnnpipe.figures.projection import PLACE
from rnnpipe.figures.render import needed, render
from rnnpipe.tables.schemas import ATTRACTORS, NETWORK
from tests.figures.synthetic_attractors import EXPONENTS, moved

MOVES = {
    ("tanh64", "free", 0): LIMIT_CYCLE,
    ("tanh64", "dale80", 0): CYCLE,
    ("tanh64", "dale80", 1): LIMIT_CYCLE,
    ("tanh64", "sparse10", 0): TORUS,
    ("tanh64", "masked", 0): CHAOTIC,
}


@pytest.fixture(scope="module")
def wandering(made):
    """Seven cohorts, with networks that move in four of them."""
    return moved(made(7), {key: [kind] for key, kind in MOVES.items()})


def of(frame, key, **more):
    rows = frame[(frame[NETWORK] == list(key)).all(axis=1)]
    for column, value in more.items():
        rows = rows[rows[column] == value]
    return rows


def test_an_attractor_is_placed_by_all_of_its_states_in_order(wandering, options):
    frame = trajectories.prepare(wandering, options["flipflop"])
    for key, kind in list(MOVES.items())[:2]:
        rows = of(frame, key, layer="moving")
        assert set(rows["kind"]) == {kind}
        assert rows["phase"].tolist() == list(range(3 if kind == CYCLE else 40))
        assert not rows.duplicated(PLACE).any()
    still = set(frame.loc[frame["layer"] == "moving", "constraint"])
    assert still == {"free", "dale80", "sparse10", "masked"}


def test_an_attractor_is_a_node_amid_its_states_and_edges_reach_it(wandering, options):
    key = ("tanh64", "free", 0)
    edges = wandering["edges"]
    own = edges[(edges[NETWORK] == list(key)).all(axis=1)].head(2)
    led = pd.concat([own.assign(to=27), own.assign(**{"from": 27, "kind": "input"})])
    tables = {**wandering, "edges": pd.concat([edges, led.assign(input="go")])}
    frame = graph.prepare(tables, options["flipflop"])
    (node,) = of(frame, key, layer="node", point=27).to_dict("records")
    states = of(frame, key, layer="moving")
    assert np.allclose([node["x"], node["y"]], states[["x", "y"]].mean().to_numpy(float))
    assert node["kind"] == LIMIT_CYCLE and node["unstable"] == 0
    assert len(of(frame, key, layer="edge", to=27)) == 2
    assert len(of(frame, key, layer="edge", **{"from": 27})) == 2


def test_exponents_stand_in_the_spectra_as_growth_per_step(wandering, options):
    frame = spectra.prepare(wandering, options["flipflop"])
    for key, kind in MOVES.items():
        rows = of(frame, key, layer="exponent")
        grown = np.exp(EXPONENTS[kind]).tolist()
        assert rows["magnitude"].tolist() == (grown if key[2] == 0 else [])


def test_the_census_counts_attractors_of_every_kind_network_by_network(wandering, options):
    frame = census.prepare(wandering, options["flipflop"])
    counts = frame[frame["layer"] == "attractor"]
    assert counts.groupby("kind")["count"].sum().to_dict() == {
        LIMIT_CYCLE: 2,
        CYCLE: 1,
        TORUS: 1,
        CHAOTIC: 1,
    }
    known = wandering["networks"].dropna(subset=[ATTRACTORS[CYCLE]])
    assert len(counts[counts["kind"] == CYCLE]) == len(known)


@pytest.mark.parametrize("kind", ["trajectories", "graph", "census", "spectra"])
def test_legends_name_the_kinds_and_captions_speak_of_them_only_where_there_are_any(
    made, options, kind
):
    every = moved(made(1), {("tanh64", "free", 0): [CYCLE, LIMIT_CYCLE, TORUS, CHAOTIC]})
    for tables, moves in ((every, True), (made(1), False)):
        drawn = render(kind, tables, options["flipflop"])
        (legend,) = drawn.figure.legends
        labels = {text.get_text() for text in legend.get_texts()}
        assert ({"cycle", "limit cycle", "torus", "chaotic set"} <= labels) == moves
        assert ("limit cycle" in drawn.caption) == moves


def test_arrowheads_point_along_the_curve_and_lie_on_it():
    angles = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
    for sign in (1, -1):
        triangles = attractors.heads(attractors.closed(circle[::sign]), 2.0)
        assert triangles.shape == (3, 3, 3)
        assert np.allclose(np.linalg.norm(triangles[:, 0], axis=1), 1, atol=0.01)
        forth = triangles[:, 0] - triangles[:, 1:].mean(axis=1)
        turning = np.cross(triangles[:, 0], forth)[:, 2]
        assert (sign * turning > 0).all()


def test_a_curve_without_extent_has_no_arrowheads():
    assert attractors.heads(np.zeros((4, 2)), 1.0).shape == (0, 3, 2)


def test_attractors_are_counted_with_the_range_of_their_periods():
    kinds, periods = [LIMIT_CYCLE, CYCLE, LIMIT_CYCLE, TORUS], [62.0, 7.0, 31.0, np.nan]
    assert attractors.counted(kinds, periods) == (
        "1 cycle of 7 steps, 2 limit cycles of 31 to 62 steps a turn and 1 torus"
    )
    assert attractors.counted([], []) == ""


def test_shares_of_a_cohorts_runs_sum_to_one_and_are_those_of_its_networks(wandering, options):
    frame = endings.prepare(wandering, options["flipflop"])
    sums = frame.dropna(subset="ending").groupby([*NETWORK[:2], "source"])["share"].sum()
    assert np.allclose(sums, 1)
    own = frame[(frame["constraint"] == "dale80") & (frame["source"] == "visited")]
    shares = own.drop_duplicates(["model", "ending"]).set_index("ending")["share"]
    # Of four networks one ends in a cycle, one in a limit cycle, two at rest.
    assert shares.loc[["fixed", CYCLE, LIMIT_CYCLE]].tolist() == [0.5, 0.25, 0.25]
    box = frame[(frame["constraint"] == "dale80") & (frame["source"] == "box")]
    assert set(box.loc[box["share"] > 0, "ending"]) == {"fixed"}
    lost = frame[frame["constraint"] == "dale80-two-regions"]
    assert lost["ending"].isna().all() and len(lost) == 1


def test_runs_that_end_nowhere_are_shown(wandering, options):
    ends = wandering["ends"].assign(visited_unassigned=32, box_diverged=64)
    drawn = render("endings", {**wandering, "ends": ends}, options["flipflop"])
    assert {"unassigned", "diverged"} <= set(drawn.table["ending"])
    for word in ("Unassigned:", "diverged:"):
        assert word in drawn.caption


def test_many_probes_share_a_bar(made, options):
    tables = dict(made(7))
    for name in ("ends", "attractors"):
        tables[name] = pd.concat([tables[name].assign(probe=f"p{i}") for i in range(6)])
    drawn = render("endings", tables, options["flipflop"])
    assert set(drawn.table["probe"].dropna()) == {endings.ALL}
    assert "all probes together" in drawn.caption
    few = {**tables, **{name: of_probes(tables[name], 2) for name in ("ends", "attractors")}}
    assert set(endings.prepare(few, options["flipflop"])["probe"].dropna()) == {"p0", "p1"}


def of_probes(table, number):
    return table[table["probe"].isin([f"p{i}" for i in range(number)])]


def test_a_network_that_moves_has_a_panel_with_its_readout_over_two_turns(wandering, options):
    drawn = render("moving", wandering, options["flipflop"])
    panels = drawn.table[drawn.table["layer"] == "panel"]
    assert set(panels[NETWORK].itertuples(index=False, name=None)) == set(MOVES)
    assert drawn.caption.startswith("5 networks with attractors that are no points.")
    assert "2 limit cycles of 40 steps a turn" in drawn.caption
    words = {text.get_text() for text in drawn.figure.findobj(Text)}
    assert {"time (steps)", "readout", "PC 1 (activity)", "limit cycle, 40 steps\nzero"} <= words
    rows = of(drawn.table, ("tanh64", "free", 0), layer="state")
    times, values = moving.two_turns(rows)
    assert times.tolist() == list(range(81))
    assert np.allclose(values[:40], values[40:80]) and np.allclose(values[0], values[80])
    # In its own components a circle of radius 1.2 is one.
    radii = np.hypot(*rows[["pc1", "pc2"]].to_numpy(float).T)
    assert np.allclose(radii, 1.2, atol=0.05)


def test_networks_that_are_not_drawn_are_counted(wandering, made, options):
    keys = made(7)["networks"][NETWORK].itertuples(index=False, name=None)
    diverged = set(
        made(7)["networks"]
        .query("stop_reason == 'diverged'")[NETWORK]
        .itertuples(index=False, name=None)
    )
    many = moved(made(7), {key: [LIMIT_CYCLE] for key in keys if key not in diverged})
    frame = moving.prepare(many, options["flipflop"])
    panels = frame[frame["layer"] == "panel"]
    assert len(panels) == moving.PANELS
    # Every cohort has its turn before any has its second.
    assert panels.groupby(NETWORK[:2]).ngroups == 6
    assert f"{23 - moving.PANELS} networks that move as well are not drawn." in moving.describe(
        frame, options["flipflop"]
    )


def test_of_many_attractors_of_a_network_a_few_are_drawn(wandering, options):
    tables = dict(wandering)
    for name in ("attractors", "curves"):
        tables[name] = pd.concat([tables[name].assign(probe=f"p{i}") for i in range(5)])
    frame = moving.prepare(tables, options["flipflop"])
    own = of(frame, ("tanh64", "free", 0), layer="state")
    assert list(dict.fromkeys(own["probe"])) == ["p0", "p2", "p4"]
    block = tables["curves"][tables["curves"]["constraint"] == "free"].drop(columns=NETWORK[:2])
    kept = needed("moving", "curves", block, 4)
    assert list(dict.fromkeys(kept["probe"])) == ["p0", "p2", "p4"]


def test_where_nothing_moves_the_figure_says_so(made, options):
    drawn = render("moving", made(1), options["flipflop"])
    assert "none. Every run that ends in an attractor ends at rest." in drawn.caption
    target = io.BytesIO()
    style.save(drawn.figure, target, "png", dpi=50)
    assert target.getvalue()
