"""Figures of development show what is planted: pitchforks, dated births, memories that are lost."""

import io
import itertools
from functools import cache

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from rnnpipe.figures import factors, page, style
from rnnpipe.figures.catalogue import kinds_for
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels.births import aligned_falls, dated, last_memories, points_over_steps
from rnnpipe.figures.panels.steps import along
from rnnpipe.figures.panels.telling import telling_steps
from rnnpipe.figures.render import render
from tests.helpers.tanh_developments import (
    CROSSINGS,
    FORGETFUL,
    FORGETS,
    KEPT,
    crossings_of,
    development,
)

OPTIONS = FigureOptions("memory", "sign accuracy", solved=0.99, bits=3, outputs=3, examples=1)
NAMES = [
    name for name in kinds_for("flipflop", ["development"]) if name not in kinds_for("flipflop")
]
SEEDS = 3


@pytest.fixture(scope="module")
def tables():
    return development(seeds=SEEDS)


@pytest.fixture(scope="module")
def drawn(tables):
    return cache(lambda name: render(name, tables, OPTIONS))


def own(table: pd.DataFrame, model: str, seed: int, layer: str = "") -> pd.DataFrame:
    rows = table[(table["model"] == model) & (table["seed"] == seed)]
    return rows[rows["layer"] == layer] if layer else rows


def saved(figure, suffix: str = "svg") -> bytes:
    target = io.BytesIO()
    style.save(figure, target, suffix, dpi=50)
    return target.getvalue()


def test_there_are_four_kinds_where_they_are_asked_for():
    assert NAMES == ["development", "moments", "births", "convergence"]


@pytest.mark.parametrize("name", NAMES)
def test_same_tables_give_same_bytes(tables, drawn, name):
    once, again = drawn(name), render(name, tables, OPTIONS)
    assert saved(once.figure) == saved(again.figure)
    assert not once.table.map(lambda value: isinstance(value, list | np.ndarray)).any().any()
    with style.context():
        box = once.figure.get_tightbbox()
    width, height = once.figure.get_size_inches()
    assert box.x0 > -0.01 and box.x1 < width + 0.01
    assert box.y0 > -0.01 and box.y1 < height + 0.01


@pytest.mark.parametrize("name", NAMES)
def test_networks_without_development_are_drawn_as_notes(tables, name):
    empty = {key: table.iloc[:0] for key, table in tables.items()}
    rendered = render(name, {**empty, "networks": tables["networks"]}, OPTIONS)
    texts = [text.get_text() for text in rendered.figure.findobj(Text)]
    assert any(text.startswith("no ") for text in texts)


def test_points_are_counted_as_they_branch(drawn):
    counts = own(drawn("development").table, "tanh16", 0, "count")
    wide = counts.pivot(index="step", columns="unstable", values="points")
    assert wide.loc[18].tolist() == [1, 0, 0, 0]
    assert wide.loc[28].tolist() == [2, 1, 0, 0]
    assert wide.loc[64].tolist() == [4, 4, 1, 0]
    assert wide.loc[225].tolist() == [8, 12, 6, 1]


def test_lives_begin_at_the_branch_point_where_their_parent_is(drawn):
    lives = own(drawn("development").table, "tanh16", 0, "point")
    births = lives[lives["event"] == "branch point"]
    assert sorted(births["step"].unique()) == pytest.approx(CROSSINGS["tanh16"])
    for step, born in births.groupby("step"):
        after = min(kept for kept in KEPT if kept >= step)
        old = lives[(lives["step"] == after) & ~lives["identity"].isin(born["identity"])]
        there_before = old[old["identity"].isin(lives.loc[lives["step"] < step, "identity"])]
        gaps = np.abs(born["height"].to_numpy()[:, None] - there_before["height"].to_numpy())
        assert gaps.min(axis=1).max() < 1e-9


def test_a_lost_memory_is_seen_to_die(tables):
    networks = tables["networks"]
    only = networks[networks["seed"] == FORGETFUL]
    table = render("development", {**tables, "networks": only}, OPTIONS).table
    lives = own(table, "tanh16", FORGETFUL, "point")
    ends = lives.groupby("identity")["step"].max()
    assert (ends == FORGETS).sum() == 18 and (ends == KEPT[-1]).sum() == 9


def test_moments_are_the_ends_and_the_largest_changes(tables, drawn):
    shown = own(drawn("moments").table, "tanh16", 0, "moment")["step"].astype(int).tolist()
    assert shown == [0, 28, 64, 148, 225, 1200]
    points = own(tables["development_points"], "gru16", 0)
    assert {0, 98, 148, KEPT[-1]} <= set(telling_steps(KEPT, points))
    assert telling_steps(KEPT[:4], points) == list(KEPT[:4])


