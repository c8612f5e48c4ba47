"""Fixed points, attractors and transitions of a trained network, from the tables that hold them."""

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import torch

from rnnpipe.dynamics.attractors import Attractor
from rnnpipe.dynamics.attractors.result import NUMBERS
from rnnpipe.dynamics.classes import FIXED
from rnnpipe.dynamics.fixed_points.result import POINT_COLUMNS, SEARCH_COLUMNS
from rnnpipe.dynamics.maps import Driven
from rnnpipe.dynamics.transition_graph import to_digraph
from rnnpipe.dynamics.transitions import Edges
from rnnpipe.library.attractors import SOURCES, Attractors
from rnnpipe.library.points import FixedPoints, some_states
from rnnpipe.results.network_files import NetworkFiles


def stored_points(files: NetworkFiles, probe: str, x: np.ndarray, driven: Driven) -> FixedPoints:
    """Fixed points and slow points of a network under one probe, with its map.

    Parameters
    ----------
    files
        Those of the network.
    probe, x
        Name and input (input,) of the probe.
    driven
        The map.
    """
    rows, search = files.table("fixed_points", probe), files.row("searches", probe)
    states = files.matrix(rows, "fixed_points").reshape(len(rows), driven.units)
    held = driven.held(torch.from_numpy(np.asarray(x, dtype=np.float64)))
    visited = files.matrix(files.table("trajectories"), "trajectories")
    facts = {"input": x, **{name: search[name] for name in SEARCH_COLUMNS}, **_runs(files, probe)}
    return FixedPoints(
        states=states,
        **{name: rows[name].to_numpy() for name in POINT_COLUMNS},
        inputs=np.tile(x, (len(rows), 1)),
        jacobians=held.jacobian(torch.from_numpy(states)).numpy(),
        searches=pd.DataFrame([facts]),
        visited=some_states(visited),
        spread=float(search["spread"]),
        tolerance=_tolerance(files),
        driven=driven,
    )


def _runs(files: NetworkFiles, probe: str) -> dict[str, int]:
    """Runs from visited states and those that do not end at rest, where they were followed."""
    if not files.has("ends"):
        return {"runs": 0, "elsewhere": 0}
    ends = files.row("ends", probe)
    runs = int(ends["visited_runs"])
    return {"runs": runs, "elsewhere": round(runs * ends["moving_share"]) if runs else 0}


def _tolerance(files: NetworkFiles) -> float:
    """How near to 1 an eigenvalue is marginal, as the stage of stability was told."""
    if not files.has("stability"):
        return FixedPoints.tolerance
    return float(files.settings("stability").stability.tolerance)


def stored_attractors(files: NetworkFiles, probe: str, points: FixedPoints) -> Attractors:
    """What runs of a network end in under the probe of its points."""
    rows = files.table("attractors", probe).sort_values("attractor", ignore_index=True)
    curves = files.table("curves", probe).sort_values(["attractor", "phase"])
    along = dict(list(curves.groupby("attractor")))
    fixed = set(np.flatnonzero(points.kind == FIXED).tolist())
    found = []
    for row in rows.to_dict(orient="records"):
        known = row["node"] in fixed
        own = rows.iloc[[row["attractor"]]].assign(time=0.0) if known else along[row["attractor"]]
        found.append(_attractor(files, row, own, row["node"] if known else -1))
    x = points.searches["input"].iloc[0]
    ends = {k: v for k, v in files.row("ends", probe).items() if k not in ("seed", "probe")}
    shares = [f"{source}{end}" for source in SOURCES for end in ("", "_share", "_low", "_high")]
    return Attractors(
        found=tuple(found),
        inputs=np.tile(x, (len(found), 1)),
        shares=rows[shares],
        ends=pd.DataFrame([{"input": x, **ends}]),
        points=points,
    )


def _attractor(
    files: NetworkFiles, row: dict[str, Any], along: pd.DataFrame, point: int
) -> Attractor:
    """One attractor of its row, and its states in order."""
    name = "curves" if point < 0 else "attractors"
    return Attractor(
        point=point,
        states=files.matrix(along, name),
        times=along["time"].to_numpy(),
        **{name: row[name] for name in (*NUMBERS, *SOURCES)},
    )


def stored_graph(files: NetworkFiles, probe: str) -> nx.DiGraph:
    """Transitions of a network under one probe, as the stage of graphs pickles them."""
    points, stability = files.table("fixed_points", probe), files.table("stability", probe)
    nodes = points[points["kind"] == FIXED].merge(stability[["point", "class", "unstable"]])
    ends = files.table("attractors", probe)
    moving = ends[~ends["node"].isin(nodes["point"])]
    edges = files.table("edges", probe)
    columns = {"source": "from", "target": "to", "kind": "kind", "input": "input"}
    columns |= {name: name for name in ("probability", "trials", "median_steps")}
    return to_digraph(
        Edges(**{name: edges[column].to_numpy() for name, column in columns.items()}),
        {
            "class": [*nodes["class"], *moving["kind"]],
            "unstable": [*nodes["unstable"], *[0] * len(moving)],
            "readout": [*nodes["readout"], *moving["readout"]],
        },
        [*nodes["point"], *moving["node"]],
    )
