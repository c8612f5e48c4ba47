"""The search for continua: slow and marginal states, gathered into lines and rings."""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.spatial.distance import cdist

from rnnpipe.dynamics.continua.projection import Places, project
from rnnpipe.dynamics.continua.slow_mode import SUBSPACE, random_spaces, slow_modes
from rnnpipe.dynamics.continua.trace import Ball, Curve, trace
from rnnpipe.dynamics.maps import Dynamics

# Inverse iterations for a slow mode of which nothing is known.
ITERATIONS = 6
# A state is a seed of a curve if its slow mode is this much slower than the next...
SEPARATED = 0.5
# ...and the curve lies within this of it, relative to the spread.
NEARBY = 0.3
# A curve shorter than this, relative to the spread, is a point with a tail.
SHORT = 0.5
# A point lies on a curve if a node is nearer than this, relative to the spread.
ON_CURVE = 0.05
# Along a continuum a state takes this many times longer to travel its length than to
# fall onto it; else it is a path between discrete points.
SLOWER = 50.0


@dataclass(frozen=True)
class Continuum:
    """A curve of slow states.

    Attributes
    ----------
    states
        (node, unit), in order.
    position
        (node,), arc length from the first node.
    drift
        (node,), displacement per update along the curve, in the direction of its order.
    eigenvalue
        (node,), of the slow mode.
    closed
        Whether the curve was followed all round.
    gap
        Distance between its ends; 0 if it is closed.
    kind
        ``ring`` if it is closed or its ends face each other across a gap shorter than
        half its diameter, else ``line``.
    """

    states: np.ndarray
    position: np.ndarray
    drift: np.ndarray
    eigenvalue: np.ndarray
    closed: bool
    gap: float
    kind: str

    @property
    def length(self) -> float:
        """Arc length, without the closing step or the gap."""
        return float(self.position[-1])

    def nodes_at(self, points: np.ndarray, spread: float) -> np.ndarray:
        """Node at which each point (point, unit) lies, -1 for points off the curve; (point,)."""
        distances = cdist(points, self.states)
        on = distances.min(1, initial=np.inf) < ON_CURVE * spread
        return np.where(on, distances.argmin(1), -1)

    def node_columns(self, spread: float) -> dict[str, np.ndarray]:
        """Columns of one row per node; lengths relative to the spread of the visited states."""
        return {
            "node": np.arange(len(self.states)),
            "position": self.position / spread,
            "state": self.states,
            "drift": self.drift / spread,
            "eigenvalue": self.eigenvalue,
        }

    def facts(self, spread: float) -> dict[str, bool | float | str]:
        """The curve as one row; lengths relative to the spread of the visited states."""
        drift = np.abs(self.drift / spread)
        return {
            "kind": self.kind,
            "closed": self.closed,
            "nodes": len(self.states),
            "length": self.length / spread,
            "gap": self.gap / spread,
            "drift": np.median(drift),
            "fastest": drift.max(),
        }


def find_continua(
    dynamics: Dynamics,
    states: np.ndarray,
    points: np.ndarray,
    spread: float,
    rng: np.random.Generator,
    *,
    starts: int = 64,
    step: float = 0.05,
) -> list[Continuum]:
    """Find the curves of slow states of a network under one input.

    Visited states and known points whose slowest mode stands apart from the
    next are projected on the slow curve nearby; from the one that stands out
    most the curve is followed both ways, the states that lie on it are done
    with, and so on. Sussillo & Barak 2013 (Neural Comput. 25:626) call such
    states slow points; here their speed is a result and no criterion.

    Parameters
    ----------
    states
        (state, unit), visited by the network.
    points
        (point, unit), its fixed and slow points.
    spread
        Root mean square distance of the visited states from their mean.
    rng
        Chooses among the states.
    starts
        Visited states from which to look for curves.
    step
        Longest step along a curve, relative to the spread.

    Returns
    -------
    list
        Longest first; empty for a network with discrete attractors only.
    """
    if dynamics.units < 2:
        return []
    left = _seeds(dynamics, states, points, spread, rng, starts)
    mean = states.mean(0)
    visited = Ball(torch.from_numpy(mean), float(np.linalg.norm(states - mean, axis=1).max()))
    found = []
    while left is not None:
        slowest = left.modes.separation.argmin()[None]
        curve = trace(dynamics, left.take(slowest), step * spread, spread, visited)
        if _is_continuum(curve, spread):
            found.append(_continuum(curve))
        away = cdist(left.states.numpy(), curve.states).min(1) > step * spread
        left = left.take(torch.from_numpy(np.flatnonzero(away))) if away.any() else None
    return sorted(found, key=lambda continuum: -continuum.length)


