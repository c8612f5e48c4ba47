import shlex
from functools import partial

from snakemake.io import is_flagged

from rnnpipe.jobs.in_turn import THEN
from rnnpipe.jobs.stage import option
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.lost import measured_jobs
from rnnpipe.plan.paths import (
    benchmark_path,
    block_path,
    checkpoint_path,
    log_path,
    population_path,
    rule_outputs,
)
from rnnpipe.plan.rules import RULES
from rnnpipe.settings import Cohort

# What jobs that can use a GPU ask SLURM for; `auto` takes one where the profile asks.
GPUS = int(plan.experiment.compute.device == "cuda")


def wildcards_of(rule):
    """The wildcards of a rule, in braces."""
    return [f"{{{name}}}" for name in RULES[rule][0].wildcards]


def block_inputs(rule):
    """Functions of the wildcards that give what a block's job reads of its block, by name."""
    made = {name for stage in RULES[rule] for name in stage.outputs}
    read = dict.fromkeys(name for stage in RULES[rule] for name in stage.inputs)
    return {name: block_file(rule, name) for name in read if name not in made}


def block_file(rule, name):
    """Function of the wildcards that gives a file of a block."""
    return lambda wildcards: timed(
        block_path(plan.name, name, cohort_of(wildcards), wildcards.seeds), rule, wildcards
    )


def cohort_of(wildcards):
    """The cohort that wildcards name."""
    return Cohort(wildcards.task, wildcards.model, wildcards.constraint)


def timed(paths, rule, wildcards):
    """A path, or paths, that a job reads; where times would mislead Snakemake, it ignores them.

    A file may be newer than what was made from it and hold the same: it was lost and came back,
    or was copied. A job whose files say that they were made from just this needs no run for it.
    """
    if isinstance(paths, list):
        return [timed(path, rule, wildcards) for path in paths]
    return ancient(paths) if moved(paths) in settled(rule, wildcards) else paths


def moved(path):
    """Where a file that rules name lies: elsewhere in a module with a prefix."""
    return path if is_flagged(path, "local") else moves.replace_prefix(path)


def own_files(paths):
    """Files of the user's own: they stay where a module moves all else."""
    return [local(path) for path in paths]


def settled(rule, wildcards):
    """Files that a job was made from as they are now; none where jobs are asked for again.

    Who asks for some jobs again asks for what follows from them, too. To be called by functions
    of the wildcards alone: while rules are read, Snakemake does not know yet what is asked for.
    """
    asked = workflow.dag_settings
    if asked.forcerun or asked.forceall:
        return ()
    with results_in(RESULTS):
        return settled_for(known, expected, stage_jobs(rule, wildcards))


def stage_jobs(rule, wildcards):
    """The stages of a job: of each its name, and the values of the wildcards."""
    return [(stage.name, *values_of(rule, wildcards)) for stage in RULES[rule]]


def task_inputs(rule):
    """Population tables that a task's job reads, and tables of all blocks, by name."""
    tables = {name: population_file(rule, name) for name in only(rule).inputs}
    return {**tables, **{name: files_of(rule, name) for name in only(rule).gathers}}


def only(rule):
    """The stage of a rule that has one."""
    (stage,) = RULES[rule]
    return stage


def population_file(rule, name):
    """Function of the wildcards that gives a population table of a task."""
    return lambda wildcards: timed(
        population_path(plan.name, name, wildcards.task), rule, wildcards
    )


def files_of(rule, name):
    """Function of the wildcards that gives all files of a table for a task."""
    return lambda wildcards: timed(plan.files(name, wildcards.task), rule, wildcards)


def outputs_of(rule):
    """Files that a rule writes, by name."""
    return rule_outputs(plan.name, rule, *wildcards_of(rule))


def shown_tables(rule):
    """Tables that a rule writes, as the report offers them."""
    return {name: shown_table(path, name) for name, path in outputs_of(rule).items()}


def shown_table(path, name, subcategory="{task}"):
    """A table as the report offers it."""
    return report(
        path,
        caption=f"../report/{name}.rst",
        category="Tables",
        subcategory=subcategory,
        labels={"table": name},
    )


