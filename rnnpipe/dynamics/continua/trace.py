"""The trace of a slow curve: followed from one state both ways until it closes or ends."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.continua.projection import Places, project
from rnnpipe.dynamics.maps import Dynamics

# The shortest step along the curve, as a share of the longest.
SHORTEST = 1 / 16
# The slow mode must stay slower than the next one, or the curve has ended.
MERGED = 0.9
# Cosine of the angle between tangents one step apart.
STRAIGHT = 0.9
MOST = 2000


@dataclass(frozen=True)
class Ball:
    """A region of state space: within `radius` of `centre` (unit,)."""

    centre: Tensor
    radius: float

    @classmethod
    def around(cls, states: np.ndarray) -> "Ball":
        """The ball around the mean of states (state, unit) that holds them all."""
        mean = states.mean(0)
        radius = float(np.linalg.norm(states - mean, axis=1).max())
        return cls(torch.from_numpy(mean), radius)


@dataclass(frozen=True)
class Curve:
    """A piece of a slow curve, in order.

    Attributes
    ----------
    states
        (node, unit).
    drift
        (node,), displacement per update in the direction of the order.
    rate, next_rate
        (node,), lambda - 1 of the slow mode, |lambda - 1| of the next.
    closed
        Whether the last node lies one step from the first.
    """

    states: np.ndarray
    drift: np.ndarray
    rate: np.ndarray
    next_rate: np.ndarray
    closed: bool


@dataclass
class _Head:
    """One end of a curve that is being followed."""

    nodes: list[tuple[Tensor, float, float, float]]
    direction: Tensor
    spaces: tuple[Tensor, Tensor]
    step: float
    moving: bool = True

    @property
    def state(self) -> Tensor:
        return self.nodes[-1][0]


def trace(dynamics: Dynamics, start: Places, step: float, spread: float, within: Ball) -> Curve:
    """Follow the slow curve through a state (a batch of one) to both sides.

    Predictor along the tangent, corrector `project`; the step halves where the
    curve bends or the corrector fails. The curve ends where even the shortest
    step fails, where its slow mode is no slower than the next, or where it
    leaves the region of interest.

    Parameters
    ----------
    start
        One place, on the curve.
    step
        Longest step along the curve.
    spread
        Root mean square distance of the visited states from their mean.
    within
        Region of interest.
    """
    first = (start.states[0], 0.0, float(start.modes.rate[0]), float(start.modes.next_rate[0]))
    drift = float(start.drift[0])
    spaces = (start.modes.right_space, start.modes.left_space)
    heads = [
        _Head([(first[0], sign * drift, *first[2:])], sign * start.tangents[0], spaces, step)
        for sign in (1.0, -1.0)
    ]
    closed = False
    while not closed and any(head.moving for head in heads):
        for head, other in (heads, heads[::-1]):
            if head.moving and _advance(dynamics, head, step, spread, within):
                closed = closed or _meet(head, other, step)
            head.moving = head.moving and len(head.nodes) < MOST
    ahead, behind = heads
    nodes = [*_reversed(behind.nodes[1:]), *ahead.nodes]
    states, drifts, rates, next_rates = zip(*nodes, strict=True)
    return Curve(
        torch.stack(states).numpy(),
        np.array(drifts),
        np.array(rates),
        np.array(next_rates),
        closed,
    )


def _reversed(
    nodes: list[tuple[Tensor, float, float, float]],
) -> list[tuple[Tensor, float, float, float]]:
    return [(state, -drift, *rest) for state, drift, *rest in reversed(nodes)]


def _advance(dynamics: Dynamics, head: _Head, longest: float, spread: float, within: Ball) -> bool:
    """Take one step, or shorten the next; return whether a node was added."""
    length = head.step
    trial = (head.state + length * head.direction)[None]
    place = project(dynamics, trial, head.spaces, spread)
    tangent = place.tangents[0]
    tangent = tangent * torch.sign(tangent @ head.direction)
    way = place.states[0] - head.state
    good = (
        bool(place.found[0])
        and bool(place.modes.separation[0] < MERGED)
        and float(tangent @ head.direction) > STRAIGHT
        and 0.3 * length < float(way.norm()) < 2 * length
        and float(way @ head.direction) > 0.5 * float(way.norm())
        and float((place.states[0] - within.centre).norm()) <= within.radius
    )
    if not good:
        head.step /= 2
        head.moving = head.step >= SHORTEST * longest
        return False
    drift = float(place.drift[0] * torch.sign(place.tangents[0] @ tangent))
    head.nodes.append(
        (place.states[0], drift, float(place.modes.rate[0]), float(place.modes.next_rate[0]))
    )
    head.direction = tangent
    head.spaces = (place.modes.right_space, place.modes.left_space)
    head.step = min(1.5 * head.step, longest)
    return True


def _meet(head: _Head, other: _Head, step: float) -> bool:
    """Whether the two ends now face each other within a step."""
    if len(head.nodes) + len(other.nodes) < 10:
        return False
    way = other.state - head.state
    near = float(way.norm()) < step
    return near and float(head.direction @ other.direction) < 0 and float(way @ head.direction) > 0
