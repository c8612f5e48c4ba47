"""A scene places what the tables hold, and leaves out what it says it leaves out."""

import dataclasses
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from rnnpipe.dynamics.classes import LIMIT_CYCLE
from rnnpipe.dynamics.unstable_manifold_runs import UnstableManifoldRun
from rnnpipe.figures.panels.attractors import MOVING
from rnnpipe.figures.projection import PLACE, TIP
from rnnpipe.scene.build import build_scene
from rnnpipe.scene.caption import caption
from rnnpipe.scene.colouring import COLOURS, coloured
from rnnpipe.scene.contents import END
from rnnpipe.settings.sections.analysis import Colour
from tests.scene.ideal_scenes import (
    BITS,
    FLIPFLOP,
    INTEGRATOR,
    NETWORK,
    cube,
    ring,
    tables,
    turning,
)


def build(kind="flipflop", made=None, **how):
    options = FLIPFLOP if kind == "flipflop" else INTEGRATOR
    channels = BITS if kind == "flipflop" else ("speed",)
    return build_scene(made or tables(kind), options, NETWORK, ["zero"], channels, **how)


class TestSkeleton:
    def test_the_cube_has_its_points_by_order(self):
        counts = cube().points["unstable"].value_counts()
        assert counts.to_dict() == {0: 8, 1: 12, 2: 6, 3: 1}
        assert cube().orders == [0, 1, 2, 3]

    def test_three_dimensions_keep_all_distances_of_the_cube(self):
        made = tables("flipflop")["fixed_points"]
        states = np.stack(made["state"])
        places = cube().points[PLACE].to_numpy()
        for one, other in ((0, 26), (0, 13), (4, 22)):
            apart = np.linalg.norm(states[one] - states[other])
            assert np.linalg.norm(places[one] - places[other]) == pytest.approx(apart, rel=1e-6)

    def test_modes_reach_equally_far_along_the_axes_of_the_cube(self):
        modes = cube().modes
        assert len(modes) == 12 + 2 * 6 + 3
        lengths = np.linalg.norm(modes[TIP].to_numpy(float), axis=1)
        assert np.ptp(lengths) < 1e-6 * lengths.max()

    def test_edges_join_places_of_points(self):
        scene = cube()
        places = scene.points.set_index("point")[PLACE]
        for edge in scene.edges.itertuples():
            start, end = (
                places.loc[n].to_numpy()
                for n in (edge[scene.edges.columns.get_loc("from") + 1], edge.to)
            )
            assert np.allclose([edge.pc1, edge.pc2, edge.pc3], start)
            assert np.allclose([getattr(edge, name) for name in END], end)
        assert (scene.edges["from"] != scene.edges["to"]).all()
        assert (scene.edges.loc[scene.edges["kind"] == "input", "unstable"] == 0).all()

    def test_runs_lead_from_one_point_to_another(self):
        scene = cube()
        places = scene.points[PLACE].to_numpy()
        for _, run in scene.unstable_manifold_runs.groupby("run"):
            for end in (run.iloc[0], run.iloc[-1]):
                nearest = np.linalg.norm(places - end[PLACE].to_numpy(float), axis=1).min()
                assert nearest < 1e-6

    def test_points_up_to_an_order_and_what_belongs_to_them(self):
        some = cube().up_to(1)
        assert len(some.points) == 20
        assert set(some.modes["unstable"]) == {1}
        assert some.unstable_manifold_runs["unstable"].max() == 1
        assert len(some.paths) == len(cube().paths)
        assert len(cube().up_to(3).points) == 27

    def test_a_ring_is_closed_and_its_points_are_of_their_kinds(self):
        scene = ring()
        assert len(scene.continua) == 60 and scene.continua["closed"].all()
        assert "Wide lines: 1 ring attractor." in caption(scene)
        assert scene.points["kind"].value_counts().to_dict() == {"fixed": 7, "slow": 1}
        assert scene.points["marginal"].sum() == 1


class TestWhatIsLeftOut:
    def test_points_far_off_the_trajectories_are_counted(self):
        made = tables("flipflop")
        points = made["fixed_points"]
        points.at[26, "state"] = 40 * points.at[26, "state"]
        scene = build(made=made)
        assert len(scene.points) == 26
        assert scene.facts["not drawn"].startswith("1 point")
        assert "not drawn" in caption(scene).lower()

    def test_points_that_stray_are_no_points(self):
        made = tables("flipflop")
        made["fixed_points"].loc[26, "beyond_visited"] = True
        made["stability"].loc[26, "class"] = "marginal"
        assert len(build(made=made).points) == 26

    def test_of_many_trials_the_first_are_drawn(self):
        scene = build()
        assert set(scene.paths["trial"]) == set(range(6))
        assert set(scene.trial["trial"]) <= set(range(6))

    def test_a_network_without_trajectories_is_refused(self):
        made = tables("flipflop")
        made["components"] = made["components"].iloc[:0]
        with pytest.raises(ValueError, match="diverged"):
            build(made=made)
        other = NETWORK.replace(3, 4)
        with pytest.raises(ValueError, match="no network"):
            build_scene(tables("flipflop"), FLIPFLOP, other, ["zero"], BITS)

    def test_without_points_there_still_is_a_scene(self):
        made = tables("flipflop")
        for name in ("fixed_points", "stability", "modes", "edges"):
            made[name] = made[name].iloc[:0]
        scene = build(made=made)
        assert scene.points.empty and len(scene.paths)
        assert "No fixed points" in caption(scene)


