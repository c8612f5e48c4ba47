"""Which tables of blocks the claims about a kind of task read, and of each which columns.

Read by the workflow for every job: imports neither pandas nor NumPy.
"""

from collections.abc import Mapping

POINT = ("seed", "probe", "point")
OF_EVERY_TASK: Mapping[str, tuple[str, ...]] = {
    "behaviour": ("seed", "setting", "level", "score"),
}
# What tells whether a point is spurious.
SPURIOUS: Mapping[str, tuple[str, ...]] = {
    "fixed_points": (*POINT, "beyond_visited"),
    "stability": (*POINT, "class"),
}
OF_KIND: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "flipflop": {
        "fixed_points": (*SPURIOUS["fixed_points"], "kind", "readout"),
        "stability": (*SPURIOUS["stability"], "unstable"),
        "edges": ("seed", "probe", "from", "to", "kind", "probability"),
    },
    "integrator": {"continua": ("seed", "probe", "kind", "turns")},
    "sinewave": {
        "fixed_points": SPURIOUS["fixed_points"],
        "stability": (
            *SPURIOUS["stability"],
            "period",
            "unstable",
            "spectral_radius",
            "frequency",
        ),
    },
    "context": {**SPURIOUS, "responses": (*POINT, "mode", "re", "im", "input_gain")},
}

# Rows of large tables, by the values that they have, beside which no claim needs any.
ROWS: Mapping[str, Mapping[str, tuple[str | int, ...]]] = {
    "distances": {"metric": ("svcca", "topology")},
    "edges": {"kind": ("noise",)},
    "responses": {"mode": (0,)},
}


def tables_for(task_kind: str) -> Mapping[str, tuple[str, ...]]:
    """Tables of blocks that claims about a kind of task read, each with its columns."""
    return {**OF_EVERY_TASK, **OF_KIND.get(task_kind, {})}
