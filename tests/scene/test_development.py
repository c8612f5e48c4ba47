"""Developments in three dimensions: points are where the closed form says, between steps too."""

import numpy as np
import pytest

from rnnpipe.figures.panels.steps import along, first_of
from rnnpipe.figures.projection import PLACE
from rnnpipe.scene.build import build_scene
from rnnpipe.scene.development import TABLES, described, development_of, skeleton_at, times
from tests.helpers.tanh_developments import CROSSINGS, FORGETFUL, KEPT, PROBE, development
from tests.scene.grown_scenes import grown
from tests.scene.ideal_scenes import BITS, FLIPFLOP, NETWORK, cube, tables

ORDERS = {1: [1], 3: [2, 1], 9: [4, 4, 1], 27: [8, 12, 6, 1]}


def orders(skeleton) -> list[int]:
    return skeleton.groupby("unstable").size().tolist()


@pytest.mark.parametrize("step", [0, 10, 21, 35, 59, 61, 150, 199, 201, 500, 1200])
def test_every_step_has_the_points_that_its_weights_have(step):
    count = 3 ** sum(step > crossing for crossing in CROSSINGS["tanh16"])
    skeleton = skeleton_at(grown().development, step)
    assert len(skeleton) == count and orders(skeleton) == ORDERS[count]


def test_points_come_out_of_the_point_that_they_branch_from():
    at, before = (skeleton_at(grown().development, step) for step in (200.001, 199.999))
    born = at[~at["point"].isin(before["point"])]
    assert len(born) == 18
    gaps = born[PLACE].to_numpy(float)[:, None] - before[PLACE].to_numpy(float)
    # They meet where they are in the mean at the next kept step; by then the other moved a little.
    assert np.linalg.norm(gaps, axis=2).min(axis=1).max() < 0.02


def test_places_move_evenly_along_the_axis_of_steps():
    seen = grown().development
    first = first_of(seen.kept["step"])
    halfway = float(np.sqrt(790 * 1200))
    a, b, c = (
        skeleton_at(seen, step).set_index("point")[PLACE].to_numpy(float)
        for step in (790, halfway, 1200)
    )
    assert 2 * along(halfway, first) == pytest.approx(along(790, first) + along(1200, first))
    np.testing.assert_allclose(b, (a + c) / 2, atol=1e-12)


def test_what_dies_is_gone():
    seen = grown(FORGETFUL).development
    assert orders(skeleton_at(seen, 599)) == ORDERS[27]
    assert orders(skeleton_at(seen, 601)) == ORDERS[9]


def test_words_count_points_by_their_unstable_modes():
    seen = grown().development
    words = [described(seen, step, skeleton_at(seen, step)) for step in (0, 28, 1200)]
    assert words[0].startswith("step 0: 1 point (1 stable); test loss 0.29")
    assert "3 points (2 stable, 1 with 1 unstable mode)" in words[1]
    assert "step 1,200: 27 points (8 stable, 12 with 1, 6 with 2, 1 with 3 unstable" in words[2]


def test_times_are_even_on_the_axis_and_reach_both_ends():
    seen = grown().development
    shown = times(seen, 30)
    assert shown[0] == 0 and shown[-1] == KEPT[-1]
    assert np.ptp(np.diff(along(shown, first_of(KEPT)))) < 1e-3


def test_a_scene_without_kept_weights_has_no_development():
    assert cube().development is None
    found = development(("tanh16",), 1)
    none = {name: found[name].iloc[:0] for name in TABLES}
    assert development_of(none, found["components"], [PROBE], cube().paths) is None


def test_a_scene_is_built_with_the_development_of_its_network():
    found = development(("tanh16",), 4)
    first = found["development_attractors"]["step"] == 0
    found["development_attractors"].loc[first, ["kind", "point", "amplitude"]] = [
        "limit cycle",
        -1,
        0.4,
    ]
    made = tables("flipflop")
    scene = build_scene({**made, **{name: found[name] for name in TABLES}}, FLIPFLOP, NETWORK,
                        [PROBE], BITS)  # fmt: skip
    # The network has seed 3.
    assert scene.development.kept["step"].tolist() == list(KEPT)
    assert len(skeleton_at(scene.development, KEPT[-1])) == 27
    start = skeleton_at(scene.development, 0)
    assert start[["of", "kind", "amplitude"]].values.tolist() == [
        ["point", "fixed", 0.0],
        ["attractor", "limit cycle", 0.4],
    ]
    words = described(scene.development, 0, start)
    assert words.startswith("step 0: 1 point (1 stable), 1 limit cycle; test loss")