def log_of(rule):
    """Pattern of the log of a job."""
    return log_path(plan.name, rule, *wildcards_of(rule))


def benchmark_of(rule):
    """Pattern of what Snakemake measures of a job."""
    return benchmark_path(plan.name, rule, *wildcards_of(rule))


def settings_of(rule):
    """Function of the wildcards that gives the settings of a job."""
    return lambda wildcards: told(settings_text, plan, only(rule), wildcards)


def origin_of(rule):
    """Function of the wildcards that gives what a job's files come from: its code and inputs."""
    return lambda wildcards: told(Expected.origin_text, expected, only(rule), wildcards)


def told_of(rule):
    """Such functions for each stage of a rule that has several, by name."""
    return {
        f"{stage.name}_{what}": partial(told, function, planned, stage)
        for stage in RULES[rule]
        for what, function, planned in (
            ("settings", settings_text, plan),
            ("origin", Expected.origin_text, expected),
        )
    }


def told(function, planned, stage, wildcards):
    """What a function of a plan says of a job, whose files lie where a module moves them."""
    with results_in(RESULTS):
        return function(planned, stage.name, *values_of(stage.rule, wildcards))


def checkpoint_of(rule):
    """The checkpoint of a block's job. It is no output, since it has to outlive one that fails."""

    def path(wildcards):
        with results_in(RESULTS):
            return checkpoint_path(plan.name, rule, cohort_of(wildcards), wildcards.seeds)

    return path


def values_of(rule, wildcards):
    """The values of the wildcards of a rule's job."""
    return [wildcards[name] for name in RULES[rule][0].wildcards]


def force_if_stale(rule):
    """Input function that adds no file, and has a job run again whose files are stale.

    Snakemake knows only of files that it made here itself. To have it force a file on the
    command line, or in its settings, would make that file a target of every run.
    """

    def force(wildcards):
        if any(job in stale for job in stage_jobs(rule, wildcards)):
            names = values_of(rule, wildcards)
            written = rule_outputs(plan.name, rule, *names).values()
            workflow.dag.forcefiles.update(map(moved, written))
        return []

    return force


def command_of(rule, *options):
    """The shell command of a rule: the scripts of its stages with all that they are given."""
    several = len(RULES[rule]) > 1
    scripts = [script_of(rule, stage, f"{stage.name}_" if several else "") for stage in RULES[rule]]
    # -P, since the folder that it runs in may hold a file of a library's name.
    start = f"python -P -m rnnpipe.jobs.in_turn {rule}"
    return " ".join([start, f" {THEN} ".join(scripts), *options, "> {log} 2>&1"])


def script_of(rule, stage, prefix):
    """The script of a stage, and its options, as words of the shell command of a rule.

    `prefix` is what names of its parameters begin with.
    """
    made = {name for other in RULES[rule] for name in other.outputs}
    words = [
        # Through the environment, since the script's text is in its fingerprint and its place is none.
        f'"$RNNPIPE_SCRIPTS"/{stage.script}.py',
        f"--settings {{params.{prefix}settings:q}} --origin {{params.{prefix}origin:q}}",
        "--threads {threads}",
        *([] if RESULTS == DEFAULT else [f"--results {literal(RESULTS)}"]),
        *(
            f"{option(name)} {{{'output' if name in made else 'input'}.{name}}}"
            for name in (*stage.inputs, *stage.outputs)
        ),
    ]
    return " ".join(words)


def literal(text):
    """A text as a word of a shell command in which braces stand for values."""
    return shlex.quote(text).replace("{", "{{").replace("}", "}}")


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
    networks = len(plan.every_block[cohort][wildcards.seeds].seeds)
    units = plan.experiment.models[wildcards.model].units
    return (2000 + networks * units // 2) * attempt


def population_memory_mb(wildcards, attempt):
    """Memory of a job on all networks of a task: what is kept of each, and its distances."""
    networks = len(plan.cohorts(wildcards.task)) * len(plan.experiment.seeds)
    return (2000 + 2 * networks) * attempt
