"""The cost of an experiment in jobs, core time and disk, estimated from its settings."""

from collections.abc import Mapping
from dataclasses import fields

from rnnpipe.settings import Cohort, Experiment
from rnnpipe.settings.costs import Analysis, Cost, costs_of_network

# Starting Python and importing what a job needs.
JOB_SECONDS = 2.5
FIGURE_BYTES = 1_000_000
# A picture and a page of one network.
SCENE = Cost(core_seconds=8.0, disk_bytes=7_000_000)


def estimate_costs(experiment: Experiment, jobs: Mapping[str, int]) -> dict[str, Cost]:
    """Estimate what each rule costs when nothing has been computed yet.

    Parameters
    ----------
    experiment
        The settings.
    jobs
        Number of jobs of every rule, as ``Plan.jobs`` gives it. Of a rule that
        does not work on networks the cost is that of starting its jobs and
        writing a figure's worth of files.

    Returns
    -------
    dict
        Cost by rule, in the order given.
    """
    costs = {rule: Cost(count, count * JOB_SECONDS) for rule, count in jobs.items()}
    networks = len(experiment.seeds)
    by_cohort = [network_costs(experiment, cohort) for cohort in experiment.cohorts()]
    for rule, count in jobs.items():
        ones = [costs_of[rule] for costs_of in by_cohort if rule in costs_of]
        costs[rule] += Cost(
            core_seconds=networks * sum(one.core_seconds for one in ones),
            disk_bytes=networks * sum(one.disk_bytes for one in ones)
            if ones
            else count * FIGURE_BYTES,
        )
    if "scene" in costs:
        costs["scene"] = Cost(jobs["scene"], jobs["scene"] * JOB_SECONDS) + _drawn(experiment)
    return costs


def _drawn(experiment: Experiment) -> Cost:
    """Estimate what drawing single networks costs."""
    networks, asked = len(experiment.seeds), experiment.scenes.networks
    drawn = networks if asked == "all" else min(networks, asked)
    total = drawn * len(experiment.cohorts())
    return Cost(core_seconds=total * SCENE.core_seconds, disk_bytes=total * SCENE.disk_bytes)


def network_costs(experiment: Experiment, cohort: Cohort) -> Mapping[str, Cost]:
    """Estimate what one network of a cohort costs in each rule, without starting jobs."""
    return costs_of_network(
        experiment.tasks[cohort.task],
        experiment.models[cohort.model],
        experiment.training_for(cohort.task, cohort.model),
        Analysis(*(getattr(experiment, section.name) for section in fields(Analysis))),
    )
