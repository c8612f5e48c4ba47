"""The figure of the plane of κ: what is gathered, which probes, how basins are ordered."""

import io

import pandas as pd
import pytest
from matplotlib.text import Text

from rnnpipe.figures import style
from rnnpipe.figures.kinds import plane
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels.plane import in_order
from rnnpipe.figures.render import render
from tests.helpers.planes import AXIS, PROBES, tables

OPTIONS = FigureOptions("memory")


@pytest.fixture(scope="module")
def one_probe() -> pd.DataFrame:
    return plane.prepare(tables(["zero"]), OPTIONS)


def of(frame: pd.DataFrame, constraint: str, layer: str) -> pd.DataFrame:
    return frame[(frame["constraint"] == constraint) & (frame["layer"] == layer)]


def test_points_have_their_places_and_their_classes(one_probe):
    found = of(one_probe, "rank2", "point")
    assert sorted(found["unstable"]) == [0] * 4 + [1] * 4 + [2]
    (middle,) = found.loc[found["unstable"] == 2, ["kappa1", "kappa2"]].values.tolist()
    assert middle == [0, 0]
    assert of(one_probe, "rank1", "point")["kappa2"].isna().all()


def test_nodes_have_their_flow_and_where_they_lead(one_probe):
    nodes = of(one_probe, "rank2", "node")
    assert len(nodes) == len(AXIS) ** 2
    x = nodes["kappa1"]
    assert (nodes["flow1"] - 0.1 * (x - x**3)).abs().max() < 1e-12
    assert len(of(one_probe, "rank1", "node")) == len(AXIS)
    (axis,) = of(one_probe, "rank3", "axis")[["rank", "slice"]].values.tolist()
    assert axis == [3, 0.25]


def test_closed_curves_keep_their_order_and_are_named(one_probe):
    curve = of(one_probe, "turning", "moving")
    assert curve["phase"].tolist() == list(range(24))
    assert "1 limit cycle of 60 steps a turn" in plane.describe(one_probe, OPTIONS)


def test_few_of_many_probes_are_drawn_each_with_its_own_trials():
    frame = plane.prepare(tables(PROBES), OPTIONS)
    assert list(dict.fromkeys(of(frame, "rank2", "node")["probe"])) == [
        PROBES[i] for i in (0, 2, 3, 5)
    ]
    paths = of(frame, "rank2", "path")
    assert (paths.groupby("probe")["trial"].nunique() == 2).all()
    assert "nearest to its mean input" in plane.describe(frame, OPTIONS)


def test_basins_that_lie_alike_have_one_place_whatever_their_numbers(one_probe):
    for constraint, across in (("rank2", "kappa2"), ("rank1", "kappa1")):
        nodes = of(one_probe, constraint, "node")
        swapped = nodes.assign(attractor=nodes["attractor"].replace({0: 1, 1: 0}))
        names = {0: 1, 1: 0}
        assert [names.get(k, k) for k in in_order(swapped)] == in_order(nodes).tolist()
        assert nodes[across].notna().all()


def test_it_is_drawn_on_its_page_the_same_each_time_with_a_note_where_nothing_is_known():
    few = {
        name: table[table["constraint"].isin(["rank1", "turning", "lost"])]
        for name, table in tables(["zero"]).items()
    }
    saved = []
    for _ in range(2):
        drawn = render("plane", few, OPTIONS)
        target = io.BytesIO()
        style.save(drawn.figure, target, "svg")
        saved.append(target.getvalue())
    assert saved[0] == saved[1]
    texts = [text.get_text() for text in drawn.figure.findobj(Text)]
    assert "no trials" in texts
    assert any(text.startswith("leaky64 · turning") for text in texts)
    with style.context():
        box = drawn.figure.get_tightbbox()
    width, height = drawn.figure.get_size_inches()
    assert box.x0 > -0.01 and box.x1 < width + 0.01 and box.y0 > -0.01 and box.y1 < height + 0.01
    assert "1 diverged" in drawn.caption
