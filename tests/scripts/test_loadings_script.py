"""The script that fits populations to loadings, on two small networks of low rank."""

import numpy as np
import pandas as pd
import pytest

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.tables.parquet import read_table
from tests.helpers.script_runs import path, plan, run_stage

ASKED = {"populations": 2, "draws": 3, "times": [1, 2], "trials": 8}


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> dict[str, pd.DataFrame]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("loadings"))
        asked = plan(constraints={"none": {"rank": 2}}, loadings=ASKED)
        for stage in ("train", "loadings"):
            settings = settings_text(asked, stage, "memory", "small", "none", "0-1")
            result = run_stage(stage, settings=settings)
            assert result.exit_code == 0, result.output
        names = ("loadings", "overlaps", "mixtures", "resampled")
        yield {name: read_table(path(name)) for name in names}


def test_every_unit_has_its_loadings_and_a_population(tables):
    rows = tables["loadings"]
    assert (
        rows.groupby("seed")["unit"].agg(list).map(lambda units: units == [*range(len(units))])
    ).all()
    m = np.stack(rows.loc[rows["seed"] == 0, "m"].to_numpy())
    assert np.allclose(m.T @ m / len(m), np.eye(2))
    best = tables["mixtures"].set_index("seed").query("best")["populations"]
    assert (rows["population"] < rows["seed"].map(best)).all()


def test_overlaps_are_those_of_the_loadings(tables):
    units = tables["loadings"].query("seed == 1")
    pairs = tables["overlaps"].query("seed == 1").set_index(["first", "second"])["overlap"]
    m, n = (np.stack(units[name].to_numpy()) for name in "mn")
    assert np.isclose(pairs["m0", "n1"], (m[:, 0] * n[:, 1]).mean())
    assert np.isclose(pairs["bias", "bias"], (units["bias"] ** 2).mean())


def test_one_mixture_of_each_network_is_best(tables):
    rows = tables["mixtures"]
    assert (rows.groupby("seed")["best"].sum() == 1).all()
    assert (rows.loc[rows["best"], "bic"].to_numpy() == rows.groupby("seed")["bic"].min()).all()
    names = rows["vectors"].str.split().map(len)
    assert (rows["covariances"].map(len) == rows["populations"] * names**2).all()


def test_networks_are_drawn_from_every_mixture_in_every_size(tables):
    rows = tables["resampled"]
    assert rows.groupby(["seed", "populations", "times"]).size().eq(3).all()
    assert (rows["units"] == rows["times"] * len(tables["loadings"].query("seed == 0"))).all()
    assert rows["score"].between(0, 1).all()
