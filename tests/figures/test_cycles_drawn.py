"""Cycles are drawn as attractors of their own, and only where there are any."""

import numpy as np
import pandas as pd
import pytest

from rnnpipe.figures.kinds import census, graph, spectra, trajectories
from rnnpipe.figures.panels import points
from rnnpipe.figures.render import render


@pytest.fixture(scope="module")
def cyclic(made, options):
    """A population whose memories are cycles of period 2 about what were stable points."""
    tables = {name: table.copy() for name, table in made(1).items()}
    stable = tables["stability"].loc[tables["stability"]["unstable"] == 0]
    key = ["task", "model", "constraint", "seed", "probe", "point"]
    cycles = tables["fixed_points"].merge(stable[key], on=key)
    for name in ("fixed_points", "stability"):
        rows = tables[name].set_index(key).index.isin(cycles.set_index(key).index)
        tables[name].loc[rows, "period"] = 2
        if name == "fixed_points":
            tables[name].loc[rows, "kind"] = "cycle"
    phases = [
        cycles.assign(phase=phase, state=[sign * 0.3 + s for s in cycles["state"]])
        for phase, sign in ((0, 1), (1, -1))
    ]
    tables["orbits"] = pd.concat(phases, ignore_index=True)[[*key, "phase", "state", "readout"]]
    lost = tables["networks"]["stop_reason"] == "diverged"
    tables["networks"] = tables["networks"].assign(
        cycles=np.where(lost, np.nan, 8), longest_period=np.where(lost, np.nan, 2)
    )
    return tables, options["flipflop"]


def test_a_cycle_is_placed_by_all_of_its_states(cyclic):
    frame = trajectories.prepare(*cyclic)
    cycles = frame[frame["kind"] == "cycle"]
    assert cycles["phase"].value_counts().to_dict() == {0: 8, 1: 8}
    assert not cycles.duplicated(["pc1", "pc2", "pc3"]).any()


def test_it_is_one_node_of_the_graph(cyclic):
    nodes = graph.prepare(*cyclic)
    nodes = nodes[nodes["layer"] == "node"]
    assert (nodes["kind"] == "cycle").sum() == 8
    assert len(nodes) == 27


def test_the_legend_names_the_period(cyclic):
    frame = trajectories.prepare(*cyclic)
    labels = [handle.get_label() for handle in points.handles(frame[frame["layer"] == "point"])]
    assert "cycle of period 2" in labels


def test_captions_speak_of_cycles_only_where_there_are_any(cyclic, made, options):
    plain = made(1), options["flipflop"]
    for module in (census, spectra):
        for (tables, chosen), has in ((cyclic, True), (plain, False)):
            text = module.describe(module.prepare(tables, chosen), chosen)
            assert ("cycles" in text) == has


@pytest.mark.parametrize("kind", ["trajectories", "graph", "census", "spectra"])
def test_every_kind_draws_them(cyclic, kind):
    assert len(render(kind, *cyclic).table)
