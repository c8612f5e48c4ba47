"""Seconds that an experiment takes, estimated from its settings: an hour is told from a day.

What is estimated here is shown to people, and decides no path and no number.
"""

from collections.abc import Mapping

from rnnpipe.plan.stages import IMPORT, STAGES
from rnnpipe.settings import Cohort, Experiment
from rnnpipe.settings.asked import asked_of
from rnnpipe.settings.sections.models import GATES

# Starting Python and importing what a job needs.
JOB_SECONDS = 1.5
# Seconds of one core in each stage, every core busy, for a network of 64 units without gates.
SECONDS: Mapping[str, float] = {
    "train": 2e-3,  # per step with 64 trials of 50 times
    IMPORT: 0.0,
    "harvest": 1e-6,  # per time of a trial
    "behaviour": 1e-6,  # per time of a trial
    "fixed_points": 0.25,  # per probe, with 192 starts a round
    "loadings": 7e-7,  # per time of a trial of a network that is drawn, of as many units
    "branches": 0.45,  # per search along a sweep
    "attractors": 0.3,  # per probe and 128 runs
    "continua": 0.3,  # per probe and 64 starts
    "stability": 0.04,  # per probe
    "graph": 0.006,  # per probe and perturbation of each of its points
    "plane": 0.6,  # per probe
    "ranks": 0.6,  # per probe and rank at which the skeleton is searched, or 500,000 times scored
    "development": 0.18,  # per probe and step at which weights were kept
    "scene": 8.0,  # per network drawn, of any size
}
# Trials on which networks are scored.
TEST_TRIALS = 256
# Stages that run networks over trials, step by step, and do little else.
RUNS = ("train", "harvest", "behaviour", "loadings")


def experiment_seconds(experiment: Experiment, jobs: Mapping[str, int]) -> dict[str, float]:
    """Estimate the seconds of one core that each rule takes when nothing has been computed yet.

    Parameters
    ----------
    experiment
        The settings.
    jobs
        Number of jobs of every rule, as `processes` gives them. Of a rule that
        does not go through single networks only the start of its jobs counts.

    Returns
    -------
    dict
        Seconds by rule, in the order given.
    """
    cohorts = experiment.cohorts()
    networks, asked = len(experiment.seeds), experiment.scenes.networks
    drawn = networks if asked == "all" else min(networks, asked)
    work = dict.fromkeys(jobs, 0.0) | {"scene": len(cohorts) * drawn * SECONDS["scene"]}
    for cohort in cohorts:
        for rule, seconds in network_seconds(experiment, cohort).items():
            work[rule] = work.get(rule, 0.0) + networks * seconds
    return {rule: count * JOB_SECONDS + work[rule] for rule, count in jobs.items()}


def network_seconds(experiment: Experiment, cohort: Cohort) -> dict[str, float]:
    """Estimate the seconds that a network of a cohort takes in each of its rules, without starts.

    They grow with the blocks of weights, with the units, and of large networks with the square of
    the units; at a low rank with the units times the rank.

    Raises
    ------
    KeyError
        If the experiment has no such task or model.
    """
    model = experiment.models[cohort.model]
    gates, units = GATES.get(model.cell, 1), model.units / 64
    rank = experiment.constraints[cohort.constraint].rank
    # The two products at a rank multiply as often as one of so many units.
    products = gates * units * (units if rank == "full" else min(units, 2 * rank / 64))
    # Beside products with weights, what is done unit by unit, or once for all units.
    of_runs, of_searches = (3 * gates * units + 2 * products) / 5, (3 + products) / 4
    seconds: dict[str, float] = {}
    for stage, work in _network_work(experiment, cohort).items():
        rule, size = STAGES[stage].rule, of_runs if stage in RUNS else of_searches
        seconds[rule] = seconds.get(rule, 0.0) + SECONDS[stage] * size * work
    return seconds


def _network_work(experiment: Experiment, cohort: Cohort) -> dict[str, float]:
    """Count what a network of a cohort has to do in each of its stages, in the units of SECONDS."""
    task, behaviour = experiment.tasks[cohort.task], experiment.behaviour
    search = experiment.fixed_points
    probes = len(task.probes())
    lengths = 2 + len(behaviour.noise) + sum(behaviour.longer)
    return {
        **_first_work(experiment, cohort),
        "harvest": experiment.harvest.trials * task.time,
        "behaviour": behaviour.trials * lengths * task.time,
        "fixed_points": probes * (search.mixtures + search.box) / 192,
        "attractors": probes * (experiment.attractors.visited + experiment.attractors.box) / 128,
        "continua": probes * experiment.continua.starts / 64,
        "stability": probes,
        "graph": probes * experiment.graph.perturbations,
        **_asked_work(experiment, cohort),
    }


def _asked_work(experiment: Experiment, cohort: Cohort) -> dict[str, float]:
    """Count what is done of a network only where it is asked for."""
    asked, task = asked_of(experiment, cohort), experiment.tasks[cohort.task]
    probes, imported = len(task.probes()), experiment.models[cohort.model].imported
    work = {}
    if "swept" in asked:
        work["branches"] = len(task.sweeps()) * experiment.branches.searches
    if "low_rank" in asked:
        loadings = experiment.loadings
        drawn = loadings.populations * loadings.draws * sum(loadings.times)
        work["loadings"] = drawn * loadings.trials * task.time
        work["plane"] = probes
    if experiment.ranks is not None:
        ranks, units = experiment.ranks, experiment.models[cohort.model].units
        scored = sum(rank < units for rank in ranks.ranks) + 1
        # The least rank is searched, too.
        searched = len(ranks.skeletons) + bool(ranks.skeletons)
        # Of imported networks the weights alone are cut.
        cuts = 1 if imported else 2
        work["ranks"] = cuts * (probes * searched + scored * TEST_TRIALS * task.time / 500_000)
    if experiment.development is not None and not imported:
        steps = experiment.training_for(cohort.task, cohort.model).resolved().steps
        kept = len(experiment.development.kept_steps(steps))
        work["development"] = min(probes, experiment.development.probes or probes) * kept
    return work


def _first_work(experiment: Experiment, cohort: Cohort) -> dict[str, float]:
    """Count the training steps of a network, or its import."""
    if experiment.models[cohort.model].imported:
        return {IMPORT: 1}
    training = experiment.training_for(cohort.task, cohort.model)
    trials, time = training.trials / 64, experiment.tasks[cohort.task].time / 50
    return {"train": training.steps * trials * time}
