"""Every kind of figure draws, whatever its population looks like, and always the same bytes."""

import io
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from matplotlib.text import Text

from rnnpipe.figures import captions, style
from rnnpipe.figures.catalogue import KINDS, kinds_for
from rnnpipe.figures.render import kind, render
from rnnpipe.tables.schemas import SCHEMAS

# These compare whole populations; test_study.py draws them.
STUDY = {"memory", "oscillation", "contexts", "numbers", "effects"}
# Draws networks that move alone, of which there are none here; test_attractors_drawn.py has some.
MOVING = "moving"
PAIRS = [("flipflop", name) for name in kinds_for("flipflop") if name not in {*STUDY, MOVING}]
PAIRS += [("integrator", name) for name in ("ring", "trajectories", "graph", "branches")]


def saved(rendered, kind="png"):
    target = io.BytesIO()
    style.save(rendered.figure, target, kind, dpi=50)
    return target.getvalue()


def words(figure):
    return [text.get_text() for text in figure.findobj(Text)]


@pytest.fixture(scope="module")
def once(made, options):
    """Figures of some cohorts by task and kind, each drawn once."""
    return cache(lambda task, name, cohorts: render(name, made(cohorts, task), options[task]))


@pytest.mark.parametrize("cohorts", [1, pytest.param(3, marks=pytest.mark.slow), 7])
@pytest.mark.parametrize(("task", "name"), PAIRS)
def test_every_kind_draws_every_cohort(made, once, task, name, cohorts):
    tables, rendered = made(cohorts, task), once(task, name, cohorts)
    text = " ".join(words(rendered.figure)).replace("\n", " ")
    for key in ("model", "constraint"):
        for label in tables["networks"][key].unique():
            assert label in text
    assert rendered.caption in text
    assert rendered.caption.endswith(captions.outcomes(tables["networks"]))
    assert_readable_and_on_the_page(rendered.figure)


def assert_readable_and_on_the_page(figure):
    with style.context():
        box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert box.x0 > -0.01 and box.x1 < width + 0.01
    assert box.y0 > -0.01 and box.y1 < height + 0.01
    assert min(text.get_fontsize() for text in figure.findobj(Text)) >= style.FONT_SIZE


@pytest.mark.parametrize("name", [n for n in kinds_for("integrator", ["swept"]) if n not in STUDY])
def test_a_population_without_results_is_drawn_as_notes(made, options, name):
    tables = {key: table.iloc[:0] for key, table in made(3, "integrator").items()}
    networks = made(3, "integrator")["networks"]
    tables["networks"] = networks[networks["constraint"] == "dale80-two-regions"]
    rendered = render(name, tables, options["integrator"])
    assert saved(rendered)
    assert "4 diverged" in rendered.caption
    if name != "performance":
        assert any(text.startswith("no ") for text in words(rendered.figure))


@pytest.mark.parametrize(("task", "name"), PAIRS)
def test_same_tables_give_same_bytes(made, options, once, task, name):
    first, second = once(task, name, 1), render(name, made(1, task), options[task])
    for suffix, start in (("png", b"\x89PNG"), ("svg", b"<?xml")):
        content = saved(first, suffix)
        assert content.startswith(start) and content == saved(second, suffix)
    assert first.table.equals(second.table)
    assert not first.table.map(lambda value: isinstance(value, list | np.ndarray)).any().any()


def test_the_registry_agrees_with_the_modules():
    for name, needs in KINDS.items():
        assert callable(kind(name).draw)
        assert replace(kind(name).NEEDS, tables=needs.tables) == needs
        assert set(kind(name).NEEDS.tables) <= set(needs.tables)
        assert "networks" in needs.tables
        assert set(needs.tables) - {"weights"} <= set(SCHEMAS)
        assert name.isalpha() and name.islower()
    assert "ring" not in kinds_for("flipflop")
    assert "ring" in kinds_for("integrator")
    assert "branches" in kinds_for("flipflop", asked=["swept"])
    assert "branches" not in kinds_for("flipflop")


def test_what_is_wrong_is_named(made, options):
    with pytest.raises(ValueError, match="no figure of kind 'pie'"):
        kind("pie")
    with pytest.raises(ValueError, match="history"):
        render("training", {"networks": made(1)["networks"]}, options["flipflop"])
    other = {name: table.assign(task="other") for name, table in made(1).items()}
    with pytest.raises(ValueError, match="no row of task 'memory'"):
        render("census", other, options["flipflop"])
    with pytest.raises(ValueError, match="svg or png"):
        style.save(render("census", made(1), options["flipflop"]).figure, None, "gif")


def test_captions_count_and_name_networks(made):
    networks = made(1)["networks"]
    assert captions.outcomes(networks) == (
        "4 networks: 2 solved, 1 not solved (tanh64 · free seed 1), "
        "1 diverged (tanh64 · free seed 2)."
    )
    # Seed 1 of the first cohort and the whole sixth; seed 2 of the first and the whole third.
    assert captions.outcomes(made(7)["networks"]) == (
        "28 networks: 18 solved, 5 not solved, 5 diverged."
    )
    assert captions.outcomes(networks.iloc[:1]).startswith("1 network: 1 solved")
    assert captions.caption("What.", networks) == f"What. {captions.outcomes(networks)}"
    assert " 3 of 7 are missing: " in captions.caption("What.", networks, missing=3)


def test_nothing_global_changes(made, options):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    saved(render("census", made(3), options["flipflop"]), "svg")
    assert dict(mpl.rcParams) == before