def test_all_moments_of_a_network_have_one_frame(drawn):
    table = drawn("moments").table
    first = own(table, "tanh16", 0, "point")
    # The point at the middle stays where it is while the others move away from it.
    places = first.groupby("step")[["pc1", "pc2", "pc3"]].mean()
    assert np.ptp(places.to_numpy(), axis=0).max() < 1e-9
    axes = [ax for ax in drawn("moments").figure.axes if ax.lines]
    limits = {tuple(np.round([*ax.get_xlim(), *ax.get_ylim()], 6)) for ax in axes[:6]}
    assert len(limits) == 1


def test_births_are_counted_for_every_cohort(drawn):
    table = page.section(drawn("births").table, "births")
    for _, cohort in table.groupby("model"):
        assert cohort.sort_values("step")["mean"].iloc[[0, -1]].tolist() == [0, 26]
    gru = table[(table["model"] == "gru16") & (table["step"] == 98)]
    tanh = table[(table["model"] == "tanh16") & (table["step"] == 98)]
    assert gru["mean"].item() == 0 and tanh["mean"].item() == 8
    deaths = page.section(drawn("births").table, "deaths")
    assert deaths[deaths["step"] == KEPT[-1]]["mean"].tolist() == [18 / SEEDS] * 2


def test_births_count_from_their_dates_between_kept_steps(tables):
    once = tables["development"][tables["development"]["seed"] == 0]
    born = points_over_steps(once, dated(tables["development_events"]), "birth")
    for model in CROSSINGS:
        counts = own(born, model, 0).set_index("step")["points"]
        for date in sorted(set(crossings_of(model, 0))):
            before, after = counts[counts.index < date], counts[counts.index >= date]
            assert before.iloc[-1] < after.iloc[0]
            assert after.index[0] < min(step for step in KEPT if step >= date)


def test_a_cohort_has_one_look_in_all_figures(drawn):
    looks = [
        {
            line.get_label(): (line.get_color(), line.get_linestyle())
            for line in drawn(name).figure.legends[0].get_lines()
            if " · " in line.get_label()
        }
        for name in ("births", "convergence")
    ]
    assert looks[0] == looks[1] and len({colour for colour, _ in looks[0].values()}) == 2
    assert looks[0]["tanh16 · none"][0] == style.CATEGORIES[0]


def test_models_have_the_colours_of_their_cells_or_one_each():
    models = pd.DataFrame({"model": ["g", "t", "g"], "cell": ["gru", "vanilla", "gru"]})
    assert factors.model_colours(models) == {
        "g": style.CATEGORIES[1],
        "t": style.CATEGORIES[0],
    }
    alike = factors.model_colours(models.assign(cell="gru"))
    assert alike == {"g": style.CATEGORIES[0], "t": style.CATEGORIES[1]}


def test_the_axis_of_counts_holds_those_of_every_network(drawn):
    rendered = drawn("development")
    most = rendered.table["points"].max()
    axes = [ax for ax in rendered.figure.axes if ax.get_ylim()[0] == 0]
    assert axes and all(ax.get_ylim()[1] > most for ax in axes)


def test_a_network_is_solved_at_the_first_kept_step_after_its_last_memory(tables):
    found = last_memories(tables["development"], dated(tables["development_events"]), OPTIONS)
    for model, seed in itertools.product(CROSSINGS, range(SEEDS)):
        row = own(found, model, seed).iloc[0]
        if seed == FORGETFUL:
            assert row["born"] == FORGETS and np.isnan(row["solved"])
            continue
        last = crossings_of(model, seed).max()
        assert row["born"] == pytest.approx(last)
        assert row["unsolved"] < last <= row["solved"]


def test_undated_events_lie_between_their_kept_steps(tables):
    events = tables["development_events"].assign(step=np.nan)
    middle = (events["step_before"] + events["step_after"]) / 2
    assert dated(events)["date"].equals(middle)


def test_the_loss_falls_around_births(tables):
    falls = aligned_falls(tables["history"], dated(tables["development_events"]))
    for _, cohort in falls.groupby("model"):
        cohort = cohort.sort_values("around")
        at_birth = cohort[np.isclose(cohort["around"], 1)]["mean"].item()
        assert at_birth == pytest.approx(1)
        assert cohort["mean"].iloc[0] > 1.5 and cohort["mean"].iloc[-1] < 0.67


def test_step_zero_has_a_place_and_the_rest_is_logarithmic():
    places = along([0, 4, 8, 80, 800], 8)
    assert places[0] == 0
    assert np.diff(places)[:2] == pytest.approx([places[1]] * 2)
    assert np.diff(places)[2:] == pytest.approx([1, 1])
