"""The plane of κ on the page of a network: one probe at a time, nothing of other networks."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rnnpipe.figures.panels.plane import gather
from rnnpipe.figures.style import unstable_colour
from rnnpipe.pages.network_page import captions, network_page
from rnnpipe.pages.plane_plot import plane_plot
from rnnpipe.scene.contents import Scene
from tests.helpers.planes import KEY, tables
from tests.pages.browser import Watched
from tests.pages.synthetic_scenes import cube

PROBES = ("left", "right")


def scene(constraint: str, probes: tuple[str, ...] = PROBES) -> Scene:
    """A scene that has the plane of a network of some rank."""
    own = tables(list(probes))
    network = pd.DataFrame([{**KEY, "constraint": constraint, "seed": 0}])
    return replace(cube(probes=probes), plane=gather(own, network, probes))


def of(plot, probe: int, kind: str) -> list:
    return [trace for trace in plot.data if trace.meta["probe"] == probe and trace.type == kind]


def test_each_probe_has_its_traces_and_the_first_is_shown():
    plot = plane_plot(scene("rank2"))
    assert {trace.meta["probe"] for trace in plot.data} == {0, 1}
    assert all(trace.visible == (trace.meta["probe"] == 0) for trace in plot.data)
    assert len(of(plot, 0, "contour")) == 2
    assert len(of(plot, 0, "heatmap")) == 1


def test_points_lie_where_they_are_in_the_colour_of_their_class():
    plot = plane_plot(scene("rank2"))
    named = {trace.name: trace for trace in of(plot, 1, "scatter") if trace.customdata is not None}
    assert [len(named[name].x) for name in ("stable", "1 unstable mode")] == [4, 4]
    (middle,) = zip(named["2 unstable modes"].x, named["2 unstable modes"].y, strict=True)
    assert middle == (0, 0)
    assert named["stable"].marker.color == unstable_colour(0)
    assert [list(pair) for pair in named["2 unstable modes"].customdata] == [[1, 4]]


def test_arrows_point_where_the_flow_goes():
    plot = plane_plot(scene("turning", ("zero",)))
    (flow,) = [trace for trace in plot.data if trace.name == "flow"]
    x, y = (np.array(side, dtype=float).reshape(-1, 3)[:, :2] for side in (flow.x, flow.y))
    along = (x[:, 1] - x[:, 0]) * -y[:, 0] + (y[:, 1] - y[:, 0]) * x[:, 0]
    away = np.hypot(x[:, 0], y[:, 0]) > 0.1
    assert (along[away] > 0).all()
    assert "limit cycle" in {trace.name for trace in plot.data}
    assert not of(plot, 0, "heatmap")  # of one attractor there is nothing to tell apart


def test_at_rank_1_the_change_of_kappa_is_drawn_against_kappa():
    plot = plane_plot(scene("rank1"))
    (line,) = [t for t in of(plot, 0, "scatter") if t.mode == "lines"]
    x = np.array(line.x, dtype=float)
    assert np.allclose(np.array(line.y, dtype=float), 0.1 * (x - x**3), atol=1e-3)
    assert plot.layout.yaxis.title.text.startswith("Δκ")


def test_the_caption_says_where_a_plane_of_rank_3_lies():
    assert "κ₃ = 0.25" in captions(scene("rank3"))["plane"]
    assert "κ₃" not in captions(scene("rank2"))["plane"]


def test_a_network_of_full_rank_has_no_plane():
    assert 'id="plane"' not in network_page(cube())
    assert 'id="plane"' in network_page(scene("rank2"))


@pytest.mark.slow
def test_in_a_browser_the_list_switches_probes(browser, tmp_path):
    path = tmp_path / "plane.html"
    path.write_text(network_page(scene("rank2")), encoding="utf-8")
    watched = Watched(browser, path)
    shown = """() => [...new Set(document.getElementById('plane').data
        .filter(t => t.visible).map(t => t.meta.probe))]"""
    assert watched.page.evaluate(shown) == [0]
    watched.page.get_by_label("Probe of the plane").select_option("right")
    assert watched.page.evaluate(shown) == [1]
    watched.page.locator("#probe").select_option("left")
    assert watched.page.evaluate(shown) == [0]
    assert watched.faults == []
    watched.page.close()
