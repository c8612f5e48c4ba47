"""The kinds of figure: what each needs and which tasks it suits.

Read by the workflow for every job: imports neither pandas nor matplotlib.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of figure: the tables that it needs, and the kinds of task it suits (None: all)."""

    tables: tuple[str, ...]
    tasks: tuple[str, ...] | None = None


KINDS: Mapping[str, Kind] = {
    "training": Kind(("networks", "history")),
    "trials": Kind(("networks", "trajectories")),
    "performance": Kind(("networks",)),
    "variance": Kind(("networks", "components")),
    "weights": Kind(("networks", "weights")),
    "trajectories": Kind(
        (
            "networks",
            "trajectories",
            "components",
            "fixed_points",
            "orbits",
            "stability",
            "modes",
        )
    ),
    "spectra": Kind(("networks", "stability", "modes")),
    "graph": Kind(("networks", "components", "fixed_points", "stability", "edges")),
    "census": Kind(("networks",)),
    "ring": Kind(
        (
            "networks",
            "trajectories",
            "components",
            "fixed_points",
            "orbits",
            "stability",
            "continuum_points",
        ),
        ("integrator",),
    ),
}


def kinds_for(task_kind: str) -> list[str]:
    """Names of the kinds of figure that apply to a kind of task."""
    return [name for name, k in KINDS.items() if k.tasks is None or task_kind in k.tasks]
