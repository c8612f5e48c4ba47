"""Transitions between fixed points and cycles: where a state settles after a push."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx
import numpy as np
import torch
from scipy.spatial.distance import cdist
from torch import Tensor

from rnnpipe.dynamics.attractors.settle import NOWHERE, Targets, settle
from rnnpipe.dynamics.maps import Dynamics

UNASSIGNED = NOWHERE
# A state is near an attractor within this, relative to the attractor's distance
# to its nearest neighbour.
ARRIVAL_RADIUS = 0.05
# A mode with |lambda| up to 1 plus this holds a state for any run: it neither
# attracts nor repels.
NEUTRAL = 1e-6
# A state that moves less than this per update, relative to the spread, is at rest.
AT_REST = 1e-9


@dataclass(frozen=True)
class Edges:
    """One row per source, kind, input and target.

    Attributes
    ----------
    source, target
        Numbers of points; a target of -1 is ``unassigned``.
    kind
        ``noise``, ``unstable manifold`` or ``input``.
    input
        Name of the pulse, empty for the other kinds.
    probability
        Share of the trials; sums to 1 over the targets of a source, kind and input.
    trials
        Trials that went to the target.
    median_steps
        Median number of updates before the state entered the neighbourhood
        of the target; NaN for ``unassigned``.
    """

    source: np.ndarray
    target: np.ndarray
    kind: np.ndarray
    input: np.ndarray
    probability: np.ndarray
    trials: np.ndarray
    median_steps: np.ndarray

    def columns(self) -> dict[str, np.ndarray]:
        """Columns of one row per transition."""
        return {
            "from": self.source,
            "to": self.target,
            "kind": self.kind,
            "input": self.input,
            "probability": self.probability,
            "trials": self.trials,
            "median_steps": self.median_steps,
        }


@dataclass
class _Trials:
    """Starts of all trials, and the source of each."""

    states: list[np.ndarray] = field(default_factory=list)
    keys: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, source: int, kind: str, label: str, states: np.ndarray) -> None:
        self.states.append(states)
        self.keys.extend([(source, kind, label)] * len(states))


def find_transitions(
    dynamics: Dynamics,
    points: np.ndarray,
    eigenvalues: np.ndarray,
    right: np.ndarray,
    *,
    spread: float,
    rng: np.random.Generator,
    cycles: Mapping[int, np.ndarray] | None = None,
    pulses: Mapping[str, Callable[[Tensor], Tensor]] | None = None,
    perturbations: int = 64,
    size: float = 0.03,
    steps: int = 1000,
) -> Edges:
    """Push the state off every fixed point and see at which attractor it settles.

    Attractors are the points and cycles with a spectral radius of at most
    1 + 1e-6: a marginal point counts if it attracts, however slowly, or holds
    what is there. Being near another point is never arrival, so that a state
    cannot settle at a saddle that it passes or has yet to leave.

    Parameters
    ----------
    dynamics
        The map at the probe input.
    points
        (point, unit), its fixed points and the first states of its cycles.
    eigenvalues, right
        (point, mode) and (point, mode, unit), as from `rnnpipe.dynamics.stability.analyse`;
        of a cycle those of the map composed with itself.
    spread
        Root mean square distance of the visited states from their mean.
    rng
        Source of the random directions.
    cycles
        Number of a point to all states (period, unit) of its cycle, in turn.
    pulses
        Name to one update (trial, unit) -> (trial, unit) under that input,
        applied once to every state of every attractor.
    perturbations
        Random directions per point; a cycle is pushed off its first state.
    size
        Length of a push relative to the distance of the nearest other point
        (to the spread for a single point).
    steps
        Most updates; a state still on its way then is unassigned, as is one
        that has come to rest where there is no attractor.

    Returns
    -------
    Edges
        Kind ``noise`` for random directions, ``unstable manifold`` for both
        directions of every eigenvector with |lambda| > 1 + 1e-6 (of the real and
        the imaginary part for a complex pair), ``input`` for pulses.
    """
    orbits = [(cycles or {}).get(number, point[None]) for number, point in enumerate(points)]
    separation = separations(orbits, spread)
    attracting = np.flatnonzero(np.abs(eigenvalues).max(1, initial=0.0) <= 1 + NEUTRAL)
    trials = _Trials()
    for source, (point, push) in enumerate(zip(points, size * separation, strict=True)):
        noise = _unit(rng.standard_normal((perturbations, points.shape[1])))
        trials.add(source, "noise", "", point + push * noise)
        manifold = unstable_directions(eigenvalues[source], right[source])
        trials.add(source, "unstable manifold", "", point + push * manifold)
    for label, pulse in (pulses or {}).items():
        for source in attracting:
            after = pulse(torch.from_numpy(orbits[source]))
            trials.add(int(source), "input", label, after.numpy())
    if not trials.keys:
        return _count([], np.empty(0, dtype=np.int64), np.empty(0))
    radii = ARRIVAL_RADIUS * np.minimum(separation, spread)
    places, taken = settle(
        dynamics.step,
        torch.from_numpy(np.concatenate(trials.states)),
        _attractors([orbits[i] for i in attracting], radii[attracting], points.shape[1]),
        AT_REST * spread,
        steps,
    )
    return _count(trials.keys, np.append(attracting, UNASSIGNED)[places], taken)


def separations(orbits: Sequence[np.ndarray], spread: float) -> np.ndarray:
    """Distance of each orbit (period, unit) to the nearest other state of any orbit.

    For a single fixed point, the spread.
    """
    states = np.concatenate(orbits) if orbits else np.empty((0, 1))
    if len(states) < 2:
        return np.full(len(orbits), spread)
    distances = cdist(states, states)
    np.fill_diagonal(distances, np.inf)
    ends = np.cumsum([len(orbit) for orbit in orbits])[:-1]
    return np.array([part.min() for part in np.split(distances.min(1), ends)])


def _attractors(orbits: Sequence[np.ndarray], radii: np.ndarray, units: int) -> Targets:
    period = np.array([len(orbit) for orbit in orbits], dtype=np.int64)
    owner = np.repeat(np.arange(len(orbits)), period)
    return Targets(
        states=torch.from_numpy(np.concatenate([np.empty((0, units)), *orbits])),
        owner=torch.from_numpy(owner),
        period=torch.from_numpy(period),
        radius=torch.from_numpy(radii[owner]),
    )


def unstable_directions(eigenvalues: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Both directions along every unstable mode, as unit vectors (direction, unit).

    A complex pair gives the real and the imaginary part of its eigenvector.
    """
    unstable = (np.abs(eigenvalues) > 1 + NEUTRAL) & (eigenvalues.imag >= 0)
    paired = unstable & (eigenvalues.imag > 0)
    directions = np.concatenate([right[unstable].real, right[paired].imag])
    directions = _unit(directions)
    return np.concatenate([directions, -directions])


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _count(keys: Sequence[tuple[int, str, str]], targets: np.ndarray, taken: np.ndarray) -> Edges:
    """Count trials with the same source, kind, input and target, in order of first appearance."""
    trials: dict[tuple[int, str, str], dict[int, list[float]]] = {}
    for key, target, steps in zip(keys, targets, taken, strict=True):
        trials.setdefault(key, {}).setdefault(int(target), []).append(float(steps))
    rows = [
        (*key, target, len(steps) / sum(map(len, by_target.values())), len(steps), np.median(steps))
        for key, by_target in trials.items()
        for target, steps in sorted(by_target.items())
    ]
    source, kind, label, target, probability, count, median = (
        zip(*rows, strict=True) if rows else [()] * 7
    )
    return Edges(
        source=np.array(source, dtype=np.int64),
        target=np.array(target, dtype=np.int64),
        kind=np.array(kind, dtype=object),
        input=np.array(label, dtype=object),
        probability=np.array(probability, dtype=np.float64),
        trials=np.array(count, dtype=np.int64),
        median_steps=np.array(median, dtype=np.float64),
    )


