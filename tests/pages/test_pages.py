"""What pages say and how they are written, without a browser."""

import io
import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from rnnpipe.dynamics.classes import LIMIT_CYCLE
from rnnpipe.figures.panels.attractors import LABELS, MOVING
from rnnpipe.figures.panels.graph import places
from rnnpipe.figures.projection import PLACE
from rnnpipe.pages import trial_plot
from rnnpipe.pages.coordinates import decimals, polylines, rounded
from rnnpipe.pages.experiment_page import WIDTH, Shown, experiment_page, thumbnail
from rnnpipe.pages.graph_plot import SYMBOLS, graph_plot
from rnnpipe.pages.hover import number, texts
from rnnpipe.pages.listing import columns_of, summed_over_probes
from rnnpipe.pages.network_page import captions, network_page
from rnnpipe.pages.scene_plot import scene_plot
from rnnpipe.pages.spectrum_plot import spectrum_plot
from rnnpipe.pages.template import embedded
from rnnpipe.scene.contents import Colouring
from tests.pages.synthetic_population import SCORES, embedding, networks
from tests.pages.synthetic_scenes import CUBE, cube
from tests.scene.ideal_scenes import turning

HEADING = Colouring("heading", "rad", "circular", -np.pi, np.pi)


def traces(scene, **meta):
    """Traces of the scene's plot whose meta holds these values."""
    return [t for t in scene_plot(scene).data if meta.items() <= dict(t.meta).items()]


def text_of(shown=None, missing=None, table=None, by_hand=False):
    table = networks() if table is None else table
    return experiment_page("x", table, embedding(), shown or {}, SCORES, missing or {}, by_hand)


def test_the_same_data_give_the_same_bytes():
    assert network_page(cube()) == network_page(cube())
    assert text_of() == text_of()


def test_a_page_says_whether_its_results_were_compared_with_a_file():
    by_workflow, by_hand = (text_of(by_hand=by_hand) for by_hand in (False, True))
    assert '<p id="made">Results as the experiment’s file asked for' in by_workflow
    assert '<p id="made" class="warning">Made by hand' in by_hand


@pytest.mark.parametrize("page", [network_page(cube()), text_of()])
def test_a_page_is_one_file_with_plotly_once(page):
    assert page.count("plotly.js v") == 1
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?http", page)
    assert '<html lang="en">' in page and 'name="viewport"' in page and "<title>" in page


def test_what_a_text_says_is_no_markup():
    page = network_page(replace(cube(), facts={"a": "<script>alert(1)</script>"}))
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
    assert "</script" not in embedded({"a": "</script><b>"})
    assert json.loads(embedded({"a": "</script><b>"})) == {"a": "</script><b>"}


def test_polylines_are_parted_by_gaps_that_keep_their_keys():
    rows = pd.DataFrame({"trial": [0, 0, 1], "pc1": [1.0, 2.0, 3.0]})
    lines = polylines(rows, ["trial"])
    assert lines["trial"].tolist() == [0, 0, 0, 1, 1]
    assert rounded(lines["pc1"], 1) == [1.0, 2.0, None, 3.0, None]


@pytest.mark.parametrize(("extent", "places"), [(5.0, 3), (0.01, 6), (12000.0, 0), (0.0, 4)])
def test_ten_thousandths_of_an_extent_are_told_apart(extent, places):
    assert decimals(extent) == places


@pytest.mark.parametrize("readouts", [2, 3])
def test_the_graph_is_laid_out_as_in_the_figures(readouts):
    points = cube().points
    plane = CUBE[:, :readouts]
    drawn = graph_plot(replace(cube(), points=points.assign(readout=list(plane)))).data
    ours = np.concatenate([np.array([t.x, t.y]).T for t in drawn if t.meta["layer"] == "nodes"])
    theirs, _ = places(plane, None)
    by_order = np.argsort(points["unstable"], kind="stable")
    np.testing.assert_allclose(ours, theirs[by_order], atol=1e-3)


def test_every_point_trajectory_and_run_of_the_scene_is_drawn():
    scene = cube()
    for order, expected in enumerate((8, 12, 6, 1)):
        (trace,) = traces(scene, layer=f"order {order}")
        assert len(trace.x) == len(trace.hovertext) == expected
    (paths,) = traces(scene, layer="paths")
    assert sum(x is not None for x in paths.x) == len(scene.paths)
    runs = traces(scene, layer="unstable_manifold_runs")
    assert sum(x is not None for t in runs for x in t.x) == len(scene.unstable_manifold_runs)
    assert [dict(t.meta)["order"] for t in runs] == [1, 2, 3]


