"""What a figure must know about its task, from the settings of its job."""

from rnnpipe.figures.options import FigureOptions
from rnnpipe.settings.job_settings import TaskMembers


def figure_options(settings: TaskMembers, **limits: int) -> FigureOptions:
    """Names and units of a task, from the settings of a job that draws; and limits."""
    task, kind = settings.task, settings.task.kind
    swept = {name: task.channels[sweep.channel] for name, sweep in task.sweeps().items()}
    return FigureOptions(
        task=settings.cohorts[0].task,
        task_kind=kind,
        score_name=task.score_quantity.name,
        score_unit=task.score_quantity.unit,
        solved=task.solved,
        condition_name=task.condition.name,
        condition_unit=task.condition.unit,
        condition_kind=task.condition.kind,
        probe=next(iter(task.probes())),
        probe_values=task.probe_conditions(),
        # A class of the user's own may mean anything by an argument of these names.
        bits=settings.task.bits if kind == "flipflop" else None,
        encoding=settings.task.encoding if kind == "integrator" else None,
        outputs=task.outputs,
        sweeps={name: (channel, task.channel_unit(channel)) for name, channel in swept.items()},
        missing=settings.missing_networks(),
        **limits,
    )
