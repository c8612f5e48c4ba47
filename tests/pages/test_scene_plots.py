"""The plots of one network's page: what of its scene they show, and how."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rnnpipe.dynamics.classes import LIMIT_CYCLE
from rnnpipe.figures.panels.attractors import LABELS, MOVING
from rnnpipe.figures.panels.graph import places
from rnnpipe.figures.projection import PLACE
from rnnpipe.pages.coordinates import rounded
from rnnpipe.pages.graph_plot import SYMBOLS, graph_plot
from rnnpipe.pages.scene_plot import scene_plot
from rnnpipe.pages.spectrum_plot import spectrum_plot
from rnnpipe.scene.contents import Colouring
from tests.pages.synthetic_scenes import CUBE, cube
from tests.scene.ideal_scenes import turning

HEADING = Colouring("heading", "rad", "circular", -np.pi, np.pi)


def traces(scene, **meta):
    """Traces of the scene's plot whose meta holds these values."""
    return [t for t in scene_plot(scene).data if meta.items() <= dict(t.meta).items()]


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
