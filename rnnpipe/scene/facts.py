"""Facts about one network, as text to be shown beside its scene."""

from __future__ import annotations

import pandas as pd

from rnnpipe.figures.options import FigureOptions

# Columns of the population table that are told where they are not 0, beside the summary.
COUNTED = (
    ("rings", "ring attractor(s)"),
    ("arcs", "arc attractor(s)"),
    ("lines", "line attractor(s)"),
    ("surfaces", "surface attractor(s)"),
    ("spurious", "spurious, left out"),
)


def facts(rows: pd.DataFrame, status: str, options: FigureOptions) -> dict[str, str]:
    """Facts about one network by name.

    Parameters
    ----------
    rows
        Rows of one network in the population table, one per probe.
    status
        ``solved``, ``not solved`` or ``diverged``.
    options
        Names and units of the score.
    """
    first = rows.iloc[0]
    unit = f" {options.score_unit}" if options.score_unit else ""
    known = {
        "cell": f"{first['cell']}, {first['activation']}, {int(first['units'])} units",
        options.score_name: f"{_number(first['score'])}{unit} ({status})",
        "training": f"{int(first['steps'])} steps, ended by: {first['stop_reason']}",
        "spectral radius": _number(first["spectral_radius"]),
        "participation ratio": _number(first["participation_ratio"]),
    }
    if rank := _least_rank(first):
        known["least rank"] = rank
    several = rows["probe"].nunique() > 1
    for _, row in rows[rows["probe"].notna()].iterrows():
        known[f"probe {row['probe']}" if several else "dynamics"] = _skeleton(row)
    states = first.get("machine_states")
    if pd.notna(states) and states > 0:
        share = f"{100 * first['machine_right']:.1f} %"
        known["finite-state machine"] = f"{int(states)} memories, {share} of transitions right"
    return known


def _skeleton(row: pd.Series) -> str:
    """The network under one probe in one line, then counts of its continua."""
    counts = [
        f"{int(row[name])} {word.replace('(s)', '' if row[name] == 1 else 's')}"
        for name, word in COUNTED
        if row.get(name, 0) > 0
    ]
    summary = row["summary"] if pd.notna(row["summary"]) else "not searched"
    return "; ".join([summary, *([", ".join(counts)] if counts else [])])


def _least_rank(row: pd.Series) -> str:
    """Say to what rank the network can be cut; empty where that was not asked or is not known."""
    parts = []
    if pd.notna(rank := row.get("least_rank")):
        parts.append(f"{int(rank)}, of {int(row['units'])} units")
    if pd.notna(rank := row.get("least_change_rank")):
        parts.append(f"{int(rank)} of its change in training")
    return "; ".join(parts)


def _number(value: float) -> str:
    return "unknown" if pd.isna(value) else f"{value:.4g}"
