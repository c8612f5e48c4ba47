"""Mutated experiment files that are accepted run to the end, cut down to a few steps."""

import random
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
import yaml

from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.paths import block_path
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK_STAGES, IMPORT
from rnnpipe.settings import Experiment, SettingsError, load_experiment
from tests.helpers.mutations import mutated
from tests.helpers.script_runs import invoke
from tests.settings.mutated_files import EVERYTHING, LITTLE, write_own_files

RUN = 30
# What is larger is cut to this, wherever it stands.
MOST = {
    "steps": 20,
    "trials": 8,
    "starts": 16,
    "mixtures": 16,
    "modes": 2,
    "rounds": 2,
    "most_starts": 1000,
    "longest_period": 3,
    "visited": 8,
    "box": 8,
    "exponent_steps": 50,
    "searches": 3,
    "lags": 10,
    "perturbations": 4,
    "kept": 8,
    "time": 30,
    "every": 20,
    "bits": 4,
    "angles": 4,
    "units": 12,
    "longer": 3,
}


def cut_down(value: Any, key: Any = "") -> Any:
    """Return what an experiment file says with large numbers cut."""
    if isinstance(value, dict):
        return {name: cut_down(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [cut_down(inner, key) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool) and key in MOST:
        return min(value, MOST[key])
    return value


def little(mapping: dict[str, Any], file: Path) -> Experiment | None:
    """The experiment cut down, unless it is refused then, or is still large."""
    try:
        file.write_text(yaml.dump(cut_down(mapping), sort_keys=False))
        found = load_experiment(file)
    except SettingsError:
        return None
    long = any(task.time > 100 for task in found.tasks.values())
    return None if long or any(model.units > 64 for model in found.models.values()) else found


def accepted() -> Iterator[tuple[int, Experiment]]:
    """Yield seeds of mutants that are accepted as they are, and cut down."""
    for seed in range(10_000):
        text = EVERYTHING if seed % 3 == 0 else LITTLE
        file = Path(f"{seed}.yaml")
        file.write_text(mutated(text, seed), errors="surrogatepass")
        try:
            load_experiment(file)
        except SettingsError:
            continue
        if found := little(yaml.safe_load(file.read_text()), Path(f"{seed}-little.yaml")):
            yield seed, found


def run_block(plan: Plan, seed: int) -> None:
    """Run every stage of one block, a network's whole chain."""
    # The networks that are imported are made for the recorded trials.
    fitting = [c for c in plan.cohorts() if not plan.imports(c) or c.task == "recorded"]
    cohort = random.Random(seed).choice(fitting)
    label = next(block.label for other, block in plan.blocks("train") if other == cohort)
    first = IMPORT if plan.imports(cohort) else "train"
    for stage, facts in BLOCK_STAGES.items():
        if not plan.asking.applies(facts.only, cohort):
            continue
        rule = first if stage == "train" else stage
        files = {
            name: Path(block_path(plan.name, name, cohort, label))
            for name in (*facts.inputs, *facts.outputs)
        }
        if rule == "train":
            files["checkpoint"] = Path("checkpoints") / f"{seed}.pt"
        text = settings_text(plan, rule, *astuple(cohort), label)
        result = invoke(rule, text, files)
        what = f"seed {seed}: {rule} of {astuple(cohort)}"
        assert result.exit_code == 0, f"{what}: {result.output[-1500:]} {result.exception!r}"


@pytest.mark.slow
def test_thirty_mutants_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_own_files()
    ran = 0
    for seed, experiment in accepted():
        run_block(Plan(experiment), seed)
        ran += 1
        if ran == RUN:
            break
    assert ran == RUN
