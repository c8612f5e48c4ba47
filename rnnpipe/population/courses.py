"""The courses of networks in training: states and skeletons at the steps at which they were kept.

The skeleton of a step is made of the points and moving attractors that the stage ``development``
found there. Where noise would lead from them was not asked at each step, so that all of it counts
as reaching no attractor, and topologies differ by readouts and stability alone.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import FIXED, SLOW
from rnnpipe.networks.harvest import trajectories
from rnnpipe.networks.snapshots import Snapshots
from rnnpipe.population.convergence import MOST_SAMPLES, Course, Snapshot
from rnnpipe.population.features import skeleton_from, with_finite_readouts
from rnnpipe.population.similarity.reduction import evenly, reduce
from rnnpipe.population.similarity.skeleton import Skeleton
from rnnpipe.population.spurious_points import is_spurious
from rnnpipe.settings import Cohort
from rnnpipe.settings.sections.analysis import ComparisonSettings
from rnnpipe.tasks import Trials

# Tables of a block that `courses_of` reads, and their columns.
COLUMNS: Mapping[str, Sequence[str]] = {
    "development_points": (
        "seed",
        "probe",
        "step",
        "readout",
        "unstable",
        "class",
        "beyond_visited",
    ),
    "development_attractors": ("seed", "probe", "step", "point", "kind", "readout"),
}


def courses_of(
    cohort: Cohort,
    snapshots: Snapshots,
    seeds: Sequence[int],
    tables: Mapping[str, pd.DataFrame],
    probes: Sequence[str],
    trials: Trials,
    comparison: ComparisonSettings,
) -> list[Course]:
    """Run the networks of a block at all steps, and gather what is compared of them.

    Parameters
    ----------
    cohort
        Of the block.
    snapshots
        Of the block.
    seeds
        The networks that are compared; others, and those without a snapshot, are left out.
    tables
        The tables that `COLUMNS` names.
    probes
        Names of the probes, in an order that all blocks share.
    trials
        Test trials, the same for all networks.
    comparison
        Numbers of principal components and of states kept per network.
    """
    found = []
    for row, seed in enumerate(snapshots.seeds):
        networks, steps = snapshots.of(row)
        if seed not in seeds or not len(steps):
            continue
        states, outputs = trajectories(networks, trials)
        own = {name: table[table["seed"] == seed] for name, table in tables.items()}
        kept = []
        for number, step in enumerate(steps):
            basis, scale = _reduced(states[number], comparison)
            nodes = {name: table[table["step"] == step] for name, table in own.items()}
            skeleton = skeleton_at(nodes, probes, outputs.shape[-1])
            kept.append(Snapshot(basis, int(np.count_nonzero(scale)), skeleton))
        found.append(Course(cohort.model, cohort.constraint, int(seed), steps, kept))
    return found


def _reduced(states: np.ndarray, comparison: ComparisonSettings) -> tuple[np.ndarray, np.ndarray]:
    """Reduce states (trial, time, unit); of no dimension where they are not finite."""
    flat = states.reshape(-1, states.shape[-1])
    chosen = evenly(len(flat), min(comparison.samples, MOST_SAMPLES))
    if not np.isfinite(flat[chosen]).all():
        return np.zeros((len(chosen), comparison.components)), np.zeros(comparison.components)
    return reduce(flat[chosen], comparison.components)


def skeleton_at(
    tables: Mapping[str, pd.DataFrame], probes: Sequence[str], outputs: int
) -> Skeleton:
    """Read the skeleton of one network at one step.

    Spurious points, which are marginal and beyond all visited states, and slow drifts are left
    out, as are nodes whose readout is not finite.

    Parameters
    ----------
    tables
        The rows of the tables that `COLUMNS` names which belong to the network and step.
    probes
        Names of the probes, in an order that all networks share.
    outputs
        Number of outputs.
    """
    points, moving = tables["development_points"], tables["development_attractors"]
    points = points[~is_spurious(points)].assign(kind=FIXED)
    moving = moving[(moving["point"] < 0) & (moving["kind"] != SLOW)].assign(unstable=0)
    columns = ["probe", "kind", "unstable", "readout"]
    nodes = pd.concat([points[columns], moving[columns]], ignore_index=True)
    nodes = with_finite_readouts(nodes)
    nowhere = np.eye(1, len(nodes) + 1, len(nodes)).repeat(len(nodes), axis=0)
    return skeleton_from(nodes, probes, outputs, nowhere)
