"""Transitions between points and attractors, as a graph for notebooks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from torch import Tensor

from rnnpipe.dynamics.attractors.targets import Moving
from rnnpipe.dynamics.maps import Driven, Dynamics
from rnnpipe.dynamics.stability import Stability
from rnnpipe.dynamics.transition_graph import to_digraph
from rnnpipe.dynamics.transitions import find_transitions
from rnnpipe.library.options import options_of, read_options
from rnnpipe.library.states import as_inputs
from rnnpipe.settings.sections.analysis import GraphSettings, HarvestSettings
from rnnpipe.streams import stream

Pulses = Mapping[str, np.ndarray]
TRANSITION_OPTIONS = {
    "seed": (HarvestSettings, "seed"),
    **options_of(find_transitions, GraphSettings),
}


@dataclass(frozen=True)
class Nodes:
    """Between what there are transitions.

    Attributes
    ----------
    points, stability
        Fixed points (point, unit), and their modes.
    attracting
        (point,), whether each is an attractor; None: by its eigenvalues.
    moving
        Attractors that are no points.
    numbers
        (node,), of the points, then of the others.
    """

    points: np.ndarray
    stability: Stability
    attracting: np.ndarray | None
    moving: Sequence[Moving]
    numbers: np.ndarray


def transition_graph(
    driven: Driven,
    dynamics: Dynamics,
    nodes: Nodes,
    spread: float,
    pulses: Pulses | None,
    options: Mapping[str, Any],
) -> nx.DiGraph:
    """Push states off nodes, and see where they settle: `FixedPoints.transitions`."""
    chosen = read_options(options, TRANSITION_OPTIONS)
    rng = stream(chosen.pop("seed"), "transitions")
    if not isinstance(pulses, Mapping | None):
        raise TypeError("pulses are a mapping, of names to inputs (input,)")
    edges = find_transitions(
        dynamics,
        nodes.points,
        nodes.stability.eigenvalues,
        nodes.stability.right,
        spread=spread,
        rng=rng,
        moving=nodes.moving,
        attracting=nodes.attracting,
        pulses={name: _pulse(driven, name, x) for name, x in (pulses or {}).items()},
        **chosen,
    )
    attributes = {
        "class": [*nodes.stability.labels.tolist(), *(one.kind for one in nodes.moving)],
        "unstable": [*nodes.stability.unstable.tolist(), *(0 for _ in nodes.moving)],
    }
    return to_digraph(edges.between(nodes.numbers), attributes, nodes.numbers)


def _pulse(driven: Driven, name: str, x: np.ndarray) -> Callable[[Tensor], Tensor]:
    held = as_inputs(x, 1)
    if held.shape != (driven.inputs,):
        raise ValueError(
            f"pulse {name} has shape {tuple(held.shape)}; ({driven.inputs},) is needed"
        )
    return driven.held(held).step
