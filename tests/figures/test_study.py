"""The figures of a study show what was planted, fit the page, and stand what is missing."""

import io
import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from matplotlib.text import Text

from rnnpipe.figures import factors, layout, page, style
from rnnpipe.figures.catalogue import KINDS
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels import distance_matrix, embedding
from rnnpipe.figures.render import kind, own_tables, render
from rnnpipe.figures.selection import per_network, representatives
from tests.figures.synthetic_study import FREQUENCIES

OPTIONS = {
    "flipflop": FigureOptions("study", "sign accuracy", bits=3, outputs=3),
    "sinewave": FigureOptions(
        "study",
        "R²",
        condition_name="frequency",
        condition_unit="rad per step",
        condition_kind="linear",
        probe="frequency0",
        probe_values=FREQUENCIES,
    ),
    "context": FigureOptions(
        "study",
        "R²",
        condition_name="integrated evidence",
        condition_kind="linear",
        probe="context1",
    ),
}
TASKS = {
    "memory": "flipflop",
    "oscillation": "sinewave",
    "contexts": "context",
    "numbers": "flipflop",
    "effects": "flipflop",
}
BLOCKS = {"memory": 6, "oscillation": 5, "contexts": 6, "numbers": 6, "effects": 6}
CONSTRAINTS = ("free", "dale80", "noautapses")


def tables_of(studied, name):
    if name == "effects":
        return studied("flipflop", CONSTRAINTS, 2, 1)
    return studied(TASKS[name], ("free",))


def drawn(tables, name):
    return render(name, tables, OPTIONS[TASKS[name]])


@pytest.fixture(scope="module")
def once(studied):
    """Each figure of the whole study, drawn once."""
    return lru_cache(lambda name: drawn(tables_of(studied, name), name))


def words(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_visible()]


def saved(figure, suffix):
    target = io.BytesIO()
    style.save(figure, target, suffix, dpi=50)
    return target.getvalue()


def without(tables, *names):
    return {name: table.iloc[:0] if name in names else table for name, table in tables.items()}


@pytest.mark.parametrize("name", TASKS)
def test_a_figure_has_lettered_and_explained_blocks_on_a_page(once, name):
    rendered = once(name)
    letters = re.findall(r"mathbf{(\w)}", " ".join(words(rendered.figure)))
    assert letters == list("abcdef")[: BLOCKS[name]]
    explained = re.findall(r"\b([a-f])(?:, | and )", rendered.caption)
    assert set(letters) <= set(explained)
    assert np.isclose(rendered.figure.get_figwidth() * 25.4, 180)
    assert not rendered.table.map(lambda value: isinstance(value, list | np.ndarray)).any(axis=None)
    assert min(t.get_fontsize() for t in rendered.figure.findobj(Text)) >= style.FONT_SIZE


@pytest.mark.parametrize("name", ["memory"])
def test_the_same_tables_give_the_same_bytes(studied, once, name):
    first, second = once(name), drawn(tables_of(studied, name), name)
    assert saved(first.figure, "svg") == saved(second.figure, "svg")
    assert first.table.equals(second.table)


@pytest.mark.parametrize("name", TASKS)
def test_axes_of_a_figure_lie_on_the_page_and_do_not_overlap(once, name):
    figure = once(name).figure
    with style.context():
        figure.draw_without_rendering()
        boxes = [ax.get_tightbbox() for ax in figure.axes]
    for box in boxes:
        assert box.x0 > -1 and box.x1 < figure.bbox.x1 + 1
        assert box.y0 > -1 and box.y1 < figure.bbox.y1 + 1
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            width = min(one.x1, other.x1) - max(one.x0, other.x0)
            height = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert min(width, height) < 2.0, (one, other)


@pytest.mark.parametrize("name", TASKS)
def test_what_is_missing_is_said(studied, name):
    tables = tables_of(studied, name)
    bare = without(tables, *(set(tables) - {"networks"}))
    bare["networks"] = tables["networks"].assign(solved=False)
    rendered = drawn(bare, name)
    assert any(text.startswith("no ") for text in words(rendered.figure))


