"""A task is added by a file and by its name in the registry, and nothing else of the package."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REGISTRY = "rnnpipe/tasks/__init__.py"
ECHO = '''"""Repeat the input a few steps later."""

from typing import Literal

import numpy as np
from pydantic import Field

from rnnpipe.parameters import Count, NonZeroFraction, Several
from rnnpipe.tasks.base import Quantity, TaskWithSettings, Trials, r_squared


class Echo(TaskWithSettings):
    """The output repeats the input a few steps later."""

    score_quantity = Quantity("R²")
    condition = Quantity("echo")

    kind: Literal["echo"] = Field("echo", description="Repeat the input later.")
    lag: Count = Field(3, description="Steps between input and echo.")
    time: Several = Field(30, description="Steps per trial.")
    solved: NonZeroFraction = Field(0.9, description="Solved from this R² on.")

    @property
    def inputs(self) -> int:
        return 1

    @property
    def outputs(self) -> int:
        return 1

    def sample(self, n_trials, rng):
        x = rng.standard_normal((n_trials, self.time, 1)).astype(np.float32)
        y = np.concatenate([np.zeros_like(x[:, : self.lag]), x[:, : -self.lag]], axis=1)
        return Trials(x, y, np.ones_like(y), y[..., 0].astype(float))

    def score(self, outputs, trials):
        return r_squared(outputs, trials)
'''
# What follows when a file names the task, from its text to a job that trains.
USE = """
import json
import numpy as np
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.plan import Plan
from rnnpipe.settings import Experiment, SettingsError
from rnnpipe.settings.sections.tasks import TaskSettings
from rnnpipe.settings.reading.reference import task_page
from rnnpipe.settings.reading.schema import json_schema
from pydantic import TypeAdapter

mapping = {
    "experiment": "x",
    "seeds": "0-3",
    "tasks": {"echo": {"lag": 2, "probes": {"on": {"input1": 1}}, "training": {"steps": 3}}},
    "models": {"m": {"cell": "vanilla", "units": 10}},
}
experiment = Experiment.from_mapping(mapping)
plan = Plan(experiment)
(label,) = [block.label for block in experiment.blocks()]
trained = json.loads(settings_text(plan, "train", "echo", "m", "none", label))
searched = json.loads(settings_text(plan, "fixed_points", "echo", "m", "none", label))
task = TypeAdapter(TaskSettings).validate_python(searched["task"])
trials = task.sample(5, np.random.default_rng(0))
try:
    Experiment.from_mapping({**mapping, "tasks": {"echo": {"lagg": 2}}})
except SettingsError as error:
    fault = str(error)
print(json.dumps({
    "rules": sorted(rule for rule, jobs in plan.jobs().items() if jobs),
    "trained": trained["task"],
    "steps": trained["training"]["steps"],
    "probes": {name: x.tolist() for name, x in task.probes().items()},
    "shape": trials.inputs.shape,
    "score": task.score(trials.targets, trials),
    "fault": fault,
    "schema": sorted(json_schema(Experiment)["$defs"]["Echo"]["properties"]),
    "page": task_page(),
}))
"""


@pytest.fixture(scope="module")
def used(tmp_path_factory) -> dict:
    """What a copy of the package, with a task added, makes of an experiment that names it."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        ROOT / "rnnpipe", folder / "rnnpipe", ignore=shutil.ignore_patterns("__pycache__")
    )
    (folder / "rnnpipe/tasks/echo.py").write_text(ECHO)
    registry = (folder / REGISTRY).read_text()
    registry = registry.replace("    for task in (\n", "    for task in (\n        Echo,\n")
    first = "from rnnpipe.tasks.flipflop"
    registry = registry.replace(first, f"from rnnpipe.tasks.echo import Echo\n{first}")
    (folder / REGISTRY).write_text(registry)
    done = subprocess.run(
        [sys.executable, "-c", USE],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_experiment_file_may_name_it(used):
    assert used["trained"] == {"kind": "echo", "lag": 2, "time": 30}
    assert used["steps"] == 3
    assert {"train", "fixed_points", "population", "findings", "figure"} <= set(used["rules"])


def test_a_job_makes_it_with_its_probes(used):
    assert used["probes"] == {"on": [1.0]}
    assert used["shape"] == [5, 30, 1] and used["score"] == 1


def test_faults_schema_and_page_know_its_keys(used):
    assert "tasks.echo.lagg: unknown key; known are" in used["fault"]
    assert 'did you mean "lag"?' in used["fault"]
    assert used["schema"] == ["kind", "lag", "probes", "solved", "time", "training"]
    assert "## echo\n\nThe output repeats the input a few steps later.\n" in used["page"]
    assert "| `lag` | `3` | a whole number >= 1 | Steps between input and echo. |" in used["page"]
