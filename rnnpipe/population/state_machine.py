"""The finite-state machine that a network runs, checked against the true one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist


@dataclass(frozen=True)
class StateMachine:
    """One row per stable point and input.

    Attributes
    ----------
    table
        Columns ``source``, ``input``, ``expected`` (the point where the input
        should lead), ``probability`` (with which it leads there) and ``right``
        (whether that is more than a half).
    right
        Share of the rows that are right; NaN if there are none.
    """

    table: dict[str, np.ndarray]
    right: float


def check_state_machine(
    points: np.ndarray,
    readouts: np.ndarray,
    source: np.ndarray,
    target: np.ndarray,
    label: np.ndarray,
    probability: np.ndarray,
    expected: Callable[[np.ndarray, str], np.ndarray],
) -> StateMachine:
    """Compare transitions under inputs with those that the task demands.

    Parameters
    ----------
    points
        (state,), numbers of the stable points.
    readouts
        (state, output), the network's outputs there.
    source, target, label, probability
        (edge,), the transitions of kind ``input``; a target that is not among
        ``points`` (unassigned) is never the expected one.
    expected
        (readouts (state, output), input name) -> (state, output), what the
        task demands after the input. The point with the nearest readout, the
        earlier of equal ones, is the expected target.

    Returns
    -------
    StateMachine

    Raises
    ------
    ValueError
        If an edge starts at a point that is not among ``points``.
    """
    row_of = {int(point): row for row, point in enumerate(points)}
    unknown = sorted({int(s) for s in source} - row_of.keys())
    if unknown:
        raise ValueError(f"edges start at points {unknown}, which are not among the stable points")
    rows: list[tuple[int, str, int, float]] = []
    for name in dict.fromkeys(label):
        goals = points[cdist(expected(readouts, name), readouts).argmin(1)]
        for point in dict.fromkeys(source[label == name]):
            goal = goals[row_of[int(point)]]
            there = (label == name) & (source == point) & (target == goal)
            rows.append((int(point), str(name), int(goal), float(probability[there].sum())))
    starts, names, goals, probabilities = zip(*rows, strict=True) if rows else [()] * 4
    table = {
        "source": np.array(starts, dtype=np.int64),
        "input": np.array(names, dtype=object),
        "expected": np.array(goals, dtype=np.int64),
        "probability": np.array(probabilities, dtype=np.float64),
    }
    table["right"] = table["probability"] > 0.5
    return StateMachine(table, float(table["right"].mean()) if rows else float("nan"))
