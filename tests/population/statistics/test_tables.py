"""Factors that make a difference are told from those that make none."""

import numpy as np
import pandas as pd
import pytest

from rnnpipe.population.statistics.tables import (
    embedding_table,
    mantel_table,
    solved_matrices,
    statistics_table,
)
from rnnpipe.settings.sections.analysis import StatisticsSettings
from rnnpipe.tables.schemas import FACTORS, SCHEMAS

CHOSEN = StatisticsSettings(permutations=199, seed=0)
COUNT = 16


def networks(**changes) -> pd.DataFrame:
    """Two cells × two activations × four seeds."""
    seed = np.arange(COUNT)
    facts = {name: 1 for name in FACTORS if name != "constraint"}
    table = pd.DataFrame({"seed": seed, "constraint": "none", "probe": "zero", "solved": True})
    table = table.assign(**{**facts, "dale_ratio": np.nan})
    table["cell"] = np.where(seed % 4 < 2, "gru", "lstm")
    table["activation"] = np.where(seed % 2 < 1, "tanh", "relu")
    table["model"] = table["cell"] + "-" + table["activation"]
    return table.assign(**changes)


def distances(table: pd.DataFrame) -> pd.DataFrame:
    """One metric in which cells are far apart, and one without any order."""
    rng = np.random.default_rng(0)
    by_cell = (table["cell"] == "gru").to_numpy() * 5.0 + rng.random(len(table))
    frames = []
    for metric, places in (("svcca", by_cell), ("topology", rng.random(len(table)))):
        matrix = np.abs(places[:, None] - places)
        frames.append(
            table[["model", "constraint", "seed"]].assign(metric=metric, distances=list(matrix))
        )
    return pd.concat(frames)


def test_a_factor_explains_the_distances_that_it_makes():
    table = networks()
    found = solved_matrices(distances(table), table)
    rows = statistics_table("t", found, CHOSEN).set_index(["metric", "factor"])
    assert list(rows.reset_index()) != []
    assert set(rows.index.get_level_values("factor")) == {"cell", "activation"}
    own, other = rows.loc[("svcca", "cell")], rows.loc[("svcca", "activation")]
    assert own["omega2"] > 0.9 > 0.3 > other["omega2"]
    assert own["p_adjusted"] <= 0.04 and other["p_adjusted"] > 0.05
    assert own["omega2_low"] < own["omega2"] < own["omega2_high"] <= 1
    assert (own["adjusted_for"], other["adjusted_for"]) == ("activation", "cell")
    assert (rows["confounded_with"] == "").all() and (rows["smallest"] == 8).all()
    assert own["neighbour"] == 1 and own["neighbour_chance"] == pytest.approx(7 / 15)
    assert own["ratio"] < 0.2 and own["silhouette"] > 0.8
    assert (rows["p_adjusted"] >= rows["p"]).all()
    assert rows.reset_index()[SCHEMAS["statistics"].names].shape[0] == 4


def test_networks_that_were_not_solved_do_not_count():
    table = networks(solved=np.arange(COUNT) != 3)
    (names, matrix), _ = solved_matrices(distances(table), table).values()
    assert 3 not in names["seed"].tolist()
    assert matrix.shape == (COUNT - 1, COUNT - 1)


def test_networks_that_cannot_be_compared_are_left_out():
    table = networks()
    rows = distances(table)
    first = np.stack(rows.loc[rows["metric"] == "svcca", "distances"])
    first[2, :], first[:, 2] = np.nan, np.nan
    first[2, 2] = 0
    rows["distances"] = [*first, *rows.loc[rows["metric"] == "topology", "distances"]]
    found = solved_matrices(rows, table)
    assert len(found["svcca"][0]) == COUNT - 1 and 2 not in found["svcca"][0]["seed"].tolist()
    both = mantel_table("t", found, CHOSEN)
    assert both["networks"].tolist() == [COUNT - 1]
    assert abs(both["r"][0]) < 0.4


def test_nothing_is_claimed_of_factors_that_cannot_be_told_apart():
    table = networks(units=np.where(np.arange(COUNT) % 4 < 2, 64, 128))
    rows = statistics_table("t", solved_matrices(distances(table), table), CHOSEN)
    rows = rows.set_index(["metric", "factor"]).loc["svcca"]
    assert rows["confounded_with"].to_dict() == {"cell": "units", "activation": "", "units": "cell"}
    alike = rows.loc[["cell", "units"], ["omega2", "omega2_low", "f", "p", "p_adjusted"]]
    assert alike.isna().all(axis=None) and (rows.loc[["cell", "units"], "df"] == 0).all()
    assert (rows.loc[["cell", "units"], "neighbour"] == 1).all()


def test_a_map_of_every_metric():
    table = networks()
    plane = embedding_table("t", solved_matrices(distances(table), table), 0)
    assert plane.groupby("metric").size().tolist() == [COUNT, COUNT]
    svcca = plane[plane["metric"] == "svcca"]
    apart = svcca.groupby(table["cell"].to_numpy())["x"].mean()
    assert abs(apart["gru"] - apart["lstm"]) > 4
    # Distances on a line can be kept in a plane.
    assert (plane["stress"] < 0.05).all()


def test_tables_of_nothing_have_their_columns():
    for name, table in (
        ("statistics", statistics_table("t", {}, CHOSEN)),
        ("mantel", mantel_table("t", {}, CHOSEN)),
        ("embedding", embedding_table("t", {}, 0)),
    ):
        assert list(table) == SCHEMAS[name].names and table.empty
