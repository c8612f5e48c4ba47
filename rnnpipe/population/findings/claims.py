"""All claims: which are made about each kind of task, and which tables of blocks they read.

The plan reads this module for every job, so that the modules that judge, which need pandas
and SciPy, are imported only when claims are judged.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from rnnpipe.settings.asked import Section

if TYPE_CHECKING:
    import pandas as pd

    from rnnpipe.population.findings.evidence import Evidence

_POINT = ("seed", "probe", "point")
# What tells whether a point is a fixed point that counts.
_FIXED: Mapping[str, tuple[str, ...]] = {
    "fixed_points": (*_POINT, "kind", "beyond_visited"),
    "stability": (*_POINT, "class"),
}
# Tables of blocks and their columns: of every task, and of each kind that has its own claims.
OF_EVERY_TASK: Mapping[str, tuple[str, ...]] = {
    "behaviour": ("seed", "setting", "level", "score"),
    "attractors": ("seed", "probe", "kind", "rotation", "visited", "box"),
    "ends": ("seed", "probe", "visited_runs", "box_runs"),
    "searches": ("seed", "probe", "certificate", "proof_rank", "missed", "refuted"),
}
OF_KIND: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "flipflop": {
        "fixed_points": (*_FIXED["fixed_points"], "readout"),
        "stability": (*_FIXED["stability"], "unstable"),
        "edges": ("seed", "probe", "from", "to", "kind", "probability"),
    },
    "integrator": {"continua": ("seed", "probe", "kind", "nature", "turns")},
    "sinewave": {
        "fixed_points": _FIXED["fixed_points"],
        "stability": (
            *_FIXED["stability"],
            "unstable",
            "spectral_radius",
            "frequency",
        ),
    },
    "interval": {"trajectories": ("seed", "trial", "time", "output", "target", "condition")},
    "context": {**_FIXED, "responses": (*_POINT, "mode", "re", "im", "input_gain")},
}
# Tables of blocks that there are only where a section of the experiment file asks for them.
OF_SECTION: Mapping[Section, Mapping[str, tuple[str, ...]]] = {
    "development": {
        "development": ("seed", "probe", "step", "score", "index_sum", "certificate"),
        "development_points": (
            "seed",
            "probe",
            "step",
            "identity",
            "readout",
            "class",
            "beyond_visited",
        ),
        "development_attractors": ("seed", "probe", "step", "identity", "point"),
        "development_events": (
            "seed",
            "probe",
            "of",
            "event",
            "identity",
            "partner",
            "kind",
            "step_before",
            "step_after",
            "step",
            "index",
        ),
    },
}
# Tables of all networks of a task that claims read: of every experiment, and of such a section.
POPULATION = ("networks", "distances", "unrelated")
POPULATION_OF_SECTION: Mapping[Section, tuple[str, ...]] = {"development": ("foretold",)}
# Values of columns of large tables; no claim needs rows with other values.
ROWS: Mapping[str, Mapping[str, tuple[str | int, ...]]] = {
    "distances": {"metric": ("svcca", "topology")},
    "edges": {"kind": ("noise",)},
    "responses": {"mode": (0,)},
}


def tables_for(task_kind: str, asked: Collection[str] = ()) -> Mapping[str, tuple[str, ...]]:
    """Tables of blocks that claims about a kind of task read, with their columns.

    Parameters
    ----------
    task_kind
        Kind of the task.
    asked
        What is asked of all of its cohorts beside what is done for all networks.
    """
    more = [tables for section, tables in OF_SECTION.items() if section in asked]
    return {**OF_EVERY_TASK, **OF_KIND.get(task_kind, {}), **dict(ChainMap(*more))}


def population_tables(asked: Collection[str] = ()) -> tuple[str, ...]:
    """Tables of all networks of a task that claims read, where so much is asked of its cohorts."""
    more = (tables for section, tables in POPULATION_OF_SECTION.items() if section in asked)
    return (*POPULATION, *chain(*more))


def findings_of(task: str, kind: str, evidence: Evidence) -> pd.DataFrame:
    """Judge all claims about one task: rows of the table ``findings``, in the claims' order.

    Parameters
    ----------
    task, kind
        Name of the task in the experiment, and its kind.
    evidence
        Its tables.
    """
    import pandas as pd

    from rnnpipe.population.findings.births import judge_births
    from rnnpipe.population.findings.continuous_attractors import judge_contexts, judge_ring
    from rnnpipe.population.findings.development import judge_development
    from rnnpipe.population.findings.ends import judge_ends
    from rnnpipe.population.findings.every_task import (
        judge_generalisation,
        judge_training,
        judge_universality,
    )
    from rnnpipe.population.findings.memory import judge_memory
    from rnnpipe.population.findings.oscillation import judge_oscillation
    from rnnpipe.population.findings.ranks import judge_ranks
    from rnnpipe.population.findings.sharing import judge_sharing
    from rnnpipe.population.findings.timing import judge_timing
    from rnnpipe.tables.schemas import SCHEMAS

    judges = {
        "flipflop": judge_memory,
        "integrator": judge_ring,
        "sinewave": judge_oscillation,
        "interval": judge_timing,
        "context": judge_contexts,
    }
    own = [judges[kind]] if kind in judges else []
    developed = "development" in evidence.tables
    if developed and kind == "flipflop":
        own.append(judge_development)
    own += [judge_births] if developed else []
    of_dynamics = (judge_universality, judge_sharing, judge_ends, judge_ranks)
    found = [
        vars(finding)
        for judge in (judge_training, *own, *of_dynamics, judge_generalisation)
        for finding in judge(evidence)
    ]
    return pd.DataFrame(found).assign(task=task)[SCHEMAS["findings"].names]
