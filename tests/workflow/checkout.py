"""A copy of the project in which Snakemake itself runs."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from rnnpipe.jobs.stage import Stage
from rnnpipe.plan.rules import RULES
from rnnpipe.plan.stages import BLOCK_STAGES
from tests.helpers import plans

ROOT = Path(__file__).parents[2]
PARTS = ("rnnpipe", "scripts", "workflow", "config", "profiles")
# What a wheel is built of beside the parts.
FILES = ("environment.yml", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")
GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@localhost", "-C")
SKIPPED = shutil.ignore_patterns("__pycache__")

# The rules that the small experiment has jobs of, and those of them that work on one block.
OWN_RULES: Mapping[str, tuple[Stage, ...]] = {
    name: stages for name, stages in RULES.items() if stages[0].only in (None, "swept")
}
BLOCK_RULES = {n: stages for n, stages in OWN_RULES.items() if stages[0].name in BLOCK_STAGES}

# Two tasks, three cohorts of one block each; trained for too short to solve anything.
EXPERIMENT: dict[str, Any] = {
    "experiment": "small",
    "seeds": "0-1",
    "tasks": {
        "flipflop": {"bits": 1, "time": 12, "solved": 0.9},
        "integrator": {
            "time": 12,
            "probes": {"turn": {"speed": [-0.3, 0.3, 5]}},
            "training": {"learning_rate": 0.004},
        },
    },
    "models": {"tanh8": {"cell": "vanilla", "units": 8}},
    "constraints": {"none": {}, "noautapses": {"autapses": False}},
    "exclude": [{"task": "integrator", "constraint": "noautapses"}],
    "training": {"learning_rate": 0.01, "steps": 40, "trials": 16},
    "harvest": {"trials": 8},
    "branches": {"searches": 2, "mixtures": 16, "box": 16, "rounds": 2},
    "fixed_points": {"mixtures": 16, "box": 16, "modes": 2, "rounds": 3},
    "attractors": {"visited": 8, "box": 8, "steps": 500, "exponent_steps": 100},
    "graph": {"perturbations": 4, "steps": 50},
    "behaviour": {"trials": 8, "kept": 2},
    "similarity": {"permutations": 19},
    "figures": {"dpi": 60},
    "scenes": {"width": 600, "trials": 4},
    "compute": {"seeds_per_job": 2},
}

_JOB = re.compile(r"^(?:local)?rule (\w+):\n((?:    .*\n)*)", re.MULTILINE)
_LINE = re.compile(r"^    (\w+): (.*)$", re.MULTILINE)

# A rule, and its wildcards as Snakemake prints them.
Job = tuple[str, str]


def changed(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The experiment with some dotted keys changed."""
    experiment = EXPERIMENT
    for key, value in changes.items():
        experiment = plans.changed(key, value, experiment)
    return experiment


def jobs_in(output: str) -> dict[Job, dict[str, list[str]]]:
    """Jobs that Snakemake names, with the words that it says of each, such as `input`."""
    found = {}
    for rule, body in _JOB.findall(output):
        said = dict(_LINE.findall(body))
        found[rule, said.get("wildcards", "")] = {k: v.split(", ") for k, v in said.items()}
    found.pop(("all", ""), None)
    return found


class Checkout:
    """A folder with the project's files, and Snakemake run there as a user runs it.

    `where` are Snakemake's arguments that say where jobs run.
    """

    python = sys.executable
    # Where under the folder the results lie.
    root = "results"

    def __init__(self, folder: Path, where: Sequence[str] = ("--cores", "2")) -> None:
        self.folder = folder
        self.where = where
        for part in PARTS:
            shutil.copytree(ROOT / part, folder / part, symlinks=True, ignore=SKIPPED)
        for file in FILES:
            shutil.copy(ROOT / file, folder)

    @classmethod
    def at(cls, folder: Path, where: Sequence[str] = ("--cores", "2")) -> "Checkout":
        """A checkout that is there."""
        checkout = cls.__new__(cls)
        checkout.folder, checkout.where = folder, where
        return checkout

    def committed(self) -> "Checkout":
        """The checkout with a commit of its own, as a clone has."""
        for words in (("init", "-q"), ("add", *PARTS, *FILES), ("commit", "-qm", "All")):
            subprocess.run([*GIT, self.folder, *words], check=True)
        return self

    def copied(self, folder: Path, by: Callable[..., Any] = shutil.copy2) -> "Checkout":
        """The folder with all that was run there, elsewhere; `shutil.copy` takes no times along."""
        shutil.copytree(self.folder, folder, copy_function=by)
        return Checkout.at(folder, self.where)

    @property
    def results(self) -> Path:
        return self.folder / self.root / EXPERIMENT["experiment"]

    def write(self, experiment: Mapping[str, Any]) -> None:
        text = yaml.safe_dump(dict(experiment), sort_keys=False)
        (self.folder / "experiment.yaml").write_text(text)

    def start(self, *arguments: str, file: str = "experiment.yaml") -> subprocess.Popen:
        """Start Snakemake in a process group of its own."""
        return subprocess.Popen(
            [*self.command(), *arguments, "--configfile", file],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def command(self) -> list[str]:
        """The words that start Snakemake."""
        return [self.python, "-m", "snakemake", *self.where]

    def environment(self) -> dict[str, str]:
        """The environment of Snakemake."""
        # Modules are compiled by the first job, not by every one.
        return {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}

    def run(self, *arguments: str, **changes: Any) -> str:
        """Output of a run that must succeed."""
        self.write(changed(changes))
        process = self.start(*arguments)
        output = process.communicate()[0]
        assert process.returncode == 0, output
        return output

    def refused(self, *arguments: str, **changes: Any) -> str:
        """Output of a run that must fail."""
        self.write(changed(changes))
        process = self.start(*arguments)
        output = process.communicate()[0]
        assert process.returncode != 0, output
        return output

    def status(self) -> str:
        """What `rnnpipe status` prints of the experiment."""
        command = [self.python, "-c", "from rnnpipe.commands.main import main; main()", "status"]
        return subprocess.run(
            [*command, "experiment.yaml"],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def planned(self, changes: Mapping[str, Any] | None = None, *arguments: str) -> set[Job]:
        """Jobs that a run would start."""
        return set(self.jobs(*arguments, **(changes or {})))

    def jobs(self, *arguments: str, **changes: Any) -> dict[Job, dict[str, list[str]]]:
        """What a dry run says of its jobs."""
        return jobs_in(self.run("--dry-run", *arguments, **changes))

    def files(self, pattern: str = "**/*") -> dict[str, bytes]:
        """Contents of the results but for times: logs and what Snakemake measured."""
        return {
            str(path.relative_to(self.results)): path.read_bytes()
            for path in sorted(self.results.glob(pattern))
            if path.is_file()
            and not {"logs", "benchmarks"} & set(path.parts)
            and path.name != "seconds.parquet"
        }
