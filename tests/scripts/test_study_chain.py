"""A tiny population study from training to its findings and figures, script by script."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from rnnpipe.figures.catalogue import KINDS
from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.render import kind as module_of
from rnnpipe.figures.render import own_tables
from rnnpipe.figures.selection import examples
from rnnpipe.jobs.stage import option
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.paths import block_path, output_paths, population_path
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK_STAGES, POPULATION, STAGES
from rnnpipe.population.statistics.tables import matrices
from rnnpipe.results.blocks import read_blocks
from rnnpipe.results.weights import read_weights
from rnnpipe.settings import Experiment
from rnnpipe.settings.job_settings import FigureJob
from rnnpipe.tables.parquet import read_table
from rnnpipe.tables.schemas import NETWORK, SCHEMAS
from tests.helpers.script_runs import module, script

EXPERIMENT = {
    "experiment": "tiny",
    "seeds": "0-2",
    # Thresholds so low that networks count as solved after seconds.
    "tasks": {
        "flipflop": {"bits": 1, "time": 12, "solved": 0.5},
        "sinewave": {"time": 20, "frequencies": 3, "solved": 0.05},
        "context": {"time": 12, "solved": 0.05},
    },
    "grid": {"cell": ["vanilla", "gru"], "activation": "tanh", "units": 6},
    "constraints": {"none": {}, "noautapses": {"autapses": False}},
    "exclude": [
        {"task": "sinewave", "constraint": "noautapses"},
        {"task": "context", "constraint": "noautapses"},
    ],
    "training": {"steps": 80, "trials": 16, "learning_rate": 0.02},
    "harvest": {"trials": 6},
    "fixed_points": {"mixtures": 12, "box": 12, "modes": 2, "rounds": 3},
    "attractors": {"visited": 4, "box": 4, "steps": 200, "exponent_steps": 50},
    "continua": {"starts": 4, "step": 0.2},
    "graph": {"perturbations": 4, "steps": 50},
    "behaviour": {"trials": 8, "longer": [2], "kept": 2},
    "similarity": {"components": 3, "permutations": 49},
    "figures": {"dpi": 50},
    "compute": {"seeds_per_job": 4},
}
STUDY = ("memory", "oscillation", "contexts", "numbers", "effects")


def run(name: str, settings: str, files: dict[str, str]) -> None:
    options = [text for key, file in files.items() for text in (option(key), file)]
    result = CliRunner().invoke(script(name), ["--settings", settings, *options])
    assert result.exit_code == 0, f"{name}: {result.output}{result.exception!r}"


def drawn_once(plan: Plan) -> dict[str, str]:
    """The first task of every kind of figure that compares whole populations."""
    return {kind: task for task, kind in reversed(list(plan.figures())) if kind in STUDY}


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Plan:
    plan = Plan(Experiment.from_mapping(EXPERIMENT))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("study"))
        for stage in BLOCK_STAGES:
            for cohort, block in plan.blocks(stage):
                names = (*BLOCK_STAGES[stage].inputs, *BLOCK_STAGES[stage].outputs)
                files = {n: block_path("tiny", n, cohort, block.label) for n in names}
                if stage == "train":
                    files["checkpoint"] = "checkpoint.pt"
                settings = settings_text(plan, stage, *vars(cohort).values(), block.label)
                run(stage, settings, files)
        for stage in ("population", "distances", "statistics", "findings"):
            for names in plan.jobs()[stage]:
                reads = {n: population_path("tiny", n, *names) for n in STAGES[stage].inputs}
                files = {**reads, **output_paths("tiny", stage, *names)}
                run(STAGES[stage].script, settings_text(plan, stage, *names), files)
        for kind, task in drawn_once(plan).items():
            files = output_paths("tiny", "figure", task, kind)
            run("figure", settings_text(plan, "figure", task, kind), files)
        yield plan


def table(name: str, task: str) -> pd.DataFrame:
    return read_table(Path(population_path("tiny", name, task)))


def test_every_pair_of_networks_is_compared_by_every_metric(study):
    for task, count in (("flipflop", 12), ("sinewave", 6), ("context", 6)):
        found = matrices(table("distances", task))
        assert list(found) == list(study.experiment.similarity.metrics)
        for networks, matrix in found.values():
            assert matrix.shape == (count, count)
            assert len(networks.drop_duplicates()) == count
            assert np.allclose(np.diag(matrix), 0) and np.allclose(matrix, matrix.T, equal_nan=True)


def test_factors_are_columns_of_the_table_and_explain_distances(study):
    networks = table("networks", "flipflop")
    assert set(networks["cell"]) == {"vanilla", "gru"}
    assert set(networks["autapses"]) == {True, False}
    assert networks["solved"].any()
    statistics = table("statistics", "flipflop")
    assert set(statistics["factor"]) == {"cell", "constraint"}
    assert statistics["p"].dropna().between(0.02, 1).all()


def test_probes_of_a_sine_wave_have_a_row_each(study):
    networks = table("networks", "sinewave")
    assert networks.groupby(["model", "seed"], observed=True).size().eq(3).all()


def test_constraints_are_held_against_the_first(study):
    effects = table("effects", "flipflop")
    assert set(effects["reference"]) == {"none"} and set(effects["constraint"]) == {"noautapses"}
    assert table("effects", "context").empty


def test_findings_judge_every_task(study):
    findings = read_table(Path(output_paths("tiny", "findings")["findings"]))
    assert list(findings) == SCHEMAS["findings"].names
    by_task = findings.groupby("task", sort=False)["claim"].apply(set)
    flipflop = {"T", "F2a", "F2b", "F2c", "F2d", "F6a", "F6c", "F6e", "F7", "B"}
    assert flipflop == by_task["flipflop"]
    assert {"F4a", "F4b", "F4c", "F4d", "F4e", "F4f", "F7"} < by_task["sinewave"]
    assert {"F5a", "F5b", "F5c"} < by_task["context"]
    files = output_paths("tiny", "findings")
    text = Path(files["page"]).read_text()
    assert text.count("\n| ") == len(findings) + len(by_task)
    assert Path(files["html"]).read_text().count("<tr>") == text.count("\n| ")


def test_the_studys_figures_are_drawn(study):
    planned = {(task, kind) for task, kind in study.figures() if kind in STUDY}
    assert planned == {
        ("flipflop", "memory"),
        ("sinewave", "oscillation"),
        ("context", "contexts"),
        ("flipflop", "effects"),
        *((task, "numbers") for task in study.tasks()),
    }
    for kind, task in drawn_once(study).items():
        files = output_paths("tiny", "figure", task, kind)
        assert Path(files["svg"]).stat().st_size > 10_000
        assert pd.read_csv(files["table"]).shape[0] > 0


def prepared(name: str, tables: dict[str, pd.DataFrame], options: FigureOptions) -> pd.DataFrame:
    """All that is drawn: a figure is drawn from nothing else."""
    return module_of(name).prepare(own_tables(name, tables, options.task), options)


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_of_what_it_needs_is_that_of_everything(study, kind):
    for task in (task for task, drawn in study.figures() if drawn == kind):
        settings = FigureJob.model_validate(json.loads(settings_text(study, "figure", task, kind)))
        drawing = module("figure")
        networks = table("networks", task)
        chosen = examples(networks, settings.figures.examples)
        every = networks.drop_duplicates(NETWORK)
        given, whole = {}, {}
        for name in KINDS[kind].tables:
            given[name] = drawing.load(settings, name, networks, chosen)
            whole[name] = given[name]
            if name in SCHEMAS and name not in POPULATION:
                whole[name] = read_blocks(settings, name)
            elif name == "weights":
                whole[name] = read_weights(settings, every)
        options = drawing.options_of(settings)
        tables = [prepared(kind, of, options).to_csv() for of in (given, whole)]
        assert tables[0] == tables[1]
