"""The finite-state machine that a network runs, compared with the one that its task defines."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from rnnpipe.dynamics.classes import STABLE
from rnnpipe.tables.schemas import KEY, SCHEMAS
from rnnpipe.tasks import Task


def state_machine_table(task: Task, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Make the table ``state_machine``: where pulses lead, beside where the task says they should.

    Parameters
    ----------
    task
        Says where a pulse should lead.
    tables
        `fixed_points`, `stability` and `edges` with the columns of `KEY`.

    Returns
    -------
    DataFrame
        One row per stable point and pulse; empty for a task without a finite-state machine.
    """
    columns = SCHEMAS["state_machine"].names
    if not task.machine_states:
        return pd.DataFrame(columns=columns)
    key = [*KEY, "probe"]
    points = tables["fixed_points"].merge(
        tables["stability"][[*key, "point", "class"]], on=[*key, "point"]
    )
    stable = points[(points["kind"] != "slow") & (points["class"] == STABLE)]
    edges = tables["edges"]
    edges = edges[edges["kind"] == "input"]
    by_network = dict(list(edges.groupby(key, observed=True)))
    frames = []
    for name, own in stable.groupby(key, observed=True):
        if name not in by_network:
            continue
        # The graph pushes marginal points too, of which a continuum may have hundreds.
        moves = by_network[name]
        moves = moves[moves["from"].isin(own["point"])]
        checked = check_transitions(
            own["point"].to_numpy(),
            np.stack(own["readout"]),
            moves["from"].to_numpy(),
            moves["to"].to_numpy(),
            moves["input"].to_numpy(),
            moves["probability"].to_numpy(),
            task.after_pulse,
            task.readout_level / 2,
        )
        frames.append(pd.DataFrame(checked).assign(**dict(zip(key, name, strict=True))))
    return (
        pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
    )


def join_state_machines(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Join the tables of several groups of networks into one, ordered as if made at once."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return parts[0]
    return pd.concat(filled).sort_values([*KEY, "probe"], kind="stable", ignore_index=True)


def state_machine_facts(state_machine: pd.DataFrame, key: list[str], task: Task) -> pd.DataFrame:
    """Count stable points and cycles per `key`, and the share of right transitions.

    The share is of all transitions that the task's machine or the network has,
    whichever has more: a memory that is missing counts as wrong. Networks without any
    stable point or cycle have no row.
    """
    groups = state_machine.groupby(key, observed=True)
    right, rows = groups["right"].sum(), groups.size()
    demanded = task.machine_states * len(task.pulses())
    return pd.DataFrame(
        {
            "machine_states": groups["source"].nunique(),
            "machine_right": right.astype(float) / rows.clip(lower=max(demanded, 1)),
        }
    ).reset_index()


def check_transitions(
    points: np.ndarray,
    readouts: np.ndarray,
    source: np.ndarray,
    target: np.ndarray,
    label: np.ndarray,
    probability: np.ndarray,
    expected: Callable[[np.ndarray, str], np.ndarray],
    tolerance: float,
) -> dict[str, np.ndarray]:
    """Compare transitions under inputs with those that the task demands.

    Parameters
    ----------
    points
        (state,), numbers of the stable points.
    readouts
        (state, output), the network's outputs there; of a cycle, their mean.
    source, target, label, probability
        (edge,), the transitions of kind ``input``; a target that is not among
        ``points`` (unassigned) is never the expected one.
    expected
        (readouts (state, output), input name) -> (state, output), the readouts that the
        task demands after the input.
    tolerance
        A point is where the task demands if no output differs by as much as this.

    Returns
    -------
    dict
        One entry per stable point and input: ``source``, ``input``, ``expected`` (the point
        nearest to the demanded readouts, the earlier of equally near ones; -1 if none is where
        the task demands), ``probability`` (with which the input leads to a point that is) and
        ``right`` (whether that is more than a half).

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
        # (state, state): how far each point's readouts are from those demanded after each.
        apart = cdist(expected(readouts, name), readouts, "chebyshev")
        for point in dict.fromkeys(source[label == name]):
            away = apart[row_of[int(point)]]
            goal = int(points[away.argmin()]) if away.min() < tolerance else -1
            there = (label == name) & (source == point)
            there &= np.isin(target, points[away < tolerance])
            rows.append((int(point), str(name), goal, float(probability[there].sum())))
    starts, names, goals, probabilities = zip(*rows, strict=True) if rows else [()] * 4
    probability = np.array(probabilities, dtype=np.float64)
    return {
        "source": np.array(starts, dtype=np.int64),
        "input": np.array(names, dtype=object),
        "expected": np.array(goals, dtype=np.int64),
        "probability": probability,
        "right": probability > 0.5,
    }
