"""The figure of networks that are cut to lower ranks."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from rnnpipe.figures.catalogue import kinds_for
from rnnpipe.figures.kinds import ranks
from rnnpipe.figures.panels.scores import score_axis
from rnnpipe.figures.render import render
from rnnpipe.tables.schemas import COHORT, NETWORK
from tests.figures.test_figures import assert_readable_and_on_the_page, saved

FULL = 16
# Rank -> score of every network, but for what is said below.
SCORES = {0: 0.5, 1: 0.7, 2: 0.9, 4: 1.0, FULL: 1.0}


def cut(networks: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Networks that need rank 4, of the change 2; the last one is scored at rank 3, too."""
    rows, skeletons = [], []
    once = networks.drop_duplicates(NETWORK)[[*NETWORK, "task"]].to_dict("records")
    for place, name in enumerate(once):
        for what, least in (("weights", 4), ("change", 2)):
            scores = SCORES if what == "weights" else {**SCORES, 2: 1.0}
            if place == len(once) - 1:
                scores = {**scores, 3: 1.0}
            rows += [
                {**name, "cut": what, "rank": rank, "score": score}
                | {"solved": score > 0.99, "least": rank == least}
                for rank, score in sorted(scores.items())
            ]
            skeletons += [
                {**name, "cut": what, "rank": rank, "probe": probe}
                | {"found": rank + place + 2, "spurious": 2, "attractors": rank}
                for rank in (1, 2)
                for probe in ("zero", "on")
            ]
    return {"ranks": pd.DataFrame(rows), "rank_skeletons": pd.DataFrame(skeletons)}


def every(networks: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """All tables; as they are, networks have nine points and four attractors."""
    whole = networks.assign(probe="zero", found=9.0, spurious=0.0, attractors=4)
    return {"networks": whole, **cut(networks)}


@pytest.fixture
def tables(made) -> dict[str, pd.DataFrame]:
    return every(made(3)["networks"])


def test_it_is_drawn_where_ranks_are_asked_for_alone():
    assert "ranks" not in kinds_for("flipflop")
    assert "ranks" in kinds_for("flipflop", asked=["ranks"])


def test_means_are_over_all_networks_of_a_cohort_or_there_are_none(tables, options):
    frame = ranks.prepare(tables, options["flipflop"])
    first, last = (
        frame[(frame[COHORT] == list(cohort)).all(axis=1)]
        for cohort in (tables["networks"][COHORT].iloc[0], tables["networks"][COHORT].iloc[-1])
    )
    mean = first[(first["layer"] == "mean") & (first["cut"] == "weights")].set_index("rank")
    assert mean["score"].to_dict() == pytest.approx(SCORES)
    assert mean["share"].to_dict() == {0: 0, 1: 0, 2: 0, 4: 1, FULL: 1}
    mean = last[(last["layer"] == "mean") & (last["cut"] == "weights")].set_index("rank")
    assert np.isnan(mean.loc[3, "score"]) and mean.loc[4, "score"] == 1.0


def test_a_network_of_lower_rank_keeps_its_score_from_there_on(tables, options):
    rows = tables["ranks"]
    low = (rows["seed"] == rows["seed"].iloc[0]) & (rows["cut"] == "weights")
    tables["ranks"] = rows[~low | (rows["rank"] <= 2)]
    frame = ranks.prepare(tables, options["flipflop"])
    first = frame[(frame[COHORT] == tables["networks"][COHORT].iloc[0].tolist()).all(axis=1)]
    mean = first[(first["layer"] == "mean") & (first["cut"] == "weights")].set_index("rank")
    networks = mean["networks"].iloc[0]
    assert mean.loc[FULL, "score"] == pytest.approx(1 - 0.1 / networks)
    assert mean.loc[4, "share"] == pytest.approx(1 - 1 / networks)


def test_skeletons_are_counted_without_spurious_points_and_stand_beside_the_whole(tables, options):
    frame = ranks.prepare(tables, options["flipflop"])
    own = frame[(frame["layer"] == "skeleton") & (frame["cut"] == "change")]
    first = own[(own[COHORT] == tables["networks"][COHORT].iloc[0].tolist()).all(axis=1)]
    assert first["rank"].tolist() == [1, 2, FULL]
    assert first["points"].diff().iloc[1] == pytest.approx(1.0)
    assert first["attractors"].tolist()[:2] == [1.0, 2.0]


@pytest.mark.parametrize("cohorts", [1, 7])
def test_it_is_readable_whatever_the_number_of_cohorts(made, options, cohorts):
    rendered = render("ranks", every(made(cohorts)["networks"]), options["flipflop"])
    assert_readable_and_on_the_page(rendered.figure)
    words = " ".join(text.get_text() for text in rendered.figure.findobj(Text))
    assert "fixed points" in words and "their change in training cut" in words


def test_the_axis_of_a_score_that_is_a_share_ends_just_above_one(tables, options):
    r2 = replace(options["flipflop"], score_name="R²")
    tables["ranks"].loc[tables["ranks"]["rank"] == 0, "score"] = -30.0
    rendered = render("ranks", tables, r2)
    (low, high), *others = {ax.get_ylim() for ax in rendered.figure.axes if ax.get_ylabel() == "R²"}
    assert low == -1 and 1 < high < 1.2 and not others
    assert "below −1" in rendered.caption
    ax = score_axis(Figure().subplots(), [1.0] * 4, options["flipflop"])
    low, high = ax.get_ylim()
    assert low < options["flipflop"].solved and 1 < high < 1.001


def test_of_imported_networks_the_weights_alone_are_drawn(tables, options):
    for name in ("ranks", "rank_skeletons"):
        tables[name] = tables[name][tables[name]["cut"] == "weights"]
    rendered = render("ranks", tables, options["flipflop"])
    assert "orange" not in rendered.caption and saved(rendered)


def test_without_networks_that_were_cut_it_says_so(tables, options):
    empty = {name: tables[name].iloc[:0] for name in ("ranks", "rank_skeletons")}
    rendered = render("ranks", {**tables, **empty}, options["flipflop"])
    assert any(text.get_text() == "no networks were cut" for text in rendered.figure.findobj(Text))
