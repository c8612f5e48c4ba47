"""Scripts run by hand on a small experiment."""

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pandas as pd
from click.testing import CliRunner, Result

from rnnpipe.jobs.stage import option
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.paths import block_path
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK_OUTPUTS, BLOCK_STAGES
from rnnpipe.settings import Cohort, Experiment
from rnnpipe.settings.asked import SECTIONS
from rnnpipe.tables.parquet import read_table, write_table

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(path.stem for path in (ROOT / "scripts").glob("*.py"))
# Stages that this experiment has: all but those that it would have to ask for.
CHAIN = {name: stage for name, stage in BLOCK_STAGES.items() if stage.only in (None, "swept")}
INPUTS = [(stage, name) for stage in CHAIN for name in CHAIN[stage].inputs]
ANALYSES = tuple(stage for stage in CHAIN if stage != "train")
UNITS = 8
EXPERIMENT = {
    "experiment": "x",
    "seeds": "0-1",
    "tasks": {
        "memory": {
            "kind": "flipflop",
            "bits": 1,
            "time": 20,
            "probes": {"zero": {}, "push": {"bit1": [-1, 1, 5]}},
        },
        "heading": {
            "kind": "integrator",
            "time": 20,
            "probes": {"turn": {"speed": [-0.3, 0.3, 5]}},
        },
    },
    "models": {"small": {"cell": "vanilla", "units": UNITS}},
    "training": {"steps": 100, "trials": 16, "learning_rate": 0.02},
    "harvest": {"trials": 8},
    "branches": {"searches": 3, "mixtures": 16, "box": 16, "rounds": 2},
    "fixed_points": {"mixtures": 16, "box": 16, "modes": 2, "rounds": 3},
    "attractors": {"visited": 8, "box": 8, "steps": 500, "exponent_steps": 100},
    "stability": {"vectors": 2, "kept": 4},
    "behaviour": {"trials": 8, "longer": [2], "kept": 2},
    "graph": {"perturbations": 4, "steps": 50},
    "compute": {"seeds_per_job": 2},
}


def plan(**sections: Any) -> Plan:
    return Plan(Experiment.from_mapping({**EXPERIMENT, **sections}))


def script(name: str) -> click.Command:
    """The command that a file of scripts/ defines."""
    return module(name).main


def module(name: str) -> ModuleType:
    """A file of scripts/."""
    spec = importlib.util.spec_from_file_location(f"script_{name}", ROOT / "scripts" / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def path(name: str, task: str = "memory") -> Path:
    """Where the block's file of a table or file name lies, in the working directory."""
    return Path(block_path("x", name, Cohort(task, "small", "none"), "0-1"))


def invoke(name: str, settings: str, files: Mapping[str, Path]) -> Result:
    options = [text for key, file in files.items() for text in (option(key), str(file))]
    return CliRunner().invoke(script(name), ["--settings", settings, *options])


def run_stage(
    stage: str, task: str = "memory", settings: str = "", out: Path | None = None, **files: Path
) -> Result:
    """Run a stage's script on the block's files, or on others where they are named.

    With `out`, what it writes goes there.
    """
    reads = {name: path(name, task) for name in BLOCK_STAGES[stage].inputs}
    writes = {
        name: path(name, task) if out is None else out / f"{name}.{BLOCK_OUTPUTS[name].suffix}"
        for name in BLOCK_STAGES[stage].outputs
    }
    if stage in ("train", "development"):
        writes["checkpoint"] = next(iter(writes.values())).with_name("checkpoint.pt")
    if not settings:
        only = BLOCK_STAGES[stage].only
        asked = {only: {}} if only in SECTIONS else {}
        settings = settings_text(plan(**asked), stage, task, "small", "none", "0-1")
    return invoke(stage, settings, {**reads, **writes, **files})


def refused(result: Result, file: Path) -> str:
    """What one line says of a file that a script refused."""
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1, result.output
    start = f"error: {file}: "
    assert result.output.startswith(start)
    return result.output[len(start) :]


def rewrite(name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Put a changed table in a table's place."""
    write_table(path(name), name, change(read_table(path(name))), {})


def cut(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
