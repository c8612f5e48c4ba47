"""The tables beside the figures hold exactly what is drawn."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from rnnpipe.figures.kinds import (
    census,
    graph,
    performance,
    ring,
    spectra,
    training,
    trajectories,
    trials,
    variance,
    weights,
)
from rnnpipe.figures.projection import PLACE, TIP
from rnnpipe.tables.schemas import NETWORK

FIRST = {"model": "tanh64", "constraint": "free", "seed": 0}


def of(table, **keys):
    for column, value in keys.items():
        table = table[table[column] == value]
    return table.reset_index(drop=True)


@pytest.fixture
def flipflop(made, options):
    return made(3), options["flipflop"]


@pytest.fixture
def integrator(made, options):
    return made(3, "integrator"), options["integrator"]


def test_census_counts_are_the_networks_and_the_expected(flipflop):
    frame = census.prepare(*flipflop)
    counts = of(frame, layer="count", **FIRST).set_index("unstable")["count"]
    assert counts.to_dict() == {0: 8, 1: 12, 2: 6, 3: 1}
    ideal = of(frame, layer="expected", constraint="dale80").set_index("unstable")["count"]
    assert ideal.to_dict() == {0: 8, 1: 12, 2: 6, 3: 1}
    assert set(of(frame, layer="count", constraint="free")["seed"]) == {0, 1, 3}


@pytest.mark.parametrize("bits", [1, 2, 3, 4])
def test_an_ideal_flipflop_has_three_to_the_bits_points(bits):
    ideal = census.expected(bits)
    assert sum(ideal.values()) == 3**bits
    assert sum((-1) ** k * count for k, count in ideal.items()) == 1


def test_census_shows_every_count_and_needs_columns(flipflop):
    tables, options = flipflop
    networks = tables["networks"].assign(unstable_8=5)
    frame = census.prepare({"networks": networks}, options)
    last = of(frame, layer="count", unstable=8, **FIRST)
    assert last["count"].tolist() == [5]
    with pytest.raises(ValueError, match="unstable_0"):
        census.prepare({"networks": networks.filter(regex="^(?!unstable)")}, options)


def test_trajectories_are_projections_on_the_components(flipflop):
    tables, options = flipflop
    frame = trajectories.prepare(*flipflop)
    components = of(tables["components"], **FIRST)
    directions = np.stack(components["direction"])[:3]
    for name, layer in (("trajectories", "path"), ("fixed_points", "point")):
        states = np.stack(of(tables[name], **FIRST)["state"])
        drawn = of(frame, layer=layer, **FIRST)[PLACE].to_numpy(float)
        assert np.allclose(drawn, (states - components["mean"][0]) @ directions.T)
    few = trajectories.prepare(tables, dataclasses.replace(options, trials=2))
    assert of(few, layer="path", **FIRST)["trial"].nunique() == 2


def test_unstable_directions_are_all_there_and_equally_long(flipflop):
    frame = trajectories.prepare(*flipflop)
    modes = of(frame, layer="mode", **FIRST)
    # 12 points with one unstable mode, 6 with two, 1 with three.
    assert len(modes) == 12 * 1 + 6 * 2 + 1 * 3
    lengths = np.linalg.norm(modes[TIP].to_numpy(float), axis=1)
    # The eigenvectors lie within the three components, so that none is shortened.
    assert np.allclose(lengths, lengths[0])
    stable = of(of(frame, layer="point", **FIRST), unstable=0)["point"]
    assert not set(stable) & set(modes["point"])


def test_a_complex_pair_gives_both_axes_of_its_plane(flipflop):
    tables, options = flipflop
    real, imaginary = np.eye(16)[0], np.eye(16)[1]
    pair = pd.DataFrame(
        [
            {"re": 0.9, "im": im, "right_re": real, "right_im": np.sign(im) * imaginary}
            for im in (0.7, -0.7)
        ]
    ).assign(task="memory", probe="zero", point=0, mode=[0, 1], **FIRST)
    frame = trajectories.prepare({**tables, "modes": pair}, options)
    tips = of(frame, layer="mode", **FIRST)[TIP].to_numpy(float)
    components = np.stack(of(tables["components"], **FIRST)["direction"])[:3]
    expected = np.stack([components @ real, -components @ imaginary])
    ratio = np.linalg.norm(tips, axis=1) / np.linalg.norm(expected, axis=1)
    assert np.allclose(ratio, ratio[0])
    assert np.allclose(tips, ratio[0] * expected)


def test_only_the_chosen_probe_is_drawn(flipflop):
    tables, options = flipflop
    elsewhere = dataclasses.replace(options, probe="context=colour")
    assert not (trajectories.prepare(tables, elsewhere)["layer"] == "point").any()
    assert (spectra.prepare(tables, elsewhere)["layer"] == "panel").all()
    assert (graph.prepare(tables, elsewhere)["layer"] == "panel").all()


def test_spectra_hold_every_eigenvalue_in_order(flipflop):
    frame = of(spectra.prepare(*flipflop), layer="eigenvalue", **FIRST)
    assert len(frame) == 27 * 16
    for _, point in frame.groupby("point"):
        assert (np.diff(point.sort_values("rank")["magnitude"]) <= 0).all()
        assert (point["magnitude"] > 1).sum() == point["unstable"].iloc[0]
    assert np.isclose(frame["magnitude"].max(), 2)


def test_graph_nodes_stand_where_their_readouts_are(flipflop):
    frame = graph.prepare(*flipflop)
    nodes = of(frame, layer="node", **FIRST)
    assert len(nodes) == 27 and set(nodes["plane"]) == {"oblique"}
    corner = nodes[nodes["point"] == 26]
    assert np.allclose(corner[["x", "y"]], [1 + 0.47, 1 + 0.31])


def test_graph_edges_are_links_between_different_nodes(flipflop):
    frame = graph.prepare(*flipflop)
    edges = of(frame, layer="edge", **FIRST)
    noise = of(edges, kind="noise").groupby("from")["to"].nunique()
    # From a k-saddle noise leads to 2^k stable points: 12, 6 and 1 saddles.
    assert noise.value_counts().to_dict() == {2: 12, 4: 6, 8: 1}
    inputs = of(edges, kind="input")
    assert len(inputs) == 8 * 3
    assert (edges["from"] != edges["to"]).all()
    ended = of(frame, layer="unassigned", **FIRST).set_index("kind")
    assert ended.loc["noise", "lost"] == 7 and ended.loc["input", "lost"] == 0


def test_graphs_of_one_readout_use_principal_components(flipflop):
    tables, options = flipflop
    points = tables["fixed_points"]
    single = points.assign(readout=[np.array(r)[:1] for r in points["readout"]])
    frame = graph.prepare({**tables, "fixed_points": single}, options)
    nodes = of(frame, layer="node", **FIRST)
    assert set(nodes["plane"]) == {"components"}
    drawn = of(trajectories.prepare(tables, options), layer="point", **FIRST)
    assert np.allclose(nodes[["x", "y"]], drawn[["pc1", "pc2"]])


def test_ring_places_curves_of_its_probe_with_their_drift_in_degrees(integrator):
    frame = ring.prepare(*integrator)
    curve = of(frame, layer="curve", **FIRST)
    assert len(curve) == 90
    assert np.allclose(np.hypot(curve["read1"], curve["read2"]), 1)
    assert np.allclose(curve["drift"], np.degrees(0.002 * np.sin(4 * curve["condition"])))
    assert len(of(frame, layer="point", **FIRST)) == 8


def test_a_ring_that_is_no_attractor_is_drawn_apart_and_the_caption_says_why(integrator):
    tables, options = integrator
    whole = ring.prepare(tables, options)
    assert "Solid curves are approximate attractors" in ring.describe(whole, options)
    assert "Dashed" not in ring.describe(whole, options)
    leaking = tables["continua"].assign(nature="leak")
    frame = ring.prepare({**tables, "continua": leaking}, options)
    assert set(of(frame, layer="curve", **FIRST)["nature"]) == {"leak"}
    number = frame[frame["layer"] == "curve"].groupby(NETWORK).ngroups
    text = f"Dashed ones are none: {number} leaking, since the drift crosses within few trials."
    assert text in ring.describe(frame, options)
    for drawn, styles in ((whole, {"-"}), (frame, {"--"})):
        figure = ring.draw(drawn, options)
        lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) == 91]
        assert {line.get_linestyle() for line in lines} == styles


def test_readouts_are_placed_by_the_first_heading():
    angles = np.array([[0.0, 0.3], [0.5, 0.3], [-1.0, 0.3]])
    assert np.allclose(ring.heading_plane(angles, "angle"), [[1, 0], [0, 1], [-1, 0]])
    vectors = np.array([[0.9, 0.1, 0.0, 1.0]])
    assert ring.heading_plane(vectors, "vector").tolist() == [[0.9, 0.1]]


def test_weights_keep_their_values_and_excitatory_units_come_first(flipflop):
    tables, options = flipflop
    frame = of(weights.prepare(tables, options), layer="weight", constraint="dale80", seed=0)
    recurrent = of(frame, matrix="recurrent")
    grid = recurrent.pivot(index="y", columns="x", values="value").to_numpy()
    order = [i for i in range(16) if i % 5 != 4] + [4, 9, 14]
    values = of(tables["weights"], model="tanh64", constraint="dale80", seed=0, matrix="recurrent")
    original = values.pivot(index="row", columns="column", values="value").to_numpy()
    assert np.array_equal(grid, original[np.ix_(order, order)])
    assert (grid[:, :13] >= 0).all() and (grid[:, 13:] <= 0).all()
    readout = of(frame, matrix="output", y=0).sort_values("x")["column"].tolist()
    assert readout == order
    assert of(frame, matrix="input", x=0).sort_values("y")["row"].tolist() == order


def test_units_are_sorted_by_region_then_sign():
    units = pd.DataFrame(
        {
            "column": [0, 1, 2, 3],
            "column_region": ["B", "A", "B", "A"],
            "column_sign": [-1, 1, 1, -1],
        }
    )
    ordered = weights.order(units)
    assert ordered["unit"].tolist() == [2, 0, 1, 3]
    assert ordered["group"].tolist() == ["B E", "B I", "A E", "A I"]
    whole = weights.order(units.assign(column_region="all"))
    assert whole["group"].tolist() == ["E", "E", "I", "I"]
    assert [weights.names(g) for g in ("B E", "E", "B", "")] == [
        ("B", "E"),
        ("", "E"),
        ("B", ""),
        ("", ""),
    ]


def test_variance_accumulates_to_one(flipflop):
    curve = of(variance.prepare(*flipflop), layer="variance", **FIRST)
    assert curve["component"].tolist() == list(range(1, 17))
    assert np.isclose(curve["cumulative"].iloc[-1], 1)
    assert np.allclose(np.diff(curve["cumulative"]), flipflop[0]["components"]["variance"][1:16])


def test_training_keeps_every_network_and_its_outcome(flipflop):
    frame = of(training.prepare(*flipflop), layer="loss")
    outcome = frame.drop_duplicates(["constraint", "seed"]).set_index(["constraint", "seed"])
    assert len(outcome) == 12
    assert outcome.loc[("free", 1), "status"] == "not solved"
    assert outcome.loc[("free", 2), "status"] == "diverged"


def test_trials_show_the_most_eventful_trial_channel_by_channel(flipflop):
    tables, options = flipflop
    frame = trials.prepare(tables, options)
    first = frame[frame["layer"] == "panel"].sort_values(list(FIRST)).iloc[0]
    own = of(tables["trajectories"], **first[list(FIRST)])
    changes = own.groupby("trial")["input"].agg(lambda x: (np.diff(np.stack(x), axis=0) != 0).sum())
    assert frame["trial"].dropna().unique().tolist() == [changes.idxmax()]
    source = of(tables["trajectories"], trial=changes.idxmax(), **FIRST)
    for layer in ("input", "target", "output"):
        drawn = of(frame, layer=layer, **FIRST)
        values = drawn.pivot(index="time", columns="channel", values="value").to_numpy()
        assert np.array_equal(values, np.stack(source[layer]))


def test_performance_places_each_network_once(made, options):
    frame = performance.prepare(made(7), options["flipflop"])
    assert len(frame) == 28
    assert frame["x"].nunique() == 28
    # Six constraints: the seventh cohort shares the first constraint with another model.
    assert frame["x"].between(-0.5, 5.5).all()
    assert (
        frame["x"].round()
        == frame["constraint"].map({name: i for i, name in enumerate(frame["constraint"].unique())})
    ).all()
