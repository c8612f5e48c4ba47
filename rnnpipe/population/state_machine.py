"""The finite-state machine that a network runs, compared with the one that its task defines."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import MARGINAL_CLASS, SLOW
from rnnpipe.tables.schemas import KEY, SCHEMAS
from rnnpipe.tasks import Task


def state_machine_table(task: Task, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Make the table ``state_machine``: where pulses lead, beside where the task says they should.

    Parameters
    ----------
    task
        Says where a pulse should lead.
    tables
        `attractors`, `stability` and `edges` with the columns of `KEY`.

    Returns
    -------
    DataFrame
        One row per attractor and pulse; empty for a task without a finite-state machine. An
        attractor of any kind is a state, with its mean readout. A slow drift is none, since
        where it ends is not known, and a marginal point is none, of which a continuum may have
        hundreds.
    """
    columns = SCHEMAS["state_machine"].names
    if not task.machine_states:
        return pd.DataFrame(columns=columns)
    key = [*KEY, "probe"]
    states = _states(tables["attractors"], tables["stability"], key)
    edges = tables["edges"]
    edges = edges[edges["kind"] == "input"]
    by_network = dict(list(edges.groupby(key, observed=True)))
    frames = []
    for name, own in states.groupby(key, observed=True):
        if name not in by_network:
            continue
        # The graph pushes marginal points too.
        moves = by_network[name]
        moves = moves[moves["from"].isin(own["node"])]
        checked = check_transitions(
            own["node"].to_numpy(),
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


def _states(attractors: pd.DataFrame, stability: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Attractors that are states of the machine: all but drifts and marginal points."""
    classes = stability[[*key, "point", "class"]].rename(columns={"point": "node"})
    known = attractors[[*key, "node"]].merge(classes, on=[*key, "node"], how="left")["class"]
    marginal = (known == MARGINAL_CLASS).to_numpy()
    return attractors[~marginal & (attractors["kind"] != SLOW)]


def join_state_machines(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Join the tables of several groups of networks into one, ordered as if made at once."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return parts[0]
    return pd.concat(filled).sort_values([*KEY, "probe"], kind="stable", ignore_index=True)


def state_machine_facts(state_machine: pd.DataFrame, key: list[str], task: Task) -> pd.DataFrame:
    """Count the machine's states per `key`, and the share of right transitions.

    The share is of all transitions that the task's machine or the network has,
    whichever has more: a memory that is missing counts as wrong. Networks without any
    attractor have no row.
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
    nodes: np.ndarray,
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
    nodes
        (state,), numbers of the attractors among the graph's nodes.
    readouts
        (state, output), the network's outputs there, the mean along an attractor that moves.
    source, target, label, probability
        (edge,), the transitions of kind ``input``; a target that is not among
        ``nodes`` (unassigned) is never the expected one.
    expected
        (readouts (state, output), input name) -> (state, output), the readouts that the
        task demands after the input.
    tolerance
        An attractor is where the task demands if no output differs by as much as this.

    Returns
    -------
    dict
        One entry per attractor and input: ``source``, ``input``, ``expected`` (the attractor
        nearest to the demanded readouts, the earlier of equally near ones; -1 if none is where
        the task demands), ``probability`` (with which the input leads to one that is) and
        ``right`` (whether that is more than a half).

    Raises
    ------
    ValueError
        If an edge starts at a node that is not among ``nodes``.
    """
    row_of = {int(node): row for row, node in enumerate(nodes)}
    unknown = sorted({int(s) for s in source} - row_of.keys())
    if unknown:
        raise ValueError(f"edges start at nodes {unknown}, which are not among the attractors")
    rows: list[tuple[int, str, int, float]] = []
    for name in dict.fromkeys(label):
        # (state, state): how far each attractor's readouts are from those demanded after each.
        apart = np.abs(expected(readouts, name)[:, None] - readouts).max(2)
        for node in dict.fromkeys(source[label == name]):
            away = apart[row_of[int(node)]]
            goal = int(nodes[away.argmin()]) if away.min() < tolerance else -1
            there = (label == name) & (source == node)
            there &= np.isin(target, nodes[away < tolerance])
            rows.append((int(node), str(name), goal, float(probability[there].sum())))
    starts, names, goals, probabilities = zip(*rows, strict=True) if rows else [()] * 4
    probability = np.array(probabilities, dtype=np.float64)
    return {
        "source": np.array(starts, dtype=np.int64),
        "input": np.array(names, dtype=object),
        "expected": np.array(goals, dtype=np.int64),
        "probability": probability,
        "right": probability > 0.5,
    }
