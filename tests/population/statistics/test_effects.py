"""What a constraint changes shows, and what it leaves alone does not."""

import numpy as np
import pandas as pd
import pytest

from rnnpipe.population.statistics.effects import MEASURES, effects_table, measures
from rnnpipe.settings.sections.analysis import StatisticsSettings
from rnnpipe.tables.schemas import SCHEMAS

CHOSEN = StatisticsSettings(permutations=999, seed=0)
SEEDS = 8


def networks() -> pd.DataFrame:
    """Dale's networks have a larger spectral radius; scores are the same numbers."""
    rng = np.random.default_rng(0)
    rows = [
        {"model": "m", "constraint": constraint, "seed": seed, "probe": probe}
        for constraint in ("none", "dale")
        for seed in range(SEEDS)
        for probe in ("a", "b")
    ]
    table = pd.DataFrame(rows).assign(stop_reason="steps", **dict.fromkeys(MEASURES, 1.0))
    table["score"] = np.tile(rng.standard_normal(SEEDS).repeat(2), 2)
    dale = (table["constraint"] == "dale").to_numpy()
    table["spectral_radius"] = 1 + 3.0 * dale + 0.5 * rng.standard_normal(2 * SEEDS).repeat(2)
    return table


def behaviour() -> pd.DataFrame:
    who = networks().drop_duplicates(["constraint", "seed"])[["model", "constraint", "seed"]]
    rng = np.random.default_rng(1)
    longer = [
        who.assign(setting="longer", level=level, score=rng.random(2 * SEEDS)) for level in (2, 4)
    ]
    return pd.concat([*longer, who.assign(setting="trained", level=np.nan, score=0.0)])


def test_measures_are_one_row_a_network_with_the_longest_trials():
    table = measures(networks(), behaviour())
    assert len(table) == 2 * SEEDS
    # Points of all probes together.
    assert (table["found"] == 2).all() and (table["participation_ratio"] == 1).all()
    longest = behaviour().query("level == 4").set_index(["constraint", "seed"])["score"]
    found = table.set_index(["constraint", "seed"])["score_longer"]
    assert np.allclose(found, longest.reindex(found.index))
    assert table["score_noise"].isna().all()


def test_only_what_changes_has_an_effect():
    table = effects_table("t", networks(), behaviour(), "none", CHOSEN)
    assert list(table) == SCHEMAS["effects"].names
    found = table.set_index("measure")
    assert set(found.index) == {"score", "spectral_radius", "score_longer"}
    radius = found.loc["spectral_radius"]
    assert (radius["reference"], radius["constraint"], radius["networks"]) == ("none", "dale", 16)
    assert radius["difference"] == pytest.approx(3, abs=0.8)
    assert radius["low"] > 2 and radius["p_adjusted"] < 0.01
    assert found.loc["score", "p"] > 0.05
    assert found.loc["score", "low"] < 0 < found.loc["score", "high"]


def test_diverged_networks_are_left_out_and_said():
    table = networks()
    table.loc[table["seed"] == 0, "stop_reason"] = "diverged"
    found = effects_table("t", table, behaviour(), "none", CHOSEN)
    assert (found["networks"] == 2 * (SEEDS - 1)).all()
    assert (found[["counted", "reference_counted"]] == SEEDS - 1).all(axis=None)
    assert (found[["diverged", "reference_diverged"]] == 1).all(axis=None)
    assert (found[["lacking", "reference_lacking"]] == 0).all(axis=None)


def test_networks_that_lack_a_measure_are_said():
    table = networks()
    lacking = (table["constraint"] == "dale") & (table["seed"] < 5)
    table.loc[lacking, "spectral_radius"] = np.nan
    found = effects_table("t", table, behaviour(), "none", CHOSEN).set_index("measure")
    numbers = found.loc["spectral_radius", ["networks", "counted", "lacking", "reference_lacking"]]
    assert numbers.tolist() == [2 * SEEDS - 5, SEEDS - 5, 5, 0]
    # Three networks are too few to tell.
    assert np.isnan(found.loc["spectral_radius", ["low", "high", "p"]].astype(float)).all()
    table.loc[table["constraint"] == "dale", "spectral_radius"] = np.nan
    none = effects_table("t", table, behaviour(), "none", CHOSEN).set_index("measure")
    assert none.loc["spectral_radius", ["counted", "lacking"]].tolist() == [0, SEEDS]
    assert np.isnan(none.loc["spectral_radius", "difference"])
    assert "score_noise" not in none.index


def test_a_cohort_that_diverged_is_still_there():
    table = networks()
    table.loc[table["constraint"] == "dale", "stop_reason"] = "diverged"
    found = effects_table("t", table, behaviour(), "none", CHOSEN)
    assert len(found) and (found["counted"] == 0).all() and (found["diverged"] == SEEDS).all()
    assert found["effect"].isna().all()


def test_without_the_reference_nothing_is_compared():
    table = networks()
    alone = table[table["constraint"] == "dale"]
    found = effects_table("t", alone, behaviour(), "none", CHOSEN)
    assert found.empty and list(found) == SCHEMAS["effects"].names
