"""The settings of every job of a plan: all that the job's results depend on.

A change of anything else than a job's settings, input files and code repeats nothing.
"""

from dataclasses import asdict
from typing import Any

from rnnpipe.figures.catalogue import KINDS
from rnnpipe.parameters import Settings, canonical
from rnnpipe.plan.plan import EXAMPLES, Plan
from rnnpipe.plan.rules import BLOCK_RULES
from rnnpipe.plan.stages import BLOCK_STAGES, IMPORT, STAGE_OF, STAGES
from rnnpipe.population.findings.claims import OF_SECTION
from rnnpipe.settings import Cohort
from rnnpipe.settings.asked import Asked
from rnnpipe.settings.experiment import factors
from rnnpipe.settings.job_settings import (
    CohortPart,
    ConvergenceJob,
    DistancesJob,
    FigureJob,
    FindingsJob,
    ImportJob,
    OnSharedTrials,
    PagesJob,
    PopulationJob,
    RanksJob,
    RuleJobs,
    SceneJob,
    SecondsJob,
    StatisticsJob,
    TaskMembers,
    TrainJob,
)
from rnnpipe.settings.members import OfCohort
from rnnpipe.settings.sources import SourceSettings, StartSettings


def settings_text(plan: Plan, rule: str, *names: str) -> str:
    """Return the settings of a job as canonical JSON, for its option ``--settings``."""
    return canonical(job_settings(plan, rule, *names))


def job_settings(plan: Plan, rule: str, *names: str) -> Settings:
    """Return the settings of a job.

    Parameters
    ----------
    plan
        The plan that the job belongs to.
    rule, names
        The rule, and the values of its wildcards.
    """
    if rule in ("train", IMPORT):
        *cohort, seeds = names
        return _first_job(plan, Cohort(*cohort), seeds)
    if rule == "ranks":
        return _ranks(plan, Cohort(*names[:-1]))
    if rule in BLOCK_STAGES:
        stage = STAGES[rule]
        task = plan.experiment.tasks[names[0]].with_probes(stage.only == "swept")
        own = {"task_name": names[0]} if issubclass(stage.settings, OnSharedTrials) else {}
        return stage.settings(task=task, **own, **{rule: getattr(plan.experiment, rule)})
    return _GATHERING[rule](plan, *names)


def _first_job(plan: Plan, cohort: Cohort, seeds: str) -> TrainJob | ImportJob:
    """Return the settings of the job that trains or imports the networks of a block."""
    experiment, blocks = plan.experiment, plan.every_block[cohort]
    model, block = experiment.models[cohort.model], blocks[seeds]
    made = {
        "cohort": OfCohort(**vars(cohort)),
        "task": experiment.tasks[cohort.task],
        "model": model,
        "constraint": experiment.constraints[cohort.constraint].resolved(model.units),
        "seeds": block.seeds,
    }
    if model.imported:
        every = [(own, seed) for own in blocks.values() for seed in own.seeds]
        files = {model.network_file(cohort, own, seed) for own, seed in every}
        source = SourceSettings(
            files=[model.network_file(cohort, block, seed) for seed in block.seeds],
            shared=len(files) < len(every),
            recurrent=model.recurrent,
            readout=model.readout,
            arrays=model.arrays,
        )
        return ImportJob(**made, source=source)
    training = experiment.training_for(cohort.task, cohort.model).resolved()
    return TrainJob(**made, training=training, kept=_kept(plan, cohort))


def _kept(plan: Plan, cohort: Cohort) -> tuple[int, ...]:
    """Return the steps at which the weights of a cohort that is trained are kept."""
    asked = plan.experiment.development
    steps = plan.experiment.training_for(cohort.task, cohort.model).resolved().steps
    return () if asked is None else asked.kept_steps(steps)


def _ranks(plan: Plan, cohort: Cohort) -> RanksJob:
    """Return the settings of the job that cuts the networks of a block to lower ranks."""
    experiment, start = plan.experiment, None
    model = experiment.models[cohort.model]
    if not model.imported:
        constraint = experiment.constraints[cohort.constraint].resolved(model.units)
        start = StartSettings(
            cohort=OfCohort(**asdict(cohort)),
            gain=model.gain,
            rank=constraint.rank,
            loadings=constraint.loadings,
        )
    return RanksJob(
        task_name=cohort.task,
        task=_held(plan, cohort.task),
        start=start,
        ranks=experiment.ranks,
        fixed_points=experiment.fixed_points,
        attractors=experiment.attractors,
    )


def _population(plan: Plan, task: str) -> PopulationJob:
    experiment = plan.experiment
    own = [factors(experiment, cohort) for cohort in plan.cohorts(task)]
    return PopulationJob(
        **_members(plan, "population", task), task=experiment.tasks[task], factors=own
    )


