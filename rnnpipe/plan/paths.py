"""The paths of all files of an experiment, as Hive partitions, in the folder of results.

The arguments may be Snakemake's wildcards in braces.
"""

from dataclasses import astuple

from rnnpipe.jobs.results_root import results_root
from rnnpipe.plan.rules import RULES
from rnnpipe.plan.stages import BLOCK_OUTPUTS, POPULATION, STAGES
from rnnpipe.settings import Cohort

# Name of the page of all networks of an experiment.
INDEX = "index.html"


def experiment_folder(experiment: str) -> str:
    """Return the path of the folder of an experiment's results."""
    return f"{results_root()}/{experiment}"


def output_paths(experiment: str, stage: str, *names: str) -> dict[str, str]:
    """Return the paths of what a stage writes, by output; `names` are its wildcards' values."""
    wildcards = dict(zip(STAGES[stage].wildcards, names, strict=True))
    return {
        name: f"{experiment_folder(experiment)}/{output.path.format(**wildcards)}"
        for name, output in STAGES[stage].outputs.items()
    }


def rule_outputs(experiment: str, rule: str, *names: str) -> dict[str, str]:
    """Return the paths of what a job of a rule writes, by output, in all stages of the rule."""
    return {
        name: path
        for stage in RULES[rule]
        for name, path in output_paths(experiment, stage.name, *names).items()
    }


def block_path(experiment: str, name: str, cohort: Cohort, seeds: str) -> str:
    """Return the path of a block's file of a table or file name."""
    path = BLOCK_OUTPUTS[name].path.format(**vars(cohort), seeds=seeds)
    return f"{experiment_folder(experiment)}/{path}"


def population_path(experiment: str, name: str, task: str) -> str:
    """Return the path of a population table of one task."""
    return f"{experiment_folder(experiment)}/{POPULATION[name].path.format(task=task)}"


def log_path(experiment: str, rule: str, *names: str) -> str:
    """Return the path of the log of a job; `names` are its wildcards' values."""
    return _beside(experiment, "logs", rule, names, "log")


def benchmark_path(experiment: str, rule: str, *names: str) -> str:
    """Return the path of Snakemake's measurements of a job."""
    return _beside(experiment, "benchmarks", rule, names, "tsv")


def block_log(experiment: str, rule: str, cohort: Cohort, seeds: str) -> str:
    """Return the path of the log of a block's job."""
    return log_path(experiment, rule, *astuple(cohort), seeds)


def block_benchmark(experiment: str, rule: str, cohort: Cohort, seeds: str) -> str:
    """Return the path of Snakemake's measurements of a block's job."""
    return benchmark_path(experiment, rule, *astuple(cohort), seeds)


def checkpoint_path(experiment: str, rule: str, cohort: Cohort, seeds: str) -> str:
    """Return the path of the checkpoint of a block's job."""
    return _beside(experiment, "checkpoints", rule, (*astuple(cohort), seeds), "pt")


def scene_folder(experiment: str, cohort: Cohort, part: str) -> str:
    """Return the path of the folder of pictures and pages of some networks of a cohort."""
    return output_paths(experiment, "scene", *astuple(cohort), part)["folder"]


def scene_name(seed: int, suffix: str, order: int | None = None) -> str:
    """Return the name of a network's picture, page or caption.

    `order` is that of a picture with the points of up to so many unstable modes.
    """
    return f"seed={seed}{'' if order is None else f'.order={order}'}.{suffix}"


def page_name(task: str, model: str, constraint: str, seed: int, suffix: str = "html") -> str:
    """Return the name of a network's page or picture beside the page of its experiment."""
    return f"{task}.{model}.{constraint}.{seed}.{suffix}"


def live_path(experiment: str, task: str) -> str:
    """Return the path of the figure of losses of a task's networks while they train."""
    return f"{experiment_folder(experiment)}/live/task={task}.png"


def _beside(experiment: str, folder: str, rule: str, names: tuple[str, ...], suffix: str) -> str:
    job = f"{rule}/{'.'.join(names)}" if names else rule
    return f"{experiment_folder(experiment)}/{folder}/{job}.{suffix}"
