"""The skeleton of one network at every kept step, and what is born and dies in between."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnpipe.dynamics.attractors import Attractors, find_attractors
from rnnpipe.dynamics.attractors.kinds import fixed_of
from rnnpipe.dynamics.attractors.points import logarithms
from rnnpipe.dynamics.classes import FIXED, attracts
from rnnpipe.dynamics.development.attractors import (
    AttractorCourse,
    Kept,
    attractor_course,
    distinct,
)
from rnnpipe.dynamics.development.passage import SAME, Passage, passage
from rnnpipe.dynamics.development.points import Course, Points, course
from rnnpipe.dynamics.fixed_points import find_fixed_points
from rnnpipe.dynamics.fixed_points.certificate import certify
from rnnpipe.dynamics.fixed_points.factors import examine
from rnnpipe.dynamics.fixed_points.result import Search
from rnnpipe.dynamics.maps import Driven, Dynamics
from rnnpipe.dynamics.spread import spread

# Curves are followed so many times as far out as the furthest visited state.
FURTHEST = 10.0
# Passages are gone through at most so often, forth and back, while points turn up.
ROUNDS = 3


@dataclass(frozen=True)
class Moment:
    """One kept step of a network.

    Attributes
    ----------
    dynamics
        The map that it is.
    visited
        (state, unit), states that it visits; finite.
    """

    dynamics: Dynamics
    visited: np.ndarray


@dataclass(frozen=True)
class Skeleton:
    """What a network has at one kept step.

    Attributes
    ----------
    points
        Its fixed points.
    attractors
        Its attractors, each with the identity of its point.
    runs
        All that runs told.
    missed
        Number of points that the search had not found, and that it was not given from the step
        before; the last step's is given none.
    index_sum, verdict
        Of all points, as `certify` gives them.
    """

    points: Points
    attractors: Kept
    runs: Attractors
    missed: int
    index_sum: int
    verdict: str


@dataclass(frozen=True)
class Development:
    """How the skeleton of a network arises.

    Attributes
    ----------
    skeletons
        One per kept step.
    points, attractors
        Identities, births and deaths.
    """

    skeletons: tuple[Skeleton, ...]
    points: Course
    attractors: AttractorCourse


def develop(
    moments: Sequence[Moment],
    family: Callable[[int], Driven],
    *,
    rng: np.random.Generator,
    search: Mapping[str, Any],
    runs: Mapping[str, Any],
    report: Callable[[int, int], None] = lambda step, points: None,
) -> Development:
    """Find the skeleton at every kept step, and follow points from each step to the next.

    Between two steps weights are interpolated, and the points are followed over the share of the
    way, which is swept as an input is: so a point keeps its identity whatever it passes, and two
    that meet die or are born together. Every step is searched for what else there is, beside the
    points that have come there, until fresh starts find none and the certificate does not object;
    the first and the last step as if nothing were known. What a search has missed is found where
    a point of the step after leads to it.

    Parameters
    ----------
    moments
        The kept steps, in order.
    family
        Of the number of a step: the map of state and share of the way from it to the next.
    rng
        Source of all starts.
    search
        Options of `find_fixed_points`.
    runs
        Options of `find_attractors`.
    report
        Called after every search with the number of the step and of its points.

    Returns
    -------
    Development
    """
    searches, states, passages = _followed(moments, family, rng, search, report)
    _complete(passages, states)
    ends = []
    for number, moment in enumerate(moments):
        unit = spread(moment.visited)
        told = find_attractors(
            moment.dynamics, moment.visited, states[number], rng=rng, spread=unit, **runs
        )
        ends.append(told)
        states[number] = _with_resting(states[number], told, SAME * unit)
    _complete(passages, states)
    points = [Points.at(m.dynamics, own) for m, own in zip(moments, states, strict=True)]
    followed = course(points, passages)
    kept = [_kept(*parts) for parts in zip(points, followed.identities, ends, moments, strict=True)]
    skeletons = [
        _skeleton(*parts) for parts in zip(moments, points, kept, ends, searches, strict=True)
    ]
    return Development(tuple(skeletons), followed, attractor_course(kept, followed))


def _followed(
    moments: Sequence[Moment],
    family: Callable[[int], Driven],
    rng: np.random.Generator,
    search: Mapping[str, Any],
    report: Callable[[int, int], None],
) -> tuple[list[Search], list[np.ndarray], list[Passage]]:
    """Follow points from every step to the next, and search there for others.

    Returns the searches and the points (point, unit) of all steps, and the passages between them.
    """
    searches: list[Search] = []
    states: list[np.ndarray] = []
    passages: list[Passage] = []
    for number, moment in enumerate(moments):
        known = None
        if number:
            unit, furthest = _sizes(moments[number - 1 : number + 1])
            passages.append(passage(family(number - 1), states[-1], unit, furthest))
            known = passages[-1].points[1] if number < len(moments) - 1 else None
        found = find_fixed_points(moment.dynamics, moment.visited, rng=rng, known=known, **search)
        states.append(found.states[found.kind == FIXED])
        searches.append(found)
        if number:
            passages[-1].add(True, states[-1])
            passages[-1].follow()
            states[-2:] = passages[-1].points
        report(number, len(states[-1]))
    return searches, states, passages


def _sizes(moments: Sequence[Moment]) -> tuple[float, float]:
    """The unit of length of steps, and the norm up to which curves are followed."""
    norms = [float(np.linalg.norm(one.visited, axis=1).max()) for one in moments]
    return max(spread(one.visited) for one in moments), FURTHEST * max(norms)


def _complete(passages: Sequence[Passage], states: list[np.ndarray]) -> None:
    """Follow what turned up at either end of a passage through its neighbours, until all agree."""
    for _ in range(ROUNDS):
        fresh = False
        for number in (*range(len(passages)), *reversed(range(len(passages)))):
            one = passages[number]
            for side in (0, 1):
                one.points[side] = states[number + side]
            fresh |= one.follow()
            for side in (0, 1):
                states[number + side] = one.points[side]
        if not fresh:
            return


def _with_resting(states: np.ndarray, told: Attractors, near: float) -> np.ndarray:
    """Points, and those at which runs rest that are none of them."""
    for one in told.attractors:
        if one.kind == FIXED and one.point < 0:
            away = np.linalg.norm(states - one.states[0], axis=1)
            if away.min(initial=np.inf) > near:
                states = np.concatenate([states, one.states[:1]])
    return states


def _kept(points: Points, identities: np.ndarray, told: Attractors, moment: Moment) -> Kept:
    """Attractors of a step with the identities of their points.

    A point that turned up after the runs and attracts is an attractor as well.
    """
    attractors, own = distinct(told.attractors), []
    for one in attractors:
        row = one.point
        if one.kind == FIXED and row < 0:
            row = int(np.linalg.norm(points.states - one.states[0], axis=1).argmin())
        own.append(int(identities[row]) if one.kind == FIXED else -1)
    moduli = np.abs(points.eigenvalues)
    for row in np.flatnonzero(attracts(points.eigenvalues)):
        if int(identities[row]) not in own:
            exponents = logarithms(moduli[row : row + 1])[0]
            attractors.append(fixed_of(points.states[row], exponents, int(row)))
            own.append(int(identities[row]))
    return Kept(tuple(attractors), np.array(own, dtype=np.int64))


def _skeleton(
    moment: Moment, points: Points, kept: Kept, told: Attractors, search: Search
) -> Skeleton:
    missed = len(points) - search.found
    total, verdict = search.index_sum, search.verdict
    if missed:
        inside = _inside(moment.dynamics, points.states)
        local = examine(moment.dynamics, points.states[inside])
        certificate = certify(local.index, local.smallest, moment.dynamics.unbounded)
        total, verdict = certificate.index_sum, certificate.verdict
    return Skeleton(points, kept, told, missed, total, verdict)


def _inside(dynamics: Dynamics, states: np.ndarray) -> np.ndarray:
    """Whether each point lies in the invariant box; true if there is none; (point,)."""
    if dynamics.box is None:
        return np.ones(len(states), dtype=bool)
    low, high = (corner.cpu().numpy() for corner in dynamics.box)
    return ((states >= low - 1e-9) & (states <= high + 1e-9)).all(1)
