"""What pages say and how they are written, without a browser."""

import io
import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from PIL import Image

from rnnpipe.pages import trial_plot
from rnnpipe.pages.coordinates import decimals, polylines, rounded
from rnnpipe.pages.experiment_page import WIDTH, Shown, experiment_page, thumbnail
from rnnpipe.pages.hover import number, texts
from rnnpipe.pages.listing import columns_of, summed_over_probes
from rnnpipe.pages.network_page import captions, network_page
from rnnpipe.pages.template import embedded
from tests.pages.synthetic_population import SCORES, embedding, networks
from tests.pages.synthetic_scenes import cube
from tests.scene.ideal_scenes import turning


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


def test_captions_speak_of_attractors_where_there_are_any():
    moving, still = captions(turning()), captions(cube())
    for name, words in (
        ("scene", "Attractors beside the points: 1 cycle"),
        ("spectrum", "Lyapunov exponents"),
        ("graph", "and 5 other attractors"),
    ):
        assert words in moving[name] and words not in still[name]


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