class TestColours:
    def test_every_name_of_the_settings_is_known(self):
        assert set(COLOURS) == set(get_args(Colour))

    def test_memories_are_grey_and_headings_are_circular(self):
        assert cube().colouring is None
        assert ring().colouring.kind == "circular"
        values = ring().paths["value"]
        assert values.between(-np.pi, np.pi).all()

    def test_time_runs_from_first_to_last_step(self):
        colouring = build(colour="time").colouring
        assert (colouring.low, colouring.high, colouring.unit) == (0, 39, "steps")

    def test_the_strongest_of_several_inputs(self):
        steps = pd.DataFrame({"input": [[0.0, 0.0], [0.5, 0.0], [0.5, -4.0], [1.0, 2.0]]})
        values, colouring = coloured(steps, "input", FLIPFLOP, ["weak", "strong"])
        # The weak one has half of its range where it is alone, all of it at the end.
        assert np.array_equal(values, [np.nan, 0, 1, 0], equal_nan=True)
        assert colouring.labels == ("weak", "strong")

    def test_a_single_input_by_its_value(self):
        scene = build("integrator", colour="input")
        assert scene.colouring.name == "speed" and scene.colouring.kind == "linear"

    def test_grey_on_demand(self):
        scene = build("integrator", colour="grey")
        assert scene.colouring is None and scene.paths["value"].isna().all()

    def test_other_names_are_refused(self):
        with pytest.raises(ValueError, match="condition, time, input, grey"):
            build(colour="rainbow")

    def test_a_condition_that_is_not_known_is_grey(self):
        made = tables("integrator")
        made["trajectories"]["condition"] = np.nan
        assert build("integrator", made=made).colouring is None


def test_facts_name_the_score_with_its_unit_and_count_points():
    facts = build("integrator").facts
    assert facts["circular error"] == "1 degrees (solved)"
    assert facts["dynamics"] == "4 stable points"
    assert "least rank" not in facts


def test_facts_name_the_least_ranks_where_they_are_known():
    made = tables("integrator")
    made["networks"] = made["networks"].assign(least_rank=3.0, least_change_rank=2.0)
    facts = build("integrator", made=made).facts
    assert facts["least rank"].startswith("3, of ") and facts["least rank"].endswith(
        "; 2 of its change in training"
    )


class TestAttractors:
    def test_each_lies_amid_its_states_which_are_in_order(self):
        scene = turning()
        assert scene.attractors["kind"].tolist() == list(MOVING)
        assert scene.attractors["point"].tolist() == list(range(27, 27 + len(MOVING)))
        for row in scene.attractors.itertuples():
            own = scene.curves[scene.curves["point"] == row.point]
            assert own["phase"].tolist() == list(range(len(own)))
            middle = own[PLACE].mean().to_numpy(float)
            assert np.allclose([row.pc1, row.pc2, row.pc3], middle)

    def test_edges_lead_to_and_from_them(self):
        made = tables("flipflop", moving=[LIMIT_CYCLE])
        led = made["edges"].head(1).assign(to=27)
        back = made["edges"].head(1).assign(**{"from": 27, "kind": "input"})
        made["edges"] = pd.concat([made["edges"], led, back])
        scene = build(made=made)
        states = scene.curves[PLACE].to_numpy(float)
        for node, here, there in (("to", END, PLACE), ("from", PLACE, END)):
            (edge,) = scene.edges[scene.edges[node] == 27].to_dict("records")
            other = np.array([edge[name] for name in there], dtype=float)
            nearest = states[np.linalg.norm(states - other, axis=1).argmin()]
            assert np.allclose([edge[name] for name in here], nearest)

    def test_the_caption_counts_them_and_says_how_they_are_drawn(self):
        text = caption(turning())
        assert "Attractors beside the points: 1 cycle of 3 steps, 1 limit cycle of 40" in text
        assert "arrowheads show the direction" in text
        assert "beside the points" not in caption(cube())


def test_axes_say_that_they_were_turned():
    assert build().axes[0].startswith("PC 1 (")
    assert build(turned=True).axes[0].startswith("axis 1 (")
    assert "turned" in caption(build(turned=True))


def test_of_fewer_components_the_rest_is_flat():
    made = tables("integrator")
    made["components"] = made["components"].iloc[:2]
    scene = build("integrator", made=made)
    assert scene.axes[2] == "–"
    assert (scene.paths["pc3"] == 0).all()


def test_scenes_are_values():
    assert dataclasses.replace(cube(), seed=4).title.endswith("seed 4")


def test_runs_end_where_they_leave_what_is_drawn():
    away = UnstableManifoldRun(
        13, np.array([[0.0, 0.0, 0.0], [0.5, 0.0, 0.0], [90.0, 0.0, 0.0], [0, 0, 0]])
    )
    run = build(unstable_manifold_runs={"zero": [away]}).unstable_manifold_runs
    assert run[PLACE].to_numpy(float).tolist() == away.places[:2].tolist()
