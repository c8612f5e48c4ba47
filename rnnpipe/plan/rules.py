"""The rules of the workflow, and the stages of each: a job of a rule is one process."""

from collections.abc import Mapping, Sequence

from rnnpipe.jobs.stage import Stage
from rnnpipe.plan.stages import BLOCK_STAGES, STAGES

# The jobs of a stage or rule, each named by its wildcards' values.
Names = Sequence[tuple[str, ...]]
# The stages of each rule, in the order in which its jobs run their scripts.
RULES: Mapping[str, tuple[Stage, ...]] = {
    name: tuple(stage for stage in STAGES.values() if stage.rule == name)
    for name in dict.fromkeys(stage.rule for stage in STAGES.values())
}
# The rules whose jobs work on one block; importing counts as training.
BLOCK_RULES: Mapping[str, tuple[Stage, ...]] = {
    name: stages for name, stages in RULES.items() if stages[0].name in BLOCK_STAGES
}


def processes(jobs: Mapping[str, Names]) -> dict[str, Names]:
    """Return the jobs of every rule of those of every stage, as `Plan.jobs` gives these."""
    return {rule: jobs[own[0].name] for rule, own in RULES.items() if own[0].name in jobs}
