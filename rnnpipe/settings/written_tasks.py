"""A task as the settings of jobs hold it: with or without its threshold and its probes.

Whether a network has solved its task is judged in the population's table alone, so that another
threshold trains nothing anew.
"""

from typing import Annotated, Any

from pydantic import PlainSerializer

from rnnpipe.settings.sections.tasks import TaskSettings
from rnnpipe.tasks import OwnTask


def _written(judged: bool, probed: bool) -> PlainSerializer:
    """Write a task with or without the score from which it is solved, and its probes."""

    def write(task: Any) -> dict[str, Any]:
        written = task.definition()
        # A class of the user's own keeps all its arguments: what they do, only that class knows.
        if not judged and not isinstance(task, OwnTask):
            del written["solved"]
        return {**written, **(task.probe_settings() if probed else {})}

    return PlainSerializer(write)


PlainTask = Annotated[TaskSettings, _written(judged=False, probed=False)]
ProbedTask = Annotated[TaskSettings, _written(judged=False, probed=True)]
JudgedTask = Annotated[TaskSettings, _written(judged=True, probed=False)]
WholeTask = Annotated[TaskSettings, _written(judged=True, probed=True)]
