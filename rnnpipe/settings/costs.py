"""Estimates of what one network costs in each rule, from its settings.

The constants were measured with networks of 64 units, with all CPU cores busy;
they are good enough to tell an hour from a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rnnpipe.settings.sections.analysis import (
    BehaviourSettings,
    BranchSettings,
    ContinuaSettings,
    FixedPointSettings,
    GraphSettings,
    HarvestSettings,
    StabilitySettings,
)
from rnnpipe.settings.sections.models import CellSettings
from rnnpipe.settings.sections.training import TrainingSettings
from rnnpipe.tasks import TaskWithSettings

# One network, one optimiser step: 64 units, 64 trials of 50 time steps.
TRAINING_SECONDS = 3.5e-3
# One network, one probe: 64 units, 512 starts per round.
SEARCH_SECONDS = 0.8
# The search took 0.45, 1.2, 5 and 30 s of processor time for 64, 128, 256 and 512 units.
SEARCH_EXPONENT = 1.9
# Looking for continua from 64 states, 64 units; following one costs half as much again.
CONTINUA_SECONDS = 0.3
# One search of a sweep, and following what it finds, 64 units.
BRANCH_SECONDS = 0.8
# Eigenvalues and both sets of eigenvectors of one Jacobian, 64 units.
EIGENVALUES_SECONDS = 1.5e-3
# One perturbation of one fixed point followed until it settles, 64 units.
PERTURBATION_SECONDS = 3e-4
# One update of one trial, 64 units.
UPDATE_SECONDS = 1e-5

# Blocks of weights, and state variables per unit, of cells with more than one:
# training time grows with the number of blocks.
GATES = {"ugrnn": 2, "gru": 3, "lstm": 4}
STATES = {"lstm": 2}

MOST_POINTS = 500
SNAPSHOTS_PER_LEVEL = 256
EDGES_PER_POINT = 16
CURVE_NODES = 150
# Rows of a branch per value of a sweep: the value's own, and those on the way to the next.
ROWS_PER_VALUE = 4

FLOAT32_BYTES = 4
FLOAT64_BYTES = 8
HISTORY_COLUMNS = 6
POINT_COLUMNS = 8
MODE_COLUMNS = 6
EDGE_COLUMNS = 10


@dataclass(frozen=True)
class Cost:
    """What a rule, or an experiment, costs.

    Attributes
    ----------
    jobs
        Number of jobs.
    core_seconds
        Seconds on one CPU core, including the start of the jobs.
    disk_bytes
        Bytes of the files written, before compression.
    """

    jobs: int = 0
    core_seconds: float = 0.0
    disk_bytes: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.jobs + other.jobs,
            self.core_seconds + other.core_seconds,
            self.disk_bytes + other.disk_bytes,
        )


@dataclass(frozen=True)
class Analysis:
    """The sections on the analysis of trained networks, with their defaults."""

    harvest: HarvestSettings = field(default_factory=HarvestSettings)
    behaviour: BehaviourSettings = field(default_factory=BehaviourSettings)
    branches: BranchSettings = field(default_factory=BranchSettings)
    fixed_points: FixedPointSettings = field(default_factory=FixedPointSettings)
    continua: ContinuaSettings = field(default_factory=ContinuaSettings)
    stability: StabilitySettings = field(default_factory=StabilitySettings)
    graph: GraphSettings = field(default_factory=GraphSettings)


def costs_of_network(
    task: TaskWithSettings, model: CellSettings, training: TrainingSettings, analysis: Analysis
) -> Mapping[str, Cost]:
    """Estimate what one network costs in each rule, without the start of jobs.

    Parameters
    ----------
    task, model
        What the network learns, and what it is.
    training
        How the model is trained on the task; without effect on imported models.
    analysis
        How the trained network is analysed.

    Returns
    -------
    mapping
        Cost by rule; the number of jobs is 0.
    """
    units, gates = model.units, GATES.get(model.cell, 1)
    state = units * STATES.get(model.cell, 1)
    trials, points = analysis.harvest.trials, min(task.expected_points, MOST_POINTS)
    inputs, outputs, time = task.inputs, task.outputs, task.time
    size, order = units / 64, state / 64

    weights = gates * units * (units + inputs + 1) + units * outputs + state + outputs
    row = state + outputs + POINT_COLUMNS
    states = points * row + len(analysis.fixed_points.snapshots) * SNAPSHOTS_PER_LEVEL * row
    vectors = min(analysis.stability.vectors, state)
    modes = points * (state * MODE_COLUMNS + vectors * 4 * state)
    written = min(trials, analysis.harvest.kept or trials)
    trajectory = written * time * (state + inputs + 2 * outputs + 1)
    starts = analysis.fixed_points.starts / 512
    sweeps = task.sweeps()
    values = sum(len(sweep.values) for sweep in sweeps.values())
    probes = len(task.probes())
    runs = analysis.behaviour.trials * (2 + len(analysis.behaviour.noise))
    runs += analysis.behaviour.trials * sum(analysis.behaviour.longer)
    searched = len(sweeps) * analysis.branches.searches
    perturbed = points * analysis.graph.perturbations
    return {
        **_first_cost(task, model, training, weights),
        "harvest": Cost(
            core_seconds=UPDATE_SECONDS * trials * time * gates * size**2,
            disk_bytes=(trajectory + state * state) * FLOAT64_BYTES,
        ),
        "behaviour": Cost(
            core_seconds=UPDATE_SECONDS * runs * time * gates * size**2,
            disk_bytes=analysis.behaviour.kept * time * outputs * FLOAT64_BYTES,
        ),
        "fixed_points": Cost(
            core_seconds=SEARCH_SECONDS * probes * starts * order**SEARCH_EXPONENT,
            disk_bytes=probes * states * FLOAT64_BYTES,
        ),
        "branches": Cost(
            core_seconds=BRANCH_SECONDS * searched * order**SEARCH_EXPONENT,
            disk_bytes=ROWS_PER_VALUE * points * values * row * FLOAT64_BYTES,
        ),
        "continua": Cost(
            core_seconds=CONTINUA_SECONDS * probes * analysis.continua.starts / 64 * size**3,
            disk_bytes=probes * CURVE_NODES * row * FLOAT64_BYTES,
        ),
        "stability": Cost(
            core_seconds=EIGENVALUES_SECONDS * probes * points * order**3,
            disk_bytes=probes * modes * FLOAT64_BYTES,
        ),
        "graph": Cost(
            core_seconds=PERTURBATION_SECONDS * probes * perturbed * gates * size**2,
            disk_bytes=probes * points * EDGES_PER_POINT * EDGE_COLUMNS * FLOAT64_BYTES,
        ),
    }


def _first_cost(
    task: TaskWithSettings, model: CellSettings, training: TrainingSettings, weights: int
) -> dict[str, Cost]:
    """Cost of training a network with this many weights, or of importing it."""
    if model.imported:
        return {"import_networks": Cost(disk_bytes=2 * weights * FLOAT64_BYTES)}
    work = training.steps * (training.trials / 64) * (task.time / 50) * (model.units / 64) ** 2
    rows = training.steps * HISTORY_COLUMNS
    train = Cost(
        core_seconds=TRAINING_SECONDS * work * GATES.get(model.cell, 1),
        disk_bytes=2 * weights * FLOAT32_BYTES + rows * FLOAT64_BYTES,
    )
    return {"train": train}
