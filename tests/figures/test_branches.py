"""What the figure of branches draws: stability piece by piece, folds where they are."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.text import Text

from rnnpipe.figures import layout
from rnnpipe.figures.kinds import branches
from rnnpipe.figures.panels import bifurcations
from rnnpipe.figures.render import render


@pytest.fixture
def rows(made, options):
    """Rows of the first panel, the sweep of which is drawn."""
    frame = branches.prepare(made(1, "integrator"), options["integrator"])
    _, own = layout.split(frame)[0]
    return own[own["sweep"] == "turn"]


def test_stability_changes_at_the_folds(rows):
    pieces = branches.runs(rows.sort_values("position"))
    assert [stable for stable, _ in pieces] == [True, False, True]
    fold = 3**-0.5
    ends = [part["y1"].iloc[[0, -1]].tolist() for _, part in pieces]
    assert np.allclose(ends, [[-1.2, -fold], [-fold, fold], [fold, 1.2]])


def test_readouts_are_drawn_where_there_are_few_else_a_component(made, options):
    tables = made(1, "integrator")
    few = branches.prepare(tables, options["integrator"])
    assert {"y1", "y2"} <= set(few) and "y3" not in few
    many = {**tables, "branches": tables["branches"].copy()}
    for name in ("branches", "bifurcations"):
        readouts = [np.zeros(4)] * len(tables[name])
        many[name] = tables[name].assign(readout=readouts)
    frame = branches.prepare(many, options["integrator"])
    assert "y1" in frame and "y2" not in frame
    labelled = render("branches", many, replace(options["integrator"], outputs=4)).figure
    assert "PC 1" in [text.get_text() for text in labelled.findobj(Text)]


def test_the_axis_names_the_channel_and_its_unit(made, options):
    figure = render("branches", made(1, "integrator"), options["integrator"]).figure
    top, bottom = figure.axes[:2]
    assert bottom.get_xlabel() == "speed (rad per step)"
    assert top.get_ylabel() == "readout, cosine"
    solid = [line for line in top.lines if line.get_linestyle() == "-"]
    assert len(solid) == 2 and len(top.lines) == 3
    drawn = np.concatenate([line.get_xdata() for line in top.lines])
    low, high = top.get_xlim()
    assert low <= drawn.min() and drawn.max() <= high


def test_every_kind_of_bifurcation_has_a_marker_of_its_own(rows):
    kinds = list(bifurcations.MARKERS)
    many = rows.copy()
    events = np.flatnonzero(many["layer"] == "event")
    assert len(events) == 2
    for pair in (kinds[:2], kinds[2:]):
        many.iloc[events, many.columns.get_loc("event")] = pair
        labels = [entry.get_label() for entry in branches.handles(many)]
        assert labels == ["stable", "unstable", *(bifurcations.NAMES[kind] for kind in pair)]
    looks = {(marker, to_rgba(face)) for marker, face, _ in bifurcations.MARKERS.values()}
    assert len(looks) == len(kinds) == len(bifurcations.NAMES)