def test_segments_reach_as_far_to_either_side_of_their_point():
    scene = cube()
    (trace,) = traces(scene, layer="modes", order=3)
    ends = np.array(
        [(x, y, z) for x, y, z in zip(trace.x, trace.y, trace.z, strict=True) if x is not None]
    )
    middle = scene.points.loc[scene.points["unstable"] == 3, PLACE].to_numpy(float)[0]
    np.testing.assert_allclose((ends[::2] + ends[1::2]) / 2, np.tile(middle, (3, 1)), atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(ends[1::2] - ends[::2], axis=1), 0.4, atol=1e-3)


def test_likelier_transitions_are_wider():
    widths = {t.line.width: t for t in traces(cube(), layer="noise")}
    assert len(widths) == 2
    # One of two ends of a 1-saddle, against one of four or eight.
    assert {dict(t.meta)["order"] for w, t in widths.items() if w == max(widths)} == {1}


def test_marginal_points_are_hollow_and_counted():
    scene = cube()
    points = scene.points.assign(marginal=scene.points["point"] == 0)
    figure = scene_plot(replace(scene, points=points))
    (trace,) = [t for t in figure.data if dict(t.meta).get("layer") == "order 0"]
    assert list(trace.marker.symbol).count("circle-open") == 1
    assert any(t.name == "stable (8; hollow: 1 marginal)" for t in figure.data)


def test_slow_points_have_a_shape_of_their_own():
    scene = cube()
    kinds = scene.points["kind"].mask(scene.points["point"] == 0, "slow")
    (slow,) = traces(replace(scene, points=scene.points.assign(kind=kinds)), layer="slow")
    assert slow.marker.symbol == "diamond"


def test_attractors_are_layers_of_their_kind_with_their_direction():
    figure = scene_plot(turning())
    names = {trace.name for trace in figure.data if trace.name}
    assert {"limit cycle (1)", "cycle (1)", "torus (1)", "chaotic set (1)"} <= names
    curve, arrows = traces(turning(), layer="attractor limit cycle")
    assert len(curve.x) == 42 and curve.x[0] == curve.x[40] and curve.x[41] is None
    assert len(arrows.x) == 3 * 4
    assert curve.hovertext[0].startswith("<b>limit cycle of 40 steps a turn</b>, node 28")
    assert "Lyapunov exponents 0.0000, −0.2000, −0.3000 per step" in curve.hovertext[0]
    (cloud,) = traces(turning(), layer="attractor chaotic")
    assert cloud.mode == "markers"


def test_attractors_are_nodes_of_the_graph_and_their_exponents_lie_on_the_real_axis():
    drawn = {trace.name: trace for trace in graph_plot(turning()).data if trace.showlegend}
    for kind in MOVING:
        node = drawn[LABELS.get(kind, kind)]
        assert node.marker.symbol == SYMBOLS[kind] and len(node.x) == 1
    (own,) = [t for t in spectrum_plot(turning()).data if t.marker.symbol == SYMBOLS[LIMIT_CYCLE]]
    assert np.allclose(own.x, np.exp([0, -0.2, -0.3]), atol=1e-4) and set(own.y) == {0}
    # A click on the curve rings the exponents, by the numbers that both have.
    curve, _ = traces(turning(), layer="attractor limit cycle")
    assert list(curve.customdata[0]) == list(own.customdata[0]) == [0, 28]


def test_captions_speak_of_attractors_where_there_are_any():
    moving, still = captions(turning()), captions(cube())
    for name, words in (
        ("scene", "Attractors beside the points: 1 cycle"),
        ("spectrum", "Lyapunov exponents"),
        ("graph", "and 5 other attractors"),
    ):
        assert words in moving[name] and words not in still[name]


def test_a_ring_is_closed_and_a_line_is_not():
    scene = replace(cube(), continua=curves(["ring", "line"], ["attractor", "attractor"]))
    (trace,) = traces(scene, layer="continua")
    assert list(trace.x) == [1, 0, 0, 1, None, 1, 0, 0, None]
    assert not traces(scene, layer="slow_curves")


def test_a_slow_curve_that_is_no_attractor_is_drawn_apart():
    scene = replace(cube(), continua=curves(["ring", "line"], ["repelling", "attractor"]))
    (trace,) = traces(scene, layer="slow_curves")
    assert list(trace.x) == [1, 0, 0, 1, None]
    assert trace.hovertext[0] == "ring, repelling, probe zero<br>drift 0.1"
    (attractor,) = traces(scene, layer="continua")
    assert attractor.line.width > trace.line.width and attractor.line.color != trace.line.color


def curves(kinds: list[str], natures: list[str]) -> pd.DataFrame:
    """A slow curve of three nodes for each kind and nature."""
    nodes = pd.DataFrame(np.eye(3), columns=PLACE).assign(probe="zero", node=range(3), drift=0.1)
    named = zip(kinds, natures, strict=True)
    return pd.concat(
        [
            nodes.assign(continuum=number, kind=kind, nature=nature, closed=kind == "ring")
            for number, (kind, nature) in enumerate(named)
        ]
    )


