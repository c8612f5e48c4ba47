"""Attractors with identities that last from one kept step to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.optimize import linear_sum_assignment

from rnnpipe.dynamics.attractors import Attractor
from rnnpipe.dynamics.branches.bifurcations import FLIP, ROTATION
from rnnpipe.dynamics.classes import CYCLE, LIMIT_CYCLE, SLOW
from rnnpipe.dynamics.development.points import Course, Event
from rnnpipe.dynamics.development.turns import NOT_KNOWN, Turn
from rnnpipe.dynamics.distances import distances_between

# Motions of neighbouring steps are one if their states lie, on average, no farther from each
# other than this, relative to the larger of their amplitudes; those of one step, if no farther
# than that: near a resonance runs creep along a curve, and one curve is told several times.
ALIKE, SAME_CURVE = 1.0, 0.1


@dataclass(frozen=True)
class Kept:
    """The attractors of one kept step.

    Attributes
    ----------
    attractors
        All of them.
    points
        (attractor,), identity of the point of each; -1 of a motion.
    """

    attractors: Sequence[Attractor]
    points: np.ndarray


def distinct(attractors: Sequence[Attractor]) -> list[Attractor]:
    """Attractors with each closed curve once, and with all the runs that end on it."""
    found: list[Attractor] = []
    for one in attractors:
        on = [
            number
            for number, other in enumerate(found)
            if {one.kind, other.kind} <= {LIMIT_CYCLE, SLOW} and _apart(one, other) < SAME_CURVE
        ]
        if on:
            other = found[on[0]]
            visited, box = other.visited + one.visited, other.box + one.box
            found[on[0]] = replace(other, visited=visited, box=box)
        else:
            found.append(one)
    return found


@dataclass(frozen=True)
class AttractorCourse:
    """Identities of the attractors (attractor,) of every step; births and deaths."""

    identities: tuple[np.ndarray, ...]
    events: tuple[Event, ...]


def attractor_course(kept: Sequence[Kept], course: Course) -> AttractorCourse:
    """Give identities to attractors: stable points have their point's, motions go to the nearest.

    A point that ceases to attract and attracts again later is another attractor.
    """
    count = sum(len(one.attractors) for one in kept[:1])
    identities, events = [np.arange(count) for _ in kept[:1]], []
    for before, (one, other) in enumerate(pairwise(kept)):
        own = np.full(len(other.attractors), -1)
        for first, last in _same(one, other):
            own[last] = identities[before][first]
        (fresh,) = np.nonzero(own < 0)
        own[fresh] = count + np.arange(len(fresh))
        count += len(fresh)
        identities.append(own)
        passing = _Passing(before, (one, other), (identities[before], own), course)
        events += [*passing.deaths(), *passing.births()]
    return AttractorCourse(tuple(identities), tuple(events))


def _same(one: Kept, other: Kept) -> list[tuple[int, int]]:
    """Pairs of attractors of two steps that are the same."""
    at = {point: number for number, point in enumerate(one.points) if point >= 0}
    pairs = [(at[point], n) for n, point in enumerate(other.points) if point in at]
    moving = [np.flatnonzero(kept.points < 0) for kept in (one, other)]
    apart = np.array(
        [[_apart(one.attractors[i], other.attractors[j]) for j in moving[1]] for i in moving[0]]
    ).reshape(len(moving[0]), len(moving[1]))
    rows, columns = linear_sum_assignment(np.minimum(apart, 1e9))
    near = apart[rows, columns] <= ALIKE
    chosen = zip(moving[0][rows[near]], moving[1][columns[near]], strict=True)
    return [*pairs, *((int(i), int(j)) for i, j in chosen)]


def _apart(one: Attractor, other: Attractor) -> float:
    """Mean distance of the states of each from the other, relative to the larger amplitude."""
    away = distances_between(one.states, other.states)
    size = max(one.amplitude, other.amplitude)
    return float(max(away.min(0).mean(), away.min(1).mean())) / size if size > 0 else np.inf


@dataclass(frozen=True)
class _Passing:
    """What is born and dies between two steps; pairs are of the step before and after."""

    before: int
    kept: tuple[Kept, Kept]
    identities: tuple[np.ndarray, np.ndarray]
    course: Course

    def deaths(self) -> list[Event]:
        return self._events(birth=False)

    def births(self) -> list[Event]:
        return self._events(birth=True)

    def _events(self, birth: bool) -> list[Event]:
        here, there = self.identities[birth], set(self.identities[not birth].tolist())
        found = []
        for number, identity in enumerate(here.tolist()):
            if identity not in there:
                turn, partner = self._told(birth, number)
                found.append(Event(birth, self.before, identity, partner, turn))
        return found

    def _told(self, birth: bool, number: int) -> tuple[Turn, int]:
        """By what an attractor is born or dies, and the attractor that does so with it."""
        point = int(self.kept[birth].points[number])
        if point < 0:
            return self._motion(birth, self.kept[birth].attractors[number])
        for event in self.course.events:
            if (event.before, event.birth, event.identity) == (self.before, birth, point):
                return event.turn, self._of_point(birth, event.partner)
        turns = self.course.changes[self.before].get(point, [])
        return (turns[-1 if birth else 0] if turns else NOT_KNOWN), -1

    def _of_point(self, birth: bool, point: int) -> int:
        """The identity of the attractor that a point is at one of the steps, or -1."""
        (rows,) = np.nonzero((self.kept[birth].points == point) & (point >= 0))
        return int(self.identities[birth][rows[0]]) if len(rows) else -1

    def _motion(self, birth: bool, motion: Attractor) -> tuple[Turn, int]:
        """A motion arises about, or shrinks to, a point that begins or ceases to attract."""
        kind = FLIP if motion.kind == CYCLE and motion.period == 2 else ROTATION
        centre = motion.states.mean(0)
        nearest, told = np.inf, (NOT_KNOWN, -1)
        other = self.kept[not birth]
        turning: Mapping[int, list[Turn]] = self.course.changes[self.before]
        for number, point in enumerate(other.points.tolist()):
            turns = [turn for turn in turning.get(point, []) if turn.kind == kind]
            away = float(np.linalg.norm(other.attractors[number].states[0] - centre))
            if point >= 0 and turns and away < nearest:
                partner = int(self.identities[not birth][number])
                nearest, told = away, (turns[0 if birth else -1], partner)
        return told