def _seeds(
    dynamics: Dynamics,
    states: np.ndarray,
    points: np.ndarray,
    spread: float,
    rng: np.random.Generator,
    count: int,
) -> Places | None:
    """Find places on slow curves from which the curves are followed."""
    visited = torch.from_numpy(states[rng.permutation(len(states))[:count]]).double()
    known = torch.from_numpy(points).double()
    draws = rng.standard_normal((2, dynamics.units, min(SUBSPACE, dynamics.units)))

    def spaces(batch: int) -> tuple[torch.Tensor, torch.Tensor]:
        return random_spaces(batch, torch.from_numpy(draws))

    modes = slow_modes(dynamics.jacobian(visited), *spaces(len(visited)), ITERATIONS)
    # Let what decays fast decay: two time constants of the mode next to the slow one.
    fall = 2 / max(float(modes.next_rate.median()), 1e-3)
    for _ in range(int(np.ceil(fall))):
        visited = dynamics.step(visited)
    starts = torch.cat([visited, known])
    places = project(dynamics, starts, spaces(len(starts)), spread, ITERATIONS)
    good = places.found & (places.modes.separation < SEPARATED)
    good &= (places.states - starts).norm(dim=1) < NEARBY * spread
    return places.take(good.nonzero()[:, 0]) if bool(good.any()) else None


def _is_continuum(curve: Curve, spread: float) -> bool:
    length = np.linalg.norm(np.diff(curve.states, axis=0), axis=1).sum()
    if length < SHORT * spread:
        return False
    return bool(length * np.median(curve.next_rate) >= SLOWER * np.median(np.abs(curve.drift)))


def _continuum(curve: Curve) -> Continuum:
    steps = np.linalg.norm(np.diff(curve.states, axis=0), axis=1)
    gap = 0.0 if curve.closed else float(np.linalg.norm(curve.states[-1] - curve.states[0]))
    diameter = cdist(curve.states, curve.states).max()
    return Continuum(
        states=curve.states,
        position=np.concatenate([[0.0], np.cumsum(steps)]),
        drift=curve.drift,
        eigenvalue=1 + curve.rate,
        closed=curve.closed,
        gap=gap,
        kind="ring" if gap < diameter / 2 else "line",
    )


def condition_columns(
    condition: np.ndarray, later: np.ndarray, circular: bool
) -> dict[str, np.ndarray]:
    """Columns of a reported condition at every node, and of its change within one update."""
    drift = signed_angle(later, condition) if circular else later - condition
    return {"condition": condition, "condition_drift": drift}


def signed_angle(after: np.ndarray, before: np.ndarray) -> np.ndarray:
    """The signed angle from `before` to `after`, the shorter way, in [-pi, pi)."""
    return (after - before + np.pi) % (2 * np.pi) - np.pi


def count_turns(angles: np.ndarray, ring: bool) -> float:
    """Count the turns of an angle along a curve; along a ring, back to its start.

    Parameters
    ----------
    angles
        (node,), radians, so densely sampled that no step is half a turn.
    ring
        Whether the last node is followed by the first: the number is then whole.
    """
    steps = signed_angle(angles[1:], angles[:-1])
    total = steps.sum() + (signed_angle(angles[0], angles[-1]) if ring else 0.0)
    return float(total / (2 * np.pi))
