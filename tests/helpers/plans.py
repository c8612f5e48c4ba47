"""Plans of a small experiment, and what differs between two."""

from copy import deepcopy
from typing import Any

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Experiment

EXPERIMENT = {
    "experiment": "x",
    "seeds": "0-5",
    "tasks": {
        "memory": {"kind": "flipflop", "bits": 1, "training": {"learning_rate": 0.01}},
        "heading": {"kind": "integrator"},
    },
    "models": {
        "tanh10": {"cell": "vanilla", "units": 10},
        "leaky": {"cell": "leaky", "units": 10, "training": {"steps": 50}},
    },
    "constraints": {"none": {}, "dale": {"dale_ratio": 0.8}},
    "compute": {"seeds_per_job": 4},
}


def plan(**sections: Any) -> Plan:
    return Plan(Experiment.from_mapping({**EXPERIMENT, **sections}))


def changed(path: str, value: Any, experiment: dict[str, Any] = EXPERIMENT) -> dict[str, Any]:
    """A copy of an experiment with the value at a dotted path set."""
    copy = deepcopy(experiment)
    *parents, last = path.split(".")
    section = copy
    for key in parents:
        section = section.setdefault(key, {})
    section[last] = value
    return copy


def every_setting(of: Plan) -> dict[tuple[str, ...], str]:
    """Settings of every job, by rule and by what names the job."""
    return {
        (rule, *names): settings_text(of, rule, *names)
        for rule, jobs in of.jobs().items()
        for names in jobs
    }


def rerun(before: Plan, after: Plan) -> set[tuple[str, ...]]:
    """Jobs of both plans whose settings differ."""
    old, new = every_setting(before), every_setting(after)
    return {job for job in old.keys() & new.keys() if old[job] != new[job]}


def rules(jobs: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Rule and task of every job."""
    return {job[:2] for job in jobs}


def of_both(*names: str) -> set[tuple[str, str]]:
    return {(name, task) for name in names for task in ("memory", "heading")}


def of_memory(*names: str) -> set[tuple[str, str]]:
    return {(name, "memory") for name in names}
