"""A skeleton in numbers: how many fixed points of each kind there are, and how many attractors."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from rnnpipe.dynamics.attractors import Attractors, find_attractors
from rnnpipe.dynamics.attractors.points import leading_moduli
from rnnpipe.dynamics.classes import FIXED, MARGINAL_CLASS, class_labels, growing
from rnnpipe.dynamics.fixed_points import find_fixed_points
from rnnpipe.dynamics.fixed_points.result import Search
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.spread import spread
from rnnpipe.dynamics.summary import summary


@dataclass(frozen=True)
class Census:
    """The counts of a network's skeleton under one input.

    Spurious points, marginal ones beyond all visited states, are counted apart and held against
    no attractor; see `rnnpipe.population.spurious_points`.

    Attributes
    ----------
    search
        The points, with their certificate.
    unstable
        Number of unstable modes -> points that are neither marginal nor spurious.
    marginal, spurious
        Numbers of such points.
    kinds
        Kind -> attractors.
    unassigned
        Share of the runs from visited states that end in no attractor.
    summary
        All of it in one line.
    """

    search: Search
    unstable: Counter[int]
    marginal: int
    spurious: int
    kinds: Counter[str]
    unassigned: float
    summary: str


def take_census(
    dynamics: Dynamics,
    states: np.ndarray,
    rng: np.random.Generator,
    searching: dict[str, float],
    running: dict[str, int],
) -> Census:
    """Find the points and attractors of a network, and count them.

    Parameters
    ----------
    dynamics
        The network held at an input.
    states
        (state, unit), visited by it.
    rng
        Source of all starts.
    searching, running
        Options of `find_fixed_points` and of `find_attractors`.
    """
    search = find_fixed_points(dynamics, states, rng=rng, **searching)
    fixed = search.kind == FIXED
    points = search.states[fixed]
    runs = find_attractors(dynamics, states, points, rng=rng, spread=spread(states), **running)
    moduli = leading_moduli(dynamics, points)
    labels, far = class_labels(moduli), search.beyond_visited[fixed]
    marginal = labels == MARGINAL_CLASS
    spurious = marginal & far
    counted = [one for one in runs.attractors if one.point < 0 or not spurious[one.point]]
    kinds = [one.kind for one in counted]
    return Census(
        search=search,
        unstable=Counter(growing(moduli).sum(1)[~marginal].tolist()),
        marginal=int((marginal & ~far).sum()),
        spurious=int(spurious.sum()),
        kinds=Counter(kinds),
        unassigned=_lost(runs),
        summary=summary(
            kinds, [one.period for one in counted], labels[~spurious].tolist(), search.verdict
        ),
    )


def _lost(runs: Attractors) -> float:
    """Share of the runs from visited states that end in no attractor; NaN without runs."""
    facts = runs.facts()
    lost = facts["visited_unassigned"] + facts["visited_diverged"]
    return lost / runs.visited_runs if runs.visited_runs else np.nan
