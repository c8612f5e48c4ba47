"""Which tables of blocks the claims about a kind of task read.

Read by the workflow for every job: imports neither pandas nor NumPy.
"""

from collections.abc import Mapping

OF_EVERY_TASK = ("behaviour",)
OF_KIND: Mapping[str, tuple[str, ...]] = {
    "flipflop": ("fixed_points", "stability", "edges"),
    "integrator": ("continua",),
    "sinewave": ("fixed_points", "stability"),
    "context": ("fixed_points", "stability", "responses"),
}


def tables_for(task_kind: str) -> tuple[str, ...]:
    """Names of the tables of blocks that claims about a kind of task read."""
    return (*OF_EVERY_TASK, *OF_KIND.get(task_kind, ()))