@pytest.mark.parametrize("name", TASKS)
def test_one_cell_alone_is_drawn(studied, name):
    tables = tables_of(studied, name)
    one = {
        key: table[table["model"] == "gru-relu"].reset_index(drop=True)
        if "model" in table
        else table.iloc[:0]
        for key, table in tables.items()
    }
    count = len(one["networks"].drop_duplicates(["constraint", "seed"]))
    one["distances"] = one["distances"].assign(distances=[np.zeros(count)] * len(one["distances"]))
    alone = drawn(one, name)
    assert "gru" in alone.table["cell"].dropna().unique() or name == "numbers"
    assert not any("vanilla" in text for text in words(alone.figure))


def test_networks_of_several_probes_count_once(studied):
    tables = studied("context", ("free",))
    once = per_network(tables["networks"])
    assert len(tables["networks"]) == 2 * len(once) == 48


def test_a_cell_keeps_its_colour_whatever_else_there_is():
    alone = factors.colours(["gru"], factors.CELLS)
    assert alone["gru"] == factors.colours(["own", "vanilla", "gru"], factors.CELLS)["gru"]
    many = factors.colours([f"own{i}" for i in range(5)], factors.CELLS)
    assert len(set(many.values())) == 5


def test_representatives_are_solved_and_one_of_each_cell(studied):
    networks = studied("flipflop", ("free",))["networks"]
    flawed = networks.assign(solved=networks["solved"] & (networks["model"] != "gru-tanh"))
    chosen = representatives(flawed, OPTIONS["flipflop"], ["cell"])
    assert chosen["cell"].tolist() == ["vanilla", "gru", "lstm", "ugrnn"]
    assert chosen["model"].tolist()[1] == "gru-relu"
    assert (chosen["status"] == "solved").all()


@pytest.mark.parametrize("order", [("free", "dale80"), ("dale80", "free"), ()])
def test_representatives_are_of_the_first_constraint_where_their_cell_has_it(studied, order):
    networks = studied("flipflop", ("free", "dale80"), 2, 1)["networks"]
    first = order[0] if order else "free"
    lacking = (networks["cell"] == "lstm") & (networks["constraint"] == first)
    unsolved = (networks["cell"] == "gru") & (networks["constraint"] == first)
    networks = networks.assign(solved=networks["solved"] & ~unsolved)[~lacking]
    options = replace(OPTIONS["flipflop"], constraints=order)
    chosen = representatives(networks, options, ["cell"]).set_index("cell")
    assert (chosen["constraint"].drop("lstm") == first).all()
    assert chosen.loc["lstm", "constraint"] != first
    assert chosen.loc["gru", "status"] == "not solved"


@pytest.mark.parametrize("name", ["memory", "oscillation", "contexts"])
def test_examples_are_of_the_first_constraint_and_named_with_it(studied, name):
    tables = studied(TASKS[name], ("free", "dale80"), 2, 1)
    options = replace(OPTIONS[TASKS[name]], constraints=("dale80", "free"))
    table = kind(name).prepare(own_tables(name, tables, "study"), options)
    panels = table[table["layer"] == "panel"]
    assert len(panels) >= 5
    titles = {layout.cell_title(row) for _, row in panels.iterrows()}
    assert all(title.endswith("\ndale80") for title in titles)
    if name == "memory":
        figure = render(name, tables, options).figure
        assert titles == {text for text in words(figure) if "\n" in text and "readout" not in text}


def test_long_names_are_cut_and_not_left_out():
    network = {"cell": "vanilla", "activation": "tanh", "constraint": "x" * 50}
    assert layout.cell_title(network).endswith(f"\n{'x' * 19}…")
    assert layout.cohort_title("m" * 40, "none").startswith("m" * 27)


def test_the_matrix_shows_the_networks_of_its_caption(studied, monkeypatch):
    """The table has distances to unsolved networks too, which are neither mapped nor counted."""
    tables = dict(studied("flipflop", ("free",)))
    lost = tables["embedding"]["model"] == "gru-tanh"
    tables["embedding"] = tables["embedding"][~lost].reset_index(drop=True)
    module = kind("memory")
    for most, said in ((300, "between 19 solved"), (7, "between 7, chosen evenly")):
        monkeypatch.setattr(distance_matrix, "MOST", most)
        table = module.prepare(own_tables("memory", tables, "study"), OPTIONS["flipflop"])
        caption = module.describe(table, OPTIONS["flipflop"])
        shown = page.section(table, "matrix").query("layer == 'network'")
        compared = page.section(table, "geometry")
        assert said in caption and "19 solved networks, sorted" in caption
        assert len(shown) == min(most, 19) and len(compared) == 19
        assert "gru-tanh" not in set(shown["model"])
        assert shown["place"].iloc[[0, -1]].tolist() == [0, 18]


