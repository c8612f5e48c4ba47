"""Where every file of an experiment lies, as Hive partitions.

The arguments may be Snakemake's wildcards in braces.
"""

from dataclasses import astuple

from rnnpipe.plan.stages import SUFFIXES
from rnnpipe.settings import Cohort

FIGURE_SUFFIXES = ("svg", "png", "csv", "txt")
FINDINGS_SUFFIXES = ("parquet", "md", "html")
# Name of the page of all networks of an experiment.
INDEX = "index.html"


def block_path(experiment: str, name: str, cohort: Cohort, seeds: str) -> str:
    """Path of a block's file.

    One table, one folder, so that ``pandas.read_parquet`` of the folder is the
    whole table.
    """
    keys = f"task={cohort.task}/model={cohort.model}/constraint={cohort.constraint}"
    return f"results/{experiment}/{name}/{keys}/seeds={seeds}/{name}.{SUFFIXES[name]}"


def log_path(experiment: str, rule: str, *names: str) -> str:
    """Path of the log of a job, which the values of its wildcards name."""
    return _beside(experiment, "logs", rule, names, "log")


def benchmark_path(experiment: str, rule: str, *names: str) -> str:
    """Path of what Snakemake measured of a job."""
    return _beside(experiment, "benchmarks", rule, names, "tsv")


def block_log(experiment: str, stage: str, cohort: Cohort, seeds: str) -> str:
    """Path of the log of a block's job."""
    return log_path(experiment, stage, *astuple(cohort), seeds)


def block_benchmark(experiment: str, stage: str, cohort: Cohort, seeds: str) -> str:
    """Path of what Snakemake measured of a block's job."""
    return benchmark_path(experiment, stage, *astuple(cohort), seeds)


def checkpoint_path(experiment: str, cohort: Cohort, seeds: str) -> str:
    """Path of what a block's training goes on from after a break."""
    return _beside(experiment, "checkpoints", "train", (*astuple(cohort), seeds), "pt")


def scene_folder(experiment: str, cohort: Cohort, part: str) -> str:
    """Path of the folder of the pictures and pages of some networks of a cohort."""
    keys = f"task={cohort.task}/model={cohort.model}/constraint={cohort.constraint}"
    return f"results/{experiment}/scenes/{keys}/networks={part}"


def scene_name(seed: int, suffix: str, order: int | None = None) -> str:
    """Name of a network's picture, page or caption; `order` of one with the points up to it."""
    return f"seed={seed}{'' if order is None else f'.order={order}'}.{suffix}"


def page_name(task: str, model: str, constraint: str, seed: int, suffix: str = "html") -> str:
    """Name of a network's page or picture beside the page of its experiment."""
    return f"{task}.{model}.{constraint}.{seed}.{suffix}"


def pages_folder(experiment: str) -> str:
    """Path of the folder of an experiment's interactive pages."""
    return f"results/{experiment}/pages"


def _beside(experiment: str, folder: str, rule: str, names: tuple[str, ...], suffix: str) -> str:
    job = f"{rule}/{'.'.join(names)}" if names else rule
    return f"results/{experiment}/{folder}/{job}.{suffix}"


def population_path(experiment: str, name: str, task: str) -> str:
    """Path of a population table of one task, which says in a column whose it is."""
    return f"results/{experiment}/population/{name}/{task}.parquet"


def findings_path(experiment: str, suffix: str) -> str:
    """Path of the findings of an experiment, as a table or a page."""
    folder = "population/" if suffix == "parquet" else ""
    return f"results/{experiment}/{folder}findings.{suffix}"


def seconds_path(experiment: str) -> str:
    """Path of the table of seconds and memory."""
    return f"results/{experiment}/population/seconds.parquet"


def live_path(experiment: str, task: str) -> str:
    """Path of the losses of a task's networks while they train."""
    return f"results/{experiment}/live/task={task}.png"


def figure_path(experiment: str, task: str, kind: str, suffix: str) -> str:
    """Path of a figure, or of the table or caption beside it."""
    return f"results/{experiment}/figures/task={task}/{kind}.{suffix}"
