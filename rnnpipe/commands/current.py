"""Whether the results of a network are what an experiment's file now asks for."""

from pathlib import Path

from rnnpipe.commands.experiment_file import files_naming
from rnnpipe.plan.compared import stale_jobs
from rnnpipe.plan.expected import Expected, Job
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK, STAGES
from rnnpipe.plan.stale import stale_lines
from rnnpipe.settings import Cohort, SettingsError, load_experiment
from rnnpipe.settings.members import block_holds


class NotCompared(Exception):
    """Nothing to compare results with; the message says why."""


def differences_of(
    results: str, task: str, cohort: Cohort, seed: int, file: Path | None
) -> list[str]:
    """Say in what the results of a network differ from what a file asks for.

    Parameters
    ----------
    results
        Name of the folder under ``results/``, which lies in the working directory.
    task, cohort, seed
        The network.
    file
        The experiment's file; by default the file that names `results`, here or in ``config/``.

    Raises
    ------
    NotCompared
        If there is no such file, or more than one, or it is of another experiment or has faults.
    """
    path = file or _file_of(results)
    try:
        plan = Plan(load_experiment(path))
    except SettingsError as error:
        raise NotCompared(f"{path} has faults ({error.faults[0]})") from None
    if plan.name != results:
        raise NotCompared(f"{path} is of the experiment {plan.name}, not of {results}")
    if cohort not in plan.cohorts() or seed not in plan.experiment.seeds:
        return [f"{path} does not name this network"]

    def shown(job: Job) -> bool:
        if STAGES[job[0]].wildcards == BLOCK:
            return Cohort(*job[1:4]) == cohort and block_holds(job[4], seed)
        return job == ("population", task)

    return stale_lines(stale_jobs(Expected(plan), shown))


def _file_of(results: str) -> Path:
    """Find the one file that names an experiment."""
    found = files_naming(results)
    if len(found) == 1:
        return found[0]
    names = " and ".join(map(str, found))
    raise NotCompared(f"{names} name {results}" if found else f"no file here names {results}")
