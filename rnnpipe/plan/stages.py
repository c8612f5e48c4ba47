"""The table of stages, which rules, scripts, paths, status and tests read."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from rnnpipe.jobs.stage import Output, Stage
from rnnpipe.parameters import Settings
from rnnpipe.plan.gathering import COHORT, GATHERING
from rnnpipe.settings import job_settings as jobs
from rnnpipe.settings.asked import Asked

BLOCK = ("task", "model", "constraint", "seeds")


def _block_stage(
    name: str,
    settings: type[Settings],
    writes: Mapping[str, str],
    reads: Mapping[str, str] = MappingProxyType({}),
    only: Asked | None = None,
    rule: str = "",
    **suffixes: str,
) -> Stage:
    """Describe a stage whose jobs work on one block and write tables and files of other suffixes.

    One table is one folder, so that ``pandas.read_parquet`` of the folder is the whole table.
    """
    paths = {
        output: f"{output}/{COHORT}/seeds={{seeds}}/{output}.{suffixes.get(output, 'parquet')}"
        for output in writes
    }
    outputs = {output: Output(what, paths[output]) for output, what in writes.items()}
    return Stage(name, settings, BLOCK, outputs, reads, only=only, rule=rule)


# The rule that takes the place of training where networks are imported.
IMPORT = "import_networks"
_STAGES = (
    _block_stage(
        "train",
        jobs.TrainJob,
        {
            "weights": "the trained networks",
            "history": "one row per network and step: loss, learning rate, gradient norm",
            "training": "one row per network: score, why it ended, spectral radius, violations",
            "snapshots": "the networks at the steps at which their weights were kept; else none",
        },
        weights="pt",
        snapshots="pt",
    ),
    _block_stage(
        IMPORT,
        jobs.ImportJob,
        {
            "weights": "the networks, in float64",
            "history": "a table without rows: nothing was trained",
            "training": "one row per network: score, spectral radius",
            "snapshots": "none: nothing was trained",
        },
        weights="pt",
        snapshots="pt",
    ),
    _block_stage(
        "harvest",
        jobs.HarvestJob,
        {
            "trajectories": "one row per time step of a test trial: state, input, output, target",
            "components": "one row per principal component: variance, direction, mean",
            "dimensionality": "one row per network: participation ratio, components for 85 %",
        },
        reads={"weights": "the trained networks", "training": "why each network's training ended"},
    ),
    _block_stage(
        "behaviour",
        jobs.BehaviourJob,
        {
            "behaviour": "one row per network and setting: score",
            "runs": "one row per time step of some of the longest trials: output, target",
        },
        reads={"weights": "the trained networks"},
        rule="harvest",
    ),
    _block_stage(
        "loadings",
        jobs.LoadingsJob,
        {
            "loadings": "one row per unit: m, n, input and output weights, bias, population",
            "overlaps": "one row per pair of vectors of loadings: overlap, covariance",
            "mixtures": "one row per network and number of Gaussian populations: BIC, covariances",
            "resampled": "one row per network drawn from a mixture: units, score",
        },
        reads={"weights": "the trained networks", "training": "why each network's training ended"},
        only="low_rank",
    ),
    _block_stage(
        "branches",
        jobs.BranchesJob,
        {
            "branches": "one row per point of a branch: value, state, readout, stability",
            "bifurcations": "one row per fold or change of stability: kind, value, state, readout",
        },
        reads={"weights": "the trained networks", "trajectories": "the states to start from"},
        only="swept",
    ),
    _block_stage(
        "development",
        jobs.DevelopmentJob,
        {
            "development": "one row per network, probe and kept step: score, points, certificate",
            "development_points": "one row per fixed point at a kept step: identity, state, class",
            "development_attractors": "one row per attractor at a kept step: identity, kind, share",
            "development_events": "one row per birth or death between kept steps: kind, when",
        },
        reads={"snapshots": "the networks at the steps at which their weights were kept"},
        only="development",
    ),
    _block_stage(
        "fixed_points",
        jobs.FixedPointsJob,
        {
            "fixed_points": "one row per fixed or slow point: state, speed, kind, hits, readout",
            "searches": "one row per network and probe: starts, rounds, certificate",
        },
        reads={"weights": "the trained networks", "trajectories": "the states to start from"},
    ),
    _block_stage(
        "attractors",
        jobs.AttractorsJob,
        {
            "attractors": "one row per attractor: kind, period, exponents, share of the runs",
            "curves": "one row per state along an attractor that is no known point: readout",
            "ends": "one row per network and probe: runs, and those that end in no attractor",
        },
        reads={
            "weights": "the trained networks",
            "trajectories": "the states to start from",
            "fixed_points": "the points, of which stable ones are attractors",
            "searches": "the spread of each network's states",
        },
        rule="skeleton",
    ),
    _block_stage(
        "continua",
        jobs.ContinuaJob,
        {
            "continua": "one row per slow curve or surface: kind, nature, gap, drift, turns",
            "continuum_points": "one row per state of a slow curve or surface: readout, drift",
        },
        reads={
            "weights": "the trained networks",
            "trajectories": "the states to start from",
            "fixed_points": "the points that may lie on curves",
        },
        rule="skeleton",
    ),
    _block_stage(
        "stability",
        jobs.StabilityJob,
        {
            "stability": "one row per point: unstable modes, class, index, time constant",
            "modes": "one row per mode: eigenvalue, right and left eigenvector",
            "responses": "one row per leading mode: what inputs reach it, what outputs show it",
            "reduced": "one row per input and number of modes kept: the answer to a pulse",
        },
        reads={"weights": "the trained networks", "fixed_points": "the points"},
        rule="skeleton",
    ),
    _block_stage(
        "graph",
        jobs.GraphJob,
        {
            "edges": "one row per transition: by noise, along unstable modes, by input pulses",
            "graphs": "a pickle of {seed: {probe: networkx.DiGraph}}",
        },
        graphs="pkl",
        reads={
            "weights": "the trained networks",
            "fixed_points": "the points",
            "attractors": "the attractors, of which points have the number of the point",
            "curves": "the states of attractors that are no known points",
            "searches": "the spread of each network's states",
            "stability": "the points' classes",
            "modes": "eigenvalues and unstable eigenvectors",
        },
        rule="skeleton",
    ),
    _block_stage(
        "plane",
        jobs.PlaneJob,
        {
            "plane": "one row per node of a grid in κ, of networks of low rank: flow, attractor",
            "plane_axes": "one row per direction of the recurrent weights: singular value, ends",
            "plane_points": "one row per fixed or slow point: κ",
            "plane_curves": "one row per state along an attractor that is no known point: κ",
            "plane_trials": "one row per time step of a trial: κ",
        },
        reads={
            "weights": "the trained networks",
            "trajectories": "the trials",
            "fixed_points": "the points",
            "attractors": "the attractors, at which runs settle",
            "curves": "the states of attractors that are no known points",
        },
        only="low_rank",
    ),
    _block_stage(
        "ranks",
        jobs.RanksJob,
        {
            "ranks": "one row per network, cut and rank: score, solved, singular value",
            "rank_skeletons": "one row per cut network and probe: points, attractors, certificate",
        },
        reads={"weights": "the trained networks", "training": "why each network's training ended"},
        only="ranks",
    ),
    *GATHERING,
)
STAGES: Mapping[str, Stage] = {stage.name: stage for stage in _STAGES}
# The stages whose jobs work on one block; networks that are imported count as trained.
BLOCK_STAGES: Mapping[str, Stage] = {
    name: stage for name, stage in STAGES.items() if stage.wildcards == BLOCK and name != IMPORT
}
BLOCK_OUTPUTS: Mapping[str, Output] = {
    name: output for stage in BLOCK_STAGES.values() for name, output in stage.outputs.items()
}
STAGE_OF: Mapping[str, str] = {
    name: stage.name for stage in BLOCK_STAGES.values() for name in stage.outputs
}
# The population tables of a task.
POPULATION: Mapping[str, Output] = {
    table: output
    for stage in STAGES.values()
    if stage.wildcards == ("task",)
    for table, output in stage.outputs.items()
}


def gathered(stage: str, asked: Collection[Asked]) -> tuple[str, ...]:
    """Return the tables of blocks that a job gathers, of cohorts of which so much is asked."""
    return tuple(
        table
        for table in STAGES[stage].gathers
        if (only := STAGES[STAGE_OF[table]].only) is None or only in asked
    )