def _distances(plan: Plan, task: str) -> DistancesJob:
    return DistancesJob(
        **_members(plan, "distances", task),
        task=_held(plan, task),
        similarity=plan.experiment.similarity,
    )


def _statistics(plan: Plan, task: str) -> StatisticsJob:
    return StatisticsJob(
        **_members(plan, "statistics", task), similarity=plan.experiment.similarity
    )


def _convergence(plan: Plan, task: str) -> ConvergenceJob:
    experiment = plan.experiment
    trained = [cohort for cohort in plan.cohorts(task) if not plan.imports(cohort)]
    kept = [_kept(plan, cohort) for cohort in trained]
    return ConvergenceJob(
        **_members(plan, "convergence", task, "development"),
        task=_held(plan, task),
        harvest=experiment.harvest,
        similarity=experiment.similarity,
        kept=sorted(set().union(*kept)),
    )


def _findings(plan: Plan) -> FindingsJob:
    tasks = {
        task: TaskMembers(**_members(plan, "findings", task), task=_held(plan, task))
        for task in _tasks_as_read(plan, "findings")
    }
    return FindingsJob(
        experiment=plan.name,
        missing=plan.missing_for("findings"),
        tasks=tasks,
    )


def _seconds(plan: Plan) -> SecondsJob:
    blocks = (block for own in plan.every_block.values() for block in own.values())
    rules = []
    for rule, stages in BLOCK_RULES.items():
        cohorts = {cohort for cohort, _ in plan.blocks(stages[0].name)}
        rules.append(
            RuleJobs(
                rule=rule,
                tasks=sorted({cohort.task for cohort in cohorts}),
                constraints=sorted({cohort.constraint for cohort in cohorts}),
            )
        )
    networks = {block.label: len(block.seeds) for block in blocks}
    return SecondsJob(**_members(plan, "seconds", None), rules=rules, networks=networks)


def _figure(plan: Plan, task: str, kind: str) -> FigureJob:
    only = KINDS[kind].only
    return FigureJob(
        **_members(plan, "figure", task, only),
        task=plan.experiment.tasks[task].with_probes(only == "swept"),
        figures=plan.experiment.figures,
        kind=kind,
    )


def _scene(plan: Plan, task: str, model: str, constraint: str, part: str) -> SceneJob:
    cohort = Cohort(task, model, constraint)
    labels = [label for label in plan.every_block[cohort] if part in (EXAMPLES, label)]
    return SceneJob(
        experiment=plan.name,
        missing=[block for block in plan.missing if block.cohort == cohort],
        cohorts=[OfCohort(**asdict(cohort))],
        labels=labels,
        asked=_asked(plan, "scene", [cohort]),
        task=_held(plan, task),
        graph=plan.experiment.graph,
        scenes=plan.experiment.scenes,
        part=part,
    )


def _pages(plan: Plan) -> PagesJob:
    return PagesJob(
        experiment=plan.name,
        missing=plan.missing_for("pages"),
        tasks={t: plan.experiment.tasks[t] for t in _tasks_as_read(plan, "pages")},
        parts=[CohortPart(**asdict(cohort), part=part) for cohort, part in plan.pages()],
    )


_GATHERING = {
    "population": _population,
    "distances": _distances,
    "statistics": _statistics,
    "convergence": _convergence,
    "findings": _findings,
    "seconds": _seconds,
    "figure": _figure,
    "scene": _scene,
    "pages": _pages,
}


def _tasks_as_read(plan: Plan, rule: str) -> list[str]:
    """Return the tasks of a job on all tasks in the order in which it reads them back.

    Its settings travel as text with sorted keys, and by that order it lists its files.
    """
    return sorted(plan.tasks(*plan.read_of_tasks(rule)))


def _held(plan: Plan, task: str) -> Any:
    """Return a task with the probes that are not swept."""
    return plan.experiment.tasks[task].with_probes(swept=False)


def _members(plan: Plan, rule: str, task: str | None, only: Asked | None = None) -> dict[str, Any]:
    """Return the fields of `Members`: cohorts of a task, or of all, to which `only` applies."""
    cohorts = plan.members_of(task, only)
    return {
        "experiment": plan.name,
        "missing": [block for block in plan.missing if task in (None, block.task)],
        "cohorts": [OfCohort(**asdict(cohort)) for cohort in cohorts],
        "labels": [block.label for block in plan.experiment.blocks()],
        "asked": _asked(plan, rule, cohorts),
    }


def _asked(plan: Plan, rule: str, cohorts: list[Cohort]) -> list[Asked]:
    """Return what is asked of each of some cohorts, where a job reads what comes of it."""
    if rule == "findings":
        read = set(OF_SECTION)
    else:
        read = {STAGES[STAGE_OF[table]].only for table in STAGES[rule].gathers}
    return [asked for asked in plan.asking.of_all(cohorts) if asked in read]
