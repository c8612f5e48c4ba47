"""The kinds of figure: what each needs and which tasks it suits.

Read by the workflow for every job: imports neither pandas nor matplotlib.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kind:
    """A kind of figure.

    Attributes
    ----------
    tables
        The tables that it needs. Those of blocks are read of the example
        networks alone, unless they are named in `everyone`.
    everyone
        Tables of blocks of which it needs these columns of all networks.
    metrics
        The distances that it needs of the table of distances.
    tasks
        Kinds of task that it suits; ``None``: all.
    swept
        Whether it suits only tasks with a probe that is swept.
    models, constraints, cohorts
        Fewest models, constraints, and cohorts of either that it compares.
    """

    tables: tuple[str, ...]
    tasks: tuple[str, ...] | None = None
    swept: bool = False
    models: int = 1
    constraints: int = 1
    cohorts: int = 1
    everyone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    metrics: tuple[str, ...] = ()


# What the states and fixed points of example networks are drawn from.
_EXAMPLES = (
    "networks",
    "trajectories",
    "components",
    "fixed_points",
    "orbits",
    "stability",
    "modes",
)

_POINT = ("seed", "probe", "point")
# What tells whether a point is spurious, and how it is drawn.
_POINTS = {
    "fixed_points": (*_POINT, "period", "kind", "beyond_visited"),
    "stability": (*_POINT, "period", "unstable", "class", "spectral_radius", "frequency"),
}

KINDS: Mapping[str, Kind] = {
    "training": Kind(
        ("networks", "history"),
        everyone={"history": ("seed", "step", "loss", "validation_loss")},
    ),
    "trials": Kind(("networks", "trajectories")),
    "performance": Kind(("networks",)),
    "variance": Kind(
        ("networks", "components"), everyone={"components": ("seed", "component", "variance")}
    ),
    "weights": Kind(("networks", "weights")),
    "trajectories": Kind(_EXAMPLES),
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
    "branches": Kind(("networks", "components", "branches", "bifurcations"), swept=True),
    "memory": Kind(
        (*_EXAMPLES, "edges", "distances", "embedding"),
        ("flipflop",),
        models=2,
        metrics=("svcca",),
    ),
    "oscillation": Kind((*_EXAMPLES, "embedding"), ("sinewave",), models=2, everyone=_POINTS),
    "contexts": Kind(
        (*_EXAMPLES, "embedding", "responses", "reduced"),
        ("context",),
        models=2,
        everyone={
            **_POINTS,
            "modes": (*_POINT, "re", "im"),
            "responses": (*_POINT, "re", "im", "input_alignment"),
            "reduced": (*_POINT, "channel", "kept", "error"),
        },
    ),
    "numbers": Kind(
        ("networks", "statistics", "mantel", "behaviour"),
        cohorts=2,
        everyone={"behaviour": ("seed", "setting", "level", "score")},
    ),
    "effects": Kind(("networks", "statistics", "embedding", "effects"), constraints=2),
}


def kinds_for(
    task_kind: str, swept: bool = False, models: int = 1, constraints: int = 1
) -> list[str]:
    """Names of the kinds of figure that apply to a task.

    Parameters
    ----------
    task_kind
        Kind of the task.
    swept
        Whether it has a probe that is swept.
    models, constraints
        How many of either it has.
    """
    return [
        name
        for name, kind in KINDS.items()
        if (kind.tasks is None or task_kind in kind.tasks)
        and (swept or not kind.swept)
        and models >= kind.models
        and constraints >= kind.constraints
        and models * constraints >= kind.cohorts
    ]