def test_the_matrix_is_the_distances_in_the_order_of_the_cells(studied):
    tables = studied("flipflop", ("free",))
    networks = per_network(tables["networks"])
    frame = distance_matrix.prepare(tables["distances"], networks, "svcca")
    names = frame[frame["layer"] == "network"]
    assert names["cell"].drop_duplicates().tolist() == ["vanilla", "gru", "lstm", "ugrnn"]
    values = frame[frame["layer"] == "distance"].pivot(
        index="row", columns="column", values="distance"
    )
    assert np.allclose(values, values.T) and np.allclose(np.diag(values), 0)
    source = tables["distances"][tables["distances"]["metric"] == "svcca"].reset_index(drop=True)
    first, last = names.iloc[3], names.iloc[-1]
    key = ["model", "constraint", "seed"]
    at = {tuple(row): i for i, row in enumerate(source[key].itertuples(index=False, name=None))}
    wanted = source["distances"][at[tuple(first[key])]][at[tuple(last[key])]]
    assert values.loc[3, len(names) - 1] == wanted
    cells = names["cell"].to_numpy()
    same = np.equal.outer(cells, cells)
    assert values.to_numpy()[same].max() < values.to_numpy()[~same].min()


def test_shuffled_rows_of_the_matrix_give_the_same_matrix(studied):
    tables = studied("flipflop", ("free",))
    networks = per_network(tables["networks"])
    source = tables["distances"][tables["distances"]["metric"] == "svcca"]
    order = np.random.default_rng(0).permutation(len(source))
    turned = source.iloc[order].assign(
        distances=[np.asarray(d)[order] for d in source["distances"].iloc[order]]
    )
    frames = [distance_matrix.prepare(t, networks, "svcca") for t in (source, turned)]
    assert frames[0].equals(frames[1])


def test_of_many_networks_the_matrix_draws_some_evenly_chosen(studied, monkeypatch):
    tables = studied("flipflop", ("free",))
    networks = per_network(tables["networks"])
    whole = distance_matrix.prepare(tables["distances"], networks, "svcca")
    names = whole[whole["layer"] == "network"]
    monkeypatch.setattr(distance_matrix, "MOST", 5)
    part = distance_matrix.prepare(tables["distances"], networks, "svcca")
    drawn, key = part[part["layer"] == "network"], ["model", "constraint", "seed"]
    assert len(names) > 5 == len(drawn) and (part["layer"] == "distance").sum() == 25
    kept = names.merge(drawn[key], on=key)["row"]
    assert kept.iloc[[0, -1]].tolist() == [0, len(names) - 1]
    assert kept.diff().dropna().nunique() <= 2
    source = whole[whole["layer"] == "distance"].set_index(["row", "column"])["distance"]
    for pair in part[part["layer"] == "distance"].itertuples():
        assert pair.distance == source[kept[pair.row], kept[pair.column]]


@pytest.mark.parametrize("name", ["memory", "oscillation", "contexts", "effects"])
def test_both_embeddings_of_a_figure_have_one_scale(once, name):
    figure, table = once(name).figure, once(name).table
    limits = {ax.get_xlim() for ax in figure.axes if ax.get_xlabel() == "MDS 1"}
    assert len([ax for ax in figure.axes if ax.get_xlabel() == "MDS 1"]) == 2
    assert len(limits) == 1
    places = [page.section(table, name) for name in ("geometry", "topology")]
    half = embedding.reach(*places)
    assert all((rows[["x", "y"]].abs() < half).all(axis=None) for rows in places)


def test_every_kind_asks_only_for_what_a_study_has(studied):
    for name in TASKS:
        assert set(KINDS[name].tables) <= set(tables_of(studied, name))
