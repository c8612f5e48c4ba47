"""The stages of the pipeline: what each writes, and the code behind its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from rnnpipe.parameters import Settings
from rnnpipe.plan.fingerprint import fingerprint
from rnnpipe.settings import job_settings as jobs


@dataclass(frozen=True)
class Stage:
    """A stage that works on blocks.

    Attributes
    ----------
    files
        What it writes: table or file name to suffix.
    modules
        Modules whose change would change its numbers.
    swept
        Whether it works only on tasks with a probe that is swept.
    """

    files: Mapping[str, str]
    modules: tuple[str, ...]
    swept: bool = False


STAGES: Mapping[str, Stage] = {
    "train": Stage(
        {"weights": "pt", "history": "parquet", "training": "parquet"},
        ("rnnpipe.training.fit", "rnnpipe.networks.construction", "rnnpipe.networks.weights_file"),
    ),
    "behaviour": Stage(
        {"behaviour": "parquet", "runs": "parquet"},
        ("rnnpipe.networks.behaviour", "rnnpipe.tasks", "rnnpipe.networks.weights_file"),
    ),
    "harvest": Stage(
        {"trajectories": "parquet", "components": "parquet", "dimensionality": "parquet"},
        ("rnnpipe.networks.harvest", "rnnpipe.networks.weights_file"),
    ),
    "branches": Stage(
        {"branches": "parquet", "bifurcations": "parquet"},
        ("rnnpipe.dynamics.branches", "rnnpipe.tasks", "rnnpipe.networks.weights_file"),
        swept=True,
    ),
    "fixed_points": Stage(
        {
            "fixed_points": "parquet",
            "orbits": "parquet",
            "snapshots": "parquet",
            "searches": "parquet",
        },
        ("rnnpipe.dynamics.fixed_points.search", "rnnpipe.networks.weights_file"),
    ),
    "continua": Stage(
        {"continua": "parquet", "continuum_points": "parquet"},
        ("rnnpipe.dynamics.continua", "rnnpipe.tasks", "rnnpipe.networks.weights_file"),
    ),
    "stability": Stage(
        {
            "stability": "parquet",
            "modes": "parquet",
            "responses": "parquet",
            "reduced": "parquet",
        },
        (
            "rnnpipe.dynamics.stability",
            "rnnpipe.dynamics.linear_response",
            "rnnpipe.tasks",
            "rnnpipe.networks.weights_file",
        ),
    ),
    "graph": Stage(
        {"edges": "parquet", "graphs": "pkl"},
        ("rnnpipe.dynamics.transitions", "rnnpipe.networks.weights_file"),
    ),
}
SUFFIXES: Mapping[str, str] = {
    name: suffix for stage in STAGES.values() for name, suffix in stage.files.items()
}
STAGE_OF: Mapping[str, str] = {name: key for key, stage in STAGES.items() for name in stage.files}
POPULATION = (
    "networks",
    "missing",
    "state_machine",
    "distances",
    "embedding",
    "statistics",
    "mantel",
    "effects",
)
# The settings of each stage's job that reads networks.
BLOCK_JOBS: Mapping[str, type[Settings]] = {
    "harvest": jobs.HarvestJob,
    "behaviour": jobs.BehaviourJob,
    "branches": jobs.BranchesJob,
    "fixed_points": jobs.FixedPointsJob,
    "continua": jobs.ContinuaJob,
    "stability": jobs.StabilityJob,
    "graph": jobs.GraphJob,
}
# Modules outside the figures that make the tables of some kinds.
FRAMES: Mapping[str, tuple[str, ...]] = {"weights": ("weights_frame",)}
# Whoever writes a table imports the columns of all; no block's job writes one of these.
OF_POPULATION = ("rnnpipe.tables.schemas.population",)
# What takes the place of training where networks are imported.
IMPORT_MODULES = (
    "rnnpipe.networks.network_file",
    "rnnpipe.training.evaluation",
    "rnnpipe.networks.weights_file",
)
# The jobs that read what stages wrote, of a cohort, a task or all tasks, and their modules.
GATHERING: Mapping[str, tuple[str, ...]] = {
    "population": ("rnnpipe.population.tables", "rnnpipe.population.state_machine"),
    "distances": (
        "rnnpipe.population.distances",
        "rnnpipe.population.features",
        "rnnpipe.tasks",
        "rnnpipe.networks.weights_file",
    ),
    "statistics": (
        "rnnpipe.population.statistics.tables",
        "rnnpipe.population.statistics.effects",
    ),
    "findings": ("rnnpipe.population.findings.claims", "rnnpipe.tasks"),
    "scene": ("rnnpipe.results.scenes", "rnnpipe.pages.network_page"),
    "pages": ("rnnpipe.pages.experiment_page",),
}


def stage_code(stage: str) -> str:
    """Fingerprint of the code behind a stage's numbers."""
    return fingerprint(STAGES[stage].modules, OF_POPULATION)


def import_code() -> str:
    """Fingerprint of the code that imports networks."""
    return fingerprint(IMPORT_MODULES, OF_POPULATION)


def gathering_code(rule: str) -> str:
    """Fingerprint of the code behind the tables of a job on all networks."""
    return fingerprint(GATHERING[rule])


def figure_code(kind: str) -> str:
    """Fingerprint of the code that draws a kind of figure."""
    modules = ("rnnpipe.figures.render", f"rnnpipe.figures.kinds.{kind}")
    return fingerprint((*modules, *(f"rnnpipe.results.{name}" for name in FRAMES.get(kind, ()))))
