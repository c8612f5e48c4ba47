"""Transitions between points and attractors: where a state settles after a push."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.attractors.settle import NOWHERE, settle
from rnnpipe.dynamics.attractors.targets import Moving, separations, targets
from rnnpipe.dynamics.classes import NEUTRAL, attracts, growing
from rnnpipe.dynamics.maps import Dynamics

UNASSIGNED = NOWHERE
# Pulses come at no more phases of an attractor that moves than so many.
PHASES = 16
# A state that moves less than this per update, relative to the spread, is at rest.
AT_REST = 1e-9


@dataclass(frozen=True)
class Edges:
    """One row per source, kind, input and target.

    Attributes
    ----------
    source, target
        Numbers of nodes: points, then attractors that are no points; a target of -1 is
        ``unassigned``.
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

    def between(self, numbers: np.ndarray) -> "Edges":
        """Return the same edges between nodes of other numbers (node,), given in their order."""
        every = np.append(numbers, UNASSIGNED)
        return replace(self, source=every[self.source], target=every[self.target])

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
    moving: Sequence[Moving] = (),
    attracting: np.ndarray | None = None,
    pulses: Mapping[str, Callable[[Tensor], Tensor]] | None = None,
    perturbations: int = 64,
    size: float = 0.03,
    steps: int = 1000,
) -> Edges:
    """Push the state off every point and attractor and see at which attractor it settles.

    Being near a point that is no attractor is never arrival, so that a state
    cannot settle at a saddle that it passes or has yet to leave.

    Parameters
    ----------
    dynamics
        The map at the probe input.
    points
        (point, unit), its fixed points.
    eigenvalues, right
        (point, mode) and (point, mode, unit), as from `rnnpipe.dynamics.stability.analyse`.
    spread
        Root mean square distance of the visited states from their mean.
    rng
        Source of the random directions.
    moving
        The attractors that are none of the points; as nodes they are numbered on after the
        points. Nothing settles at a slow drift, which is a source alone.
    attracting
        (point,), whether each point is an attractor; by default, whether it attracts by
        `rnnpipe.dynamics.classes.attracts`.
    pulses
        Name to one update (trial, unit) -> (trial, unit) under that input,
        applied once to the state of a point, and to up to 16 states of an
        attractor that moves.
    perturbations
        Random directions per node; one that moves is pushed off states all along it.
    size
        Length of a push relative to the distance of the nearest other node
        (to the spread for a single one).
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
    nodes = [*points[:, None], *(attractor.states for attractor in moving)]
    separation = separations(nodes, spread)
    known = attracts(eigenvalues) if attracting is None else attracting
    settled = [attractor for attractor in moving if attractor.settled]
    ends = np.flatnonzero([*known, *(attractor.settled for attractor in moving)])
    trials = _Trials()
    for source, (states, push) in enumerate(zip(nodes, size * separation, strict=True)):
        noise = _unit(rng.standard_normal((perturbations, points.shape[1])))
        trials.add(source, "noise", "", _along(states, perturbations) + push * noise)
        if source < len(points):
            manifold = unstable_directions(eigenvalues[source], right[source])
            trials.add(source, "unstable manifold", "", states + push * manifold)
    for label, pulse in (pulses or {}).items():
        for source in ends:
            states = _along(nodes[source], min(len(nodes[source]), PHASES))
            trials.add(int(source), "input", label, pulse(torch.from_numpy(states)).numpy())
    if not trials.keys:
        return _count([], np.empty(0, dtype=np.int64), np.empty(0))
    places, taken = settle(
        dynamics.step,
        torch.from_numpy(np.concatenate(trials.states)),
        targets(points[known], settled, separation[ends], spread),
        AT_REST * spread,
        steps,
    )
    return _count(trials.keys, np.append(ends, UNASSIGNED)[places], taken)


def _along(states: np.ndarray, count: int) -> np.ndarray:
    """A number of states (count, unit) evenly spaced along those of a node."""
    return states[np.arange(count) * len(states) // max(count, 1)]


def unstable_directions(eigenvalues: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Both directions along every unstable mode, as unit vectors (direction, unit).

    A complex pair gives the real and the imaginary part of its eigenvector.
    """
    unstable = growing(eigenvalues, NEUTRAL) & (eigenvalues.imag >= 0)
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
