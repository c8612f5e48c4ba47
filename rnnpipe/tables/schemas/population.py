"""Tables on all networks of one task: what they are, and how far they are from each other."""

from collections.abc import Mapping

from rnnpipe.dynamics.classes import CHAOTIC, CYCLE, FIXED, LIMIT_CYCLE, SLOW, TORUS
from rnnpipe.tables.schemas.columns import Columns, flag, number, numbers, text, whole
from rnnpipe.tables.schemas.shared import (
    CERTIFICATE,
    COMPONENTS_85,
    CONSTRAINT,
    FOUND,
    INDEX_SUM,
    MISSING,
    MODEL,
    MOVING_SHARE,
    PARTICIPATION_RATIO,
    PROBE,
    REASON,
    SCORE,
    SEED,
    SLOW_POINTS,
    TASK,
    TRAINED,
)

# What networks of one task may differ in by design, and statistics may ask for.
FACTORS = (
    "cell",
    "activation",
    "units",
    "l2",
    "gain",
    "alpha",
    "noise",
    "constraint",
    "dale_ratio",
    "autapses",
    "density",
    "modules",
    "rank",
)

# The census counts points with this many unstable modes or more together.
MOST_UNSTABLE = 8
UNSTABLE = tuple(f"unstable_{k}" for k in range(MOST_UNSTABLE + 1))
# It counts attractors by their kind, in the order of kinds.
ATTRACTORS: Mapping[str, str] = {
    FIXED: "attracting_points",
    CYCLE: "attracting_cycles",
    LIMIT_CYCLE: "limit_cycles",
    TORUS: "tori",
    CHAOTIC: "chaotic_sets",
    SLOW: "drifts",
}

POPULATION: Mapping[str, Columns] = {
    "networks": {
        "task": TASK,
        "model": MODEL,
        "constraint": CONSTRAINT,
        "seed": SEED,
        "cell": text("Kind of cell."),
        "activation": text("Activation of the units."),
        "units": whole("Number of units."),
        "l2": number("Penalty on the recurrent weights' squares; NaN of an imported network."),
        "gain": number("Gain of the initial weights; NaN of an imported network."),
        "alpha": number("Share of the state that an update replaces; NaN of cells without leak."),
        "noise": number(
            "Standard deviation of the noise in training; NaN of cells without leak and of "
            "imported networks."
        ),
        "dale_ratio": number(
            "Share of excitatory units in the regions with signs; NaN where no unit has one."
        ),
        "autapses": flag("Whether units of all regions may have weights onto themselves."),
        "density": number("Share of the recurrent weights that the constraint allows for."),
        "modules": whole("Number of regions."),
        "rank": number("Rank of the recurrent weights by the constraint; NaN where it gives none."),
        "score": SCORE,
        "solved": flag(
            "Whether the score reaches the task's threshold, and training did not diverge."
        ),
        **TRAINED,
        "participation_ratio": PARTICIPATION_RATIO,
        "components_85": COMPONENTS_85,
        "probe": PROBE,
        "summary": text("The skeleton in one line; null where nothing was searched."),
        "attractors": whole("Attractors of all kinds, spurious points aside."),
        **{
            column: whole(f"Attractors of kind `{kind}`, spurious points aside.")
            for kind, column in ATTRACTORS.items()
        },
        "moving_share": MOVING_SHARE,
        "unassigned_share": number(
            "Share of the runs from visited states that end in no attractor; NaN without runs."
        ),
        "found": FOUND,
        "slow": SLOW_POINTS,
        "marginal": whole("Marginal fixed points that are not spurious."),
        "spurious": whole(
            "Spurious fixed points: marginal ones beyond all visited states, made by saturated "
            "gates and not counted among others."
        ),
        **{
            column: whole(
                f"Fixed points with {k}{' or more' if k == MOST_UNSTABLE else ''} unstable modes, "
                "neither marginal nor spurious."
            )
            for k, column in enumerate(UNSTABLE)
        },
        "index_sum": INDEX_SUM,
        "certificate": CERTIFICATE,
        "reason": REASON,
        "missing": MISSING,
        "rings": whole("Continuous attractors that are rings."),
        "arcs": whole("Continuous attractors that are arcs."),
        "lines": whole("Continuous attractors that are lines."),
        "surfaces": whole("Continuous attractors that are surfaces."),
        "edges": whole(
            "Pairs of different nodes that noise or an unstable manifold leads from and to."
        ),
        "unassigned": number(
            "Share of the trials with noise that settle at no attractor; NaN without trials."
        ),
        "machine_states": whole("Attractors that count as states of the finite-state machine."),
        "machine_right": number(
            "Share of the transitions under pulses that lead where the task says; NaN of a task "
            "without a machine."
        ),
        "least_rank": number(
            "Least rank to which the recurrent weights can be cut such that the network does its "
            "task there and at every higher rank; NaN where ranks are not asked for, and of a "
            "network that does not do it uncut."
        ),
        "least_change_rank": number(
            "The same of the change of the recurrent weights in training, added to the initial "
            "ones; NaN of imported networks too."
        ),
    },
    "missing": {
        "task": TASK,
        "model": MODEL,
        "constraint": CONSTRAINT,
        "seeds": text("Label of the block: its first and last seed."),
        "networks": whole("Number of its networks."),
        "stage": text("Rule of the first job that left no files of it."),
        "log": text("Path of the log of the stage's job."),
    },
    "state_machine": {
        "task": TASK,
        "model": MODEL,
        "constraint": CONSTRAINT,
        "seed": SEED,
        "probe": PROBE,
        "source": whole("Node of the attractor at which the pulse comes."),
        "input": text("Name of the pulse."),
        "expected": whole(
            "Node of the attractor nearest to the readouts that the task asks for afterwards; -1 "
            "if none is there."
        ),
        "probability": number("Share of the trials that end at an attractor with these readouts."),
        "right": flag("Whether the probability is more than a half."),
    },
    "distances": {
        "task": TASK,
        "metric": text("Name of the metric."),
        "model": MODEL,
        "constraint": CONSTRAINT,
        "seed": SEED,
        "distances": numbers(
            "Distances to all networks, in the order of the metric's rows (network); NaN to a "
            "network that it cannot be compared with."
        ),
    },
    "unrelated": {
        "task": TASK,
        "model": MODEL,
        "constraint": CONSTRAINT,
        "seed": SEED,
        "distances": numbers(
            "Topology distances to all networks if the readouts of all nodes were drawn by chance, "
            "in the order of rows (network)."
        ),
    },
    "embedding": {
        "task": TASK,
        "metric": text("Name of the metric."),
        "model": MODEL,
        "constraint": CONSTRAINT,
        "seed": SEED,
        "x": number("Place along the longer axis of the map, in the unit of the distances."),
        "y": number("Place along the shorter axis."),
        "stress": number(
            "Kruskal's stress-1 of the map: 0 where the plane holds all distances exactly."
        ),
    },
}
