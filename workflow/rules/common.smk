from rnnpipe.plan.paths import (
    FIGURE_SUFFIXES,
    benchmark_path,
    block_benchmark,
    block_log,
    block_path,
    checkpoint_path,
    figure_path,
    findings_path,
    log_path,
    pages_folder,
    population_path,
    scene_folder,
    seconds_path,
)
from rnnpipe.settings import Cohort
from rnnpipe.plan.stages import figure_code, gathering_code, import_code, stage_code

BLOCK = Cohort("{task}", "{model}", "{constraint}")
# What jobs that can use a GPU ask SLURM for; `auto` takes one where the profile asks.
GPUS = int(plan.experiment.compute.device == "cuda")


def block_file(name):
    """Pattern of a block's file: one table or file name, the block as wildcards."""
    return block_path(plan.name, name, BLOCK, "{seeds}")


def log_file(stage):
    """Pattern of the log of a block's job."""
    return block_log(plan.name, stage, BLOCK, "{seeds}")


def benchmark_file(stage):
    """Pattern of what Snakemake measures of a block's job."""
    return block_benchmark(plan.name, stage, BLOCK, "{seeds}")


def checkpoint_file():
    """Pattern of what a block's training goes on from after a break."""
    return checkpoint_path(plan.name, BLOCK, "{seeds}")


def block_settings(stage):
    """Function of the wildcards that gives all that a block's job depends on."""
    return lambda wildcards: plan.settings(
        stage, wildcards.task, wildcards.model, wildcards.constraint, wildcards.seeds
    )


def code_of(code, *names):
    """Function of the wildcards that gives a fingerprint, of the rules alone that have jobs."""
    return lambda wildcards: code(*names)


def population_file(name, task="{task}"):
    """Path or pattern of a population table."""
    return population_path(plan.name, name, task)


def findings_file(suffix):
    """Path of the findings, as a table or as a page."""
    return findings_path(plan.name, suffix)


def seconds_file():
    """Path of the table of seconds and memory."""
    return seconds_path(plan.name)


def figure_file(suffix, task="{task}", kind="{kind}"):
    """Path or pattern of a figure's file."""
    return figure_path(plan.name, task, kind, suffix)


def shown_table(path, name, subcategory="{task}"):
    """A table as the report offers it."""
    return report(
        path,
        caption=f"../report/{name}.rst",
        category="Tables",
        subcategory=subcategory,
        labels={"table": name},
    )


def scene_memory_mb(wildcards, attempt):
    """Memory of a job that draws in three dimensions, more for larger pictures."""
    megapixels = 0.75 * (plan.experiment.scenes.width / 1000) ** 2
    return int(2000 + 400 * megapixels) * attempt


def scene_labels(wildcards):
    """How the report tells pictures in three dimensions apart."""
    order = wildcards.get("order")
    return {
        "model": wildcards.model,
        "constraint": wildcards.constraint,
        "seed": wildcards.seed,
        "points": "all" if order is None else f"up to {order} unstable",
    }


def one_of(names):
    """Regular expression of some names; of none, one that nothing matches."""
    return "|".join(names) or "(?!)"


def memory_mb(wildcards, attempt):
    """Memory of a job that reads tables; more at each attempt."""
    return 2000 * attempt


def block_memory_mb(wildcards, attempt):
    """Memory of a block's job: half a megabyte for each unit, twice what was measured."""
    cohort = Cohort(wildcards.task, wildcards.model, wildcards.constraint)
    networks = len(plan.block(cohort, wildcards.seeds).seeds)
    units = plan.experiment.models[wildcards.model].units
    return (2000 + networks * units // 2) * attempt


def population_memory_mb(wildcards, attempt):
    """Memory of a job on all networks of a task: what is kept of each, and its distances."""
    networks = len(plan.cohorts(wildcards.task)) * len(plan.experiment.seeds)
    return (2000 + 2 * networks) * attempt
