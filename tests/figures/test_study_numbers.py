"""The tables beside a study's figures: networks count once, and what is planted comes out."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from rnnpipe.figures import factors, page
from rnnpipe.figures.kinds import numbers
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import (
    contexts,
    distance_statistics,
    effects,
    frequency,
    means,
    outcomes,
    states_block,
)
from rnnpipe.figures.selection import per_network, representatives
from tests.figures.synthetic_study import FREQUENCIES


def solved_of(tables):
    networks = per_network(tables["networks"])
    return networks[networks["status"] == "solved"]


def test_a_network_with_many_points_weighs_no_more_than_one_with_few():
    rows = pd.DataFrame(
        {
            "model": "gru",
            "constraint": "free",
            "seed": [0, 0, 0, 1],
            "cell": "gru",
            "value": [1.0, 1.0, 1.0, 3.0],
        }
    )
    mean = means.summarise(rows, ["cell"], "value").iloc[0]
    assert mean["mean"] == 2.0 and mean["networks"] == 2
    # Two networks at 1 and 3: sd √2, s.e.m. 1.
    assert np.isclose(mean["sem"], 1.0)
    assert np.isnan(means.summarise(rows[rows["seed"] == 1], ["cell"], "value")["sem"].iloc[0])


def test_the_census_is_the_mean_of_solved_networks(studied):
    tables = studied("context", ("free",))
    frame = means.census(tables["networks"], solved_of(tables), "cell")
    networks = solved_of(tables)
    lstm = networks[networks["cell"] == "lstm"]
    got = frame[frame["cell"] == "lstm"].set_index("x")["mean"]
    assert got.to_dict() == {k: lstm[f"unstable_{k}"].mean() for k in (0, 1)}
    assert frame.loc[frame["cell"] == "vanilla", "networks"].unique().tolist() == [4]


def test_settings_of_behaviour_stand_in_order(studied):
    tables = studied("flipflop", ("free",))
    frame = numbers.behaviour(tables["behaviour"], solved_of(tables), None)
    labels = frame.drop_duplicates("x").sort_values("x")["label"].tolist()
    assert labels[:4] == ["trained", "unseen", "longer ×2", "longer ×4"]
    assert labels[4:] == ["noise 0.1 sd", "noise 0.2 sd", "noise 0.5 sd"]


def test_explained_variance_keeps_every_metric_and_factor_with_its_interval(studied):
    statistics = studied("flipflop", ("free",))["statistics"]
    frame = distance_statistics.explained(statistics.sample(frac=1, random_state=0))
    assert len(frame) == len(statistics)
    place = frame.drop_duplicates("metric").set_index("metric")["row"]
    assert place["svcca"] == 0 and place["weights"] == 7
    svcca = frame[frame["metric"] == "svcca"].set_index("group")
    assert svcca.loc["cell", "estimate"] > 0.8 > 0.2 > svcca.loc["activation", "estimate"]
    assert (frame["low"] <= frame["estimate"]).all() and (frame["estimate"] <= frame["high"]).all()
    only = distance_statistics.explained(statistics, "activation")
    assert set(only["group"]) == {"activation"}


def test_seeds_vary_less_than_cells_in_geometry_alone(studied):
    frame = distance_statistics.ratio(studied("flipflop", ("free",))["statistics"])
    ratio = frame.set_index("metric")["estimate"]
    assert set(frame["group"]) == {"cell"}
    assert ratio["svcca"] < 0.5 and ratio["topology"] > 0.9
    assert frame["p_adjusted"].isna().all()


def test_correlations_are_drawn_once_for_each_pair(studied):
    rows = distance_statistics.mantel(studied("flipflop", ("free",))["mantel"])
    turned = rows.rename(columns={"first": "second", "second": "first"})
    images = [
        distance_statistics.mantel_panel(Figure().subplots(), table) for table in (rows, turned)
    ]
    values = [np.ma.filled(image.get_array(), 9.0) for image in images]
    assert np.array_equal(*values)
    assert (values[0] != 9.0).sum() == len(rows) == 8 * 7 / 2


def test_outcomes_stand_at_their_cell_and_apart(studied):
    networks = per_network(studied("flipflop", ("free",))["networks"])
    frame = outcomes.prepare(networks, ["score"])
    cells = {name: i for i, name in enumerate(("vanilla", "gru", "lstm", "ugrnn"))}
    assert (frame["x"].round() == frame["cell"].map(cells)).all()
    assert frame["x"].nunique() == len(networks)


def test_linearised_frequencies_are_those_asked_for(studied):
    tables = studied("sinewave", ("free",))
    frame = frequency.prepare(tables["stability"], solved_of(tables), FREQUENCIES)
    assert len(frame) == 22 * len(FREQUENCIES)
    assert np.allclose(frame["target"], frame["probe"].map(FREQUENCIES))
    assert np.abs(frame["frequency"] - frame["target"]).max() < 0.025
    assert frequency.prepare(tables["stability"], solved_of(tables), {}).empty


def test_limit_cycles_turn_at_the_frequencies_asked_for(studied):
    tables = studied("sinewave", ("free",))
    rare = tables["attractors"].assign(period=7.0, visited=0)
    found = pd.concat([rare, tables["attractors"]], ignore_index=True)
    frame = frequency.turns(found, solved_of(tables), FREQUENCIES)
    assert len(frame) == 22 * len(FREQUENCIES)
    assert np.allclose(frame["frequency"], frame["target"])
    assert frequency.turns(found, solved_of(tables), {}).empty


def test_the_leading_of_several_unstable_points_gives_the_frequency(studied):
    tables = studied("sinewave", ("free",))
    strong = tables["stability"].assign(point=1, spectral_radius=2.0, frequency=0.25)
    stable = strong.assign(point=2, spectral_radius=3.0, unstable=0, frequency=0.1)
    every = pd.concat([tables["stability"], strong, stable])
    frame = frequency.prepare(every, solved_of(tables), FREQUENCIES)
    assert np.allclose(frame["frequency"], np.pi / 2)


@pytest.mark.parametrize(
    ("probes", "streams"),
    [
        (["context2", "context1"], {"context1": 0, "context2": 1}),
        (["motion", "colour"], {"colour": 0, "motion": 1}),
    ],
)
def test_probes_name_the_stream_that_they_cue(probes, streams):
    assert contexts.cued_streams(probes) == streams


def test_the_cued_stream_is_told_from_the_other_in_either_context(studied):
    tables = studied("context", ("free",))
    frame = contexts.selection(tables["responses"], solved_of(tables))
    assert len(frame) == 2 * 22
    assert (frame["cued"] > 0.5).all() and (frame["uncued"] < 0.05).all()
    errors = contexts.reduction(tables["reduced"], solved_of(tables))
    mean = errors[errors["x"] == 2].groupby("stream")["mean"].mean()
    assert mean["cued"] < 0.1 * mean["uncued"]


def test_moduli_are_sorted_and_their_lead_is_that_of_the_line(studied):
    tables = studied("context", ("free",))
    frame = contexts.moduli(tables["modes"], solved_of(tables))
    for _, own in frame.groupby("cell"):
        assert own.sort_values("x")["mean"].is_monotonic_decreasing
        assert own["x"].tolist() == list(range(1, contexts.LEADING + 1))
    # Two of five points lead with 1.03, three with 0.97.
    assert np.allclose(frame.loc[frame["x"] == 1, "mean"], 0.994, atol=0.01)


def test_points_of_all_probes_are_drawn_and_states_once(studied):
    tables = studied("context", ("free",))
    options = FigureOptions("study", condition_kind="linear", probe="context1")
    chosen = representatives(tables["networks"], options, factors.SHOWN)
    frame = states_block.prepare(tables, options, chosen, ["context1", "context2"])
    counts = frame[frame["layer"] == "point"].groupby("probe").size()
    # One network of eight has a point off its trajectories.
    assert counts.to_dict() == {"context1": 39, "context2": 39}
    alone = states_block.prepare(tables, options, chosen)
    paths = [(table["layer"] == "path").sum() for table in (frame, alone)]
    assert paths[0] == paths[1]


def test_effects_have_a_place_each_within_the_row_of_their_measure(studied):
    tables = studied("flipflop", ("free", "dale80", "noautapses"), 2, 1)
    models = per_network(tables["networks"])[["model", *factors.SHOWN]].drop_duplicates()
    frame = effects.prepare(tables["effects"].merge(models, on="model"))
    assert len(frame) == len(tables["effects"])
    assert frame["place"].nunique() == len(frame)
    assert (frame["place"].round() == frame["row"]).all()
    first = frame[frame["row"] == 0]
    assert (
        first.groupby("constraint")["place"].max()["dale80"]
        < first.loc[first["constraint"] == "noautapses", "place"].min()
    )
    assert effects.prepare(tables["effects"].iloc[:0]).empty


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_infinite_effects_are_triangles_at_the_ends_and_undefined_ones_are_not_drawn(studied):
    tables = studied("flipflop", ("free", "dale80", "noautapses"), 2, 1)
    models = per_network(tables["networks"])[["model", *factors.SHOWN]].drop_duplicates()
    found = tables["effects"].merge(models, on="model").sort_values("measure", kind="stable")
    found = found.reset_index(drop=True)
    found.loc[:4, "effect"] = [np.inf, -np.inf, np.nan, np.nan, np.inf]
    found.loc[5, "high"] = np.inf
    rows = effects.prepare(found)
    look = factors.Looks(
        factors.colours(rows["constraint"]), factors.looks(rows.assign(cell="gru")).markers
    )
    ax = effects.panel(Figure().subplots(), rows, look)
    assert texts(ax) == []
    marks = [mark for mark in ax.collections if isinstance(mark, PathCollection)]
    drawn = np.concatenate([mark.get_offsets() for mark in marks])
    assert len(drawn) == len(rows) - 2
    ends = np.abs(drawn[:, 0]) == np.abs(drawn[:, 0]).max()
    assert np.sign(drawn[ends, 0]).sum() == 1 and ends.sum() == 3
    assert np.abs(drawn[~ends, 0]).max() < effects.WIDEST
    assert effects.prepare(found.assign(effect=np.nan)).empty


def test_shares_of_variance_that_are_not_finite_are_said_in_words(studied):
    statistics = studied("flipflop", ("free",))["statistics"].copy()
    shares = ["omega2", "omega2_low", "omega2_high"]
    statistics.loc[statistics["metric"] == "svcca", shares] = np.nan
    statistics.loc[statistics["metric"] == "cka", "ratio"] = np.inf
    rows = distance_statistics.explained(statistics)
    ax = distance_statistics.explained_panel(Figure().subplots(), rows)
    assert texts(ax) == ["cell undefined; activation undefined"]
    assert ax.get_yticklabels()[0].get_text() == "SVCCA"
    rows = distance_statistics.ratio(statistics)
    ax = distance_statistics.ratio_panel(Figure().subplots(), rows)
    assert texts(ax) == ["cell infinite"] and np.isfinite(ax.get_xlim()).all()


def test_factors_that_cannot_be_told_apart_are_named_and_not_drawn(studied):
    statistics = studied("flipflop", ("free",))["statistics"]
    cell = statistics["factor"] == "cell"
    double = statistics[cell].assign(factor="units", confounded_with="cell", omega2=np.nan)
    statistics = statistics.assign(confounded_with=np.where(cell, "units", ""))
    rows = distance_statistics.explained(pd.concat([statistics, double]))
    ax = distance_statistics.explained_panel(Figure().subplots(), rows)
    assert ax.get_xlabel().endswith("not told apart: cell, units")
    assert texts(ax) == []
    assert list(distance_statistics.colours(distance_statistics.told_apart(rows))) == ["activation"]
    alone = distance_statistics.explained(double)
    ax = distance_statistics.explained_panel(Figure().subplots(), alone)
    assert ax.get_xlabel().endswith("not told apart: cell, units")


def test_sections_keep_their_rows_and_empty_ones_their_columns():
    frame = page.join(first=pd.DataFrame({"a": [1, 2]}), second=pd.DataFrame(columns=["b"]))
    assert page.section(frame, "first")["a"].tolist() == [1, 2]
    assert page.section(frame, "second").empty
    assert list(frame.columns) == ["section", "a", "b"]


def test_points_far_off_the_trajectories_are_left_out():
    places = [(0, 0, 0), (2, 1, 0), (2.9, 0, 0), (3.1, 0, 0), (0, -1.1, 0)]
    rows = pd.DataFrame(places, columns=["pc1", "pc2", "pc3"])
    rows = rows.assign(model="m", constraint="c", seed=0)
    rows["layer"] = ["path", "path", "point", "point", "mode"]
    assert states_block.near(rows).index.tolist() == [0, 1, 2]


def test_scores_of_networks_that_escape_count_as_the_lowest(studied):
    tables = studied("context", ("free",))
    table = tables["behaviour"].assign(score=-1e30)
    assert (numbers.behaviour(table, solved_of(tables), -1.0)["mean"] == -1).all()
