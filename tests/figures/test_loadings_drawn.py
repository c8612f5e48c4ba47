"""The figure of loadings draws the units, populations and scores that its tables hold."""

import io

import numpy as np
import pandas as pd
import pytest

from rnnpipe.figures import style
from rnnpipe.figures.kinds import loadings
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels.loadings import unit_rows
from rnnpipe.figures.render import render
from rnnpipe.networks.mixtures import fit_mixtures
from rnnpipe.networks.unit_loadings import UnitLoadings

VECTORS = ("m0", "n0", "input0", "output0", "bias", "initial_state")
OPTIONS = FigureOptions("memory", "R²", "", 0.95)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """Two cohorts of two networks, the first of one population of units, the second of two."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for rank, seed in np.ndindex(2, 2):
        key = {"task": "memory", "model": "a", "constraint": f"rank{rank + 1}", "seed": seed}
        rng = np.random.default_rng(10 * rank + seed)
        values = rng.standard_normal((60, 6)) * [1, 2, 1, 3, 1, 0]
        values[: 30 * rank] += [0, 9, 0, 0, 9, 0]
        own, mixtures = UnitLoadings(VECTORS, values), fit_mixtures(values, [1, 2], seed=0)
        lists = {n: list(c) for n, c in own.unit_columns().items()}
        made = {
            "networks": {"solved": [True], "stop_reason": ["steps"], "probe": ["zero"]},
            "loadings": {**lists, "population": mixtures[rank].members},
            "overlaps": own.pair_columns(),
            "mixtures": {
                "populations": [1, 2],
                "vectors": " ".join(VECTORS),
                "best": [rank == 0, rank == 1],
                **{
                    name: [mixture.columns()[name] for mixture in mixtures]
                    for name in ("bic", "shares", "means", "covariances")
                },
            },
            "resampled": {
                "populations": [1, 1, 2, 2],
                "times": [1, 4, 1, 4],
                "units": [60, 240, 60, 240],
                "draw": 0,
                "score": [-7.0, np.nan, 0.5, 0.99],
            },
        }
        for name, columns in made.items():
            parts.setdefault(name, []).append(pd.DataFrame({**columns}).assign(**key))
    made = {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}
    for name in ("shares", "means", "covariances"):
        made["mixtures"][name] = made["mixtures"][name].map(lambda entry: np.asarray(entry[0]))
    return made


def test_a_panel_shows_units_populations_and_correlations_of_one_network(tables):
    frame = loadings.prepare(tables, OPTIONS)
    assert (frame["layer"] == "panel").sum() == 2
    units = frame[frame["layer"] == "unit"]
    # The initial state does not vary, and is left out.
    assert list(units["vector"].unique()) == ["m0", "n0", "input0", "output0", "bias"]
    assert units.groupby(["constraint", "vector"]).size().eq(60).all()
    populations = frame[frame["layer"] == "population"]
    assert populations.groupby("constraint")["population"].nunique().tolist() == [1, 2]
    assert np.allclose(
        populations.groupby(["constraint", "population"])["share"].first(), [1, 0.5, 0.5]
    )
    pairs = frame[frame["layer"] == "pair"]
    assert pairs.groupby("constraint").size().tolist() == [10, 10]


def test_every_network_has_its_criterion_and_the_scores_of_networks_drawn(tables):
    frame = loadings.prepare(tables, OPTIONS)
    criterion = frame[frame["layer"] == "criterion"]
    assert (criterion.loc[criterion["populations"] == 1, "value"] == 0).all()
    least = criterion.loc[criterion.groupby(["constraint", "network"])["value"].idxmin()]
    assert least["populations"].tolist() == [1, 1, 2, 2]
    drawn = frame[frame["layer"] == "drawn"].set_index(["populations", "units"])["value"]
    assert (drawn[1, 60] == -7).all() and (drawn[2, 240] == 0.99).all()
    assert np.isneginf(drawn[1, 240]).all()


def test_entries_of_lists_are_vectors_of_their_own():
    rows = pd.DataFrame({"unit": [0, 1], "population": 0, "bias": [0.0, 1.0]})
    for kind in ("m", "n", "input", "output"):
        rows[kind] = [np.array([0.0, 2.0]), np.array([1.0, 3.0])]
    rows["initial_state"] = 0.0
    found = unit_rows(rows).set_index(["vector", "unit"])["value"]
    assert found["m1", 1] == 3 and found["bias", 1] == 1


def test_it_is_drawn_with_what_is_off_the_scale_at_its_edge(tables):
    rendered = render("loadings", tables, OPTIONS)
    assert "Scores below −1" in rendered.caption and "4 solved" in rendered.caption
    offsets = [c.get_offsets() for ax in rendered.figure.axes for c in ax.collections]
    assert all(np.isfinite(points).all() for points in offsets)
    style.save(rendered.figure, io.BytesIO(), "png", dpi=50)


def test_without_low_rank_there_is_a_note(tables):
    none = {name: table if name == "networks" else table.iloc[:0] for name, table in tables.items()}
    rendered = render("loadings", none, OPTIONS)
    style.save(rendered.figure, io.BytesIO(), "png", dpi=50)
