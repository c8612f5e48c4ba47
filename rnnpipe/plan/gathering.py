"""The stages that gather: population tables, findings, figures, pictures and pages."""

from collections.abc import Mapping
from typing import Any

from rnnpipe.jobs.stage import Output, Stage
from rnnpipe.parameters import Settings
from rnnpipe.settings import job_settings as jobs

COHORT = "task={task}/model={model}/constraint={constraint}"


def _task_stage(
    name: str, settings: type[Settings], writes: Mapping[str, str], **more: Any
) -> Stage:
    """Describe a stage whose jobs write population tables of one task, named in a column."""
    outputs = {
        table: Output(what, f"population/{table}/{{task}}.parquet")
        for table, what in writes.items()
    }
    return Stage(name, settings, ("task",), outputs, **more)


# Tables that say what the skeleton of each network is.
_SKELETON = ("fixed_points", "attractors", "stability", "edges")
GATHERING = (
    _task_stage(
        "population",
        jobs.PopulationJob,
        {
            "networks": "one row per network and probe: score, solved, census, certificate",
            "missing": "one row per block that is left out: its networks, its stage, its log",
            "state_machine": "one row per attractor and pulse: where it leads and should lead",
        },
        gathers=(
            *_SKELETON,
            *("ends", "searches", "continua", "training", "dimensionality", "ranks"),
        ),
    ),
    _task_stage(
        "distances",
        jobs.DistancesJob,
        {
            "distances": "one row per metric and network: its distances to all networks",
            "unrelated": "one row per network: its topology distances, if readouts were chance",
        },
        gathers=(*_SKELETON, "modes", "weights", "trajectories", "runs"),
    ),
    _task_stage(
        "statistics",
        jobs.StatisticsJob,
        {
            "embedding": "one row per metric and network: its place on a map",
            "statistics": "one row per metric and factor: what it explains",
            "mantel": "one row per pair of metrics: how alike they are",
            "effects": "one row per constraint and measure: what it changes",
        },
        inputs={
            "distances": "the distances of all networks",
            "networks": "the population's table of networks",
        },
        gathers=("behaviour",),
        script="population_statistics",
    ),
    _task_stage(
        "convergence",
        jobs.ConvergenceJob,
        {
            "convergence": "one row per metric and kept step: how alike networks are by then",
            "foretold": "one row per metric and network: its early distances to all ends",
        },
        inputs={"networks": "the population's table of networks"},
        gathers=("snapshots", "development_points", "development_attractors"),
        only="development",
    ),
    Stage(
        "findings",
        jobs.FindingsJob,
        (),
        {
            "findings": Output(
                "one row per claim and task: number, interval, verdict",
                "population/findings.parquet",
            ),
            "page": Output("the same as Markdown, to be read", "findings.md"),
            "html": Output("the page for a browser", "findings.html"),
        },
    ),
    Stage(
        "seconds",
        jobs.SecondsJob,
        (),
        {
            "seconds": Output(
                "one row per block's job: seconds, CPU seconds, memory in MB",
                "population/seconds.parquet",
            )
        },
    ),
    Stage(
        "figure",
        jobs.FigureJob,
        ("task", "kind"),
        {
            "svg": Output("the figure, for editing", "figures/task={task}/{kind}.svg"),
            "png": Output("the figure, as a picture", "figures/task={task}/{kind}.png"),
            "table": Output("what is drawn, as CSV", "figures/task={task}/{kind}.csv"),
            "caption": Output(
                "what is drawn, of which networks, as text", "figures/task={task}/{kind}.txt"
            ),
        },
    ),
    Stage(
        "scene",
        jobs.SceneJob,
        ("task", "model", "constraint", "part"),
        {
            "folder": Output(
                "the pictures, pages and captions", f"scenes/{COHORT}/networks={{part}}", True
            )
        },
        gathers=(
            "weights",
            "trajectories",
            "components",
            "fixed_points",
            "attractors",
            "curves",
            "searches",
            "stability",
            "modes",
            "edges",
            "continua",
            "continuum_points",
            "plane",
            "plane_axes",
            "plane_points",
            "plane_curves",
            "plane_trials",
            "development",
            "development_points",
            "development_attractors",
            "development_events",
        ),
    ),
    Stage(
        "pages",
        jobs.PagesJob,
        (),
        {"folder": Output("the pages", "pages", True)},
    ),
)