def to_digraph(edges: Edges, attributes: Mapping[str, Sequence[object]]) -> nx.DiGraph:
    """The transitions as a directed graph, for notebooks.

    Parameters
    ----------
    edges
        Transitions.
    attributes
        Name of a node attribute (``class``, ``unstable``, ``readout``) to its
        value at every point, in the order of the points.

    Returns
    -------
    networkx.DiGraph
        Nodes are the numbers of the points, and ``"unassigned"`` if an edge
        leads there. An edge carries, by kind, the probability: ``noise``,
        ``unstable manifold`` and ``input``, the last by name of the pulse.
        The same input gives the same pickle.
    """
    graph = nx.DiGraph()
    count = len(next(iter(attributes.values()), ()))
    points = max([count, *(edges.source + 1), *(edges.target + 1)])
    graph.add_nodes_from(range(int(points)))
    for name, values in attributes.items():
        if len(values) != points:
            raise ValueError(f"attribute {name!r} has {len(values)} values for {points} points")
        nx.set_node_attributes(graph, dict(enumerate(values)), name)
    for source, target, kind, label, probability in zip(
        edges.source, edges.target, edges.kind, edges.input, edges.probability, strict=True
    ):
        end = "unassigned" if target == UNASSIGNED else int(target)
        graph.add_edge(int(source), end)
        edge = graph.edges[int(source), end]
        if kind == "input":
            edge.setdefault(kind, {})[label] = float(probability)
        else:
            edge[kind] = float(probability)
    return graph