def test_headings_are_coloured_round_the_circle():
    scene = cube(HEADING)
    turned = scene.paths.assign(value=scene.paths["value"] + 4 * np.pi)
    (trace,) = traces(replace(scene, paths=turned), layer="paths")
    (same,) = traces(scene, layer="paths")
    assert trace.line.color == pytest.approx(same.line.color, abs=2e-3)
    assert trace.line.colorscale[0][1] == trace.line.colorscale[-1][1]
    assert trace.line.colorbar.title.text == "heading (rad)"


def test_a_category_colours_the_steps_that_led_to_it():
    scene = cube(Colouring("input", "", "categorical", 0, 1, ("left", "right")))
    values = np.full(len(scene.paths), np.nan)
    values[1], values[25] = 0, 1
    drawn = replace(scene, paths=scene.paths.assign(value=values))
    (left,) = traces(drawn, layer="paths left")
    assert list(left.x) == [*rounded(scene.paths["pc1"][:2], 3), None]
    assert len(traces(drawn, layer="paths")) == 1


def test_axes_hold_trajectories_and_points():
    scene = cube()
    axes = scene_plot(scene).layout.scene
    for name, axis in zip(PLACE, (axes.xaxis, axes.yaxis, axes.zaxis), strict=True):
        low, high = axis.range
        for table in (scene.paths, scene.points):
            assert (table[name] > low).all() and (table[name] < high).all()


def test_a_network_without_points_or_trajectories_has_a_page():
    scene = cube()
    bare = {
        name: getattr(scene, name).iloc[:0]
        for name in (
            "paths",
            "points",
            "modes",
            "spectrum",
            "edges",
            "unstable_manifold_runs",
            "trial",
        )
    }
    page = network_page(replace(scene, **bare))
    assert "no fixed points" in page and "No fixed points, no transitions." in page


def test_the_text_of_a_point_tells_its_leading_eigenvalues_first():
    (saddle,) = (t for t in texts(cube()) if "point 13<" in t)
    assert saddle.split("<br>")[1:4] == [
        "3-saddle: 3 unstable modes",
        *["λ = 2.000, |λ| = 2.000"] * 2,
    ]
    assert number(0.5 - 0.25j) == "0.500 − 0.250i"


def test_captions_count_what_is_drawn():
    said = captions(cube())
    assert "6 trials" in said["scene"] and "27 points" in said["scene"]
    assert "81 eigenvalues" in said["spectrum"]
    assert "No transitions" in captions(replace(cube(), edges=cube().edges.iloc[:0]))["graph"]


def test_channels_beyond_the_first_are_counted_as_left_out():
    trial = cube().trial
    wide = pd.concat([trial.assign(channel=c) for c in range(11)])
    rows = trial_plot.rows_of(wide)
    assert len(rows) == 2 * trial_plot.MOST and trial_plot.left_out(wide) == 6
    assert [row.label for row in rows[:2]] == ["in 1", "in 2"]


def test_counts_are_summed_over_probes_and_unknown_ones_stay_unknown():
    rows = summed_over_probes(networks())
    assert len(rows) == 12
    two = rows[(rows["task"] == "heading") & (rows["model"] == "tanh8") & (rows["seed"] == 0)]
    assert two[["found", "unstable_0", "higher"]].to_numpy().tolist() == [[7, 4, 1]]
    assert two["certificate"].tolist() == ["1 consistent, 1 incomplete"]
    lost = rows[rows["status"] == "diverged"]
    assert lost["found"].isna().all() and lost["certificate"].tolist() == ["–"]


def test_columns_that_say_nothing_are_left_out():
    keys = [column.key for column in columns_of(summed_over_probes(networks()))]
    assert {"cell", "activation", "unstable_0", "higher", "task"} <= set(keys)
    assert not {"units", "constraint", "unstable_2", "participation_ratio"} & set(keys)
    assert not {"least_rank", "least_change_rank"} & set(keys)


def test_least_ranks_are_listed_wherever_they_are_asked_for():
    keys = [c.key for c in columns_of(summed_over_probes(networks().assign(least_rank=2.0)))]
    assert "least_rank" in keys and "least_change_rank" not in keys


def test_an_experiment_says_how_many_have_no_page_no_picture_and_no_results():
    page = text_of({("memory", "tanh8", "none", 0): Shown("a.html")}, {"memory": 2})
    assert "1 of 12 networks have a page." in page and "1 of these have no picture" in page
    assert (
        "2 of 8 are missing" in page and "heading: the score is circular error in degrees" in page
    )
    assert "7 of 12 networks are placed" in page


def test_a_picture_becomes_a_small_one():
    buffer = io.BytesIO()
    Image.new("RGBA", (2400, 1800), "teal").save(buffer, "PNG")
    small = thumbnail(buffer.getvalue())
    assert small == thumbnail(buffer.getvalue()) and len(small) < 10_000
    assert small.startswith("data:image/jpeg;base64,") and WIDTH == 200
