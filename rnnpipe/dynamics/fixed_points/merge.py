"""Distinct states among many copies."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.dynamics.distances import distances_between


@dataclass(frozen=True)
class Merged:
    """Distinct states, in the order in which they were first found.

    Attributes
    ----------
    states
        (point, unit), of every group of copies the one with the lowest q.
    q
        (point,).
    hits
        (point,), copies in the group.
    labels
        (copy,), the point that each state given belongs to.
    """

    states: np.ndarray
    q: np.ndarray
    hits: np.ndarray
    labels: np.ndarray


def merge(
    states: np.ndarray, q: np.ndarray, distance: float, hits: np.ndarray | None = None
) -> Merged:
    """Merge states that lie within ``distance`` of a better copy.

    The best state left becomes a point and takes all copies within
    ``distance``, until none is left. Chains do not form: points stay further
    apart than ``distance`` even where the states cover a curve.

    Parameters
    ----------
    states
        (copy, unit).
    q
        (copy,), the lower the better; ties go to the earlier copy.
    distance
        In the units of the states.
    hits
        (copy,), how often each state was found; once if not given.

    Returns
    -------
    Merged
    """
    hits = np.ones(len(states), dtype=np.int64) if hits is None else hits
    labels = np.full(len(states), -1)
    leaders = []
    for copy in np.argsort(q, kind="stable"):
        if labels[copy] >= 0:
            continue
        left = np.flatnonzero(labels < 0)
        near = left[distances_between(states[copy : copy + 1], states[left])[0] <= distance]
        labels[near] = labels[copy] = len(leaders)
        leaders.append(copy)
    _, first = np.unique(labels, return_index=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    labels = rank[labels] if len(labels) else labels
    kept = np.array(leaders, dtype=np.int64)[order]
    return Merged(
        states=states[kept],
        q=q[kept],
        hits=np.bincount(labels, weights=hits, minlength=len(kept)).astype(np.int64),
        labels=labels,
    )


def nearest(states: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distance of each state (state, unit) to the nearest of the others; inf if there are none."""
    if len(others) == 0:
        return np.full(len(states), np.inf)
    return distances_between(states, others).min(1)
