"""Where files lie, and which jobs make them."""

import json
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnnpipe.figures.catalogue import KINDS
from rnnpipe.parameters import canonical
from rnnpipe.plan import plan as module
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.lost import benchmarks
from rnnpipe.plan.paths import block_log, block_path, population_path, rule_outputs
from rnnpipe.plan.rules import BLOCK_RULES
from rnnpipe.plan.stages import BLOCK_OUTPUTS, BLOCK_STAGES, STAGES
from rnnpipe.settings import Cohort
from rnnpipe.settings.job_settings import TrainJob
from rnnpipe.tables.parquet import write_table
from tests.helpers.experiments import read_task
from tests.helpers.plans import changed, plan

ROOT = Path(module.__file__).parents[2]


class TestPaths:
    def test_a_tables_folder_reads_back_with_its_keys(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        paths = plan().files("dimensionality")
        for number, path in enumerate(paths):
            columns = {
                "seed": np.array([number]),
                "participation_ratio": np.ones(1),
                "components_85": np.ones(1, dtype=int),
            }
            write_table(Path(path), "dimensionality", columns, {})
        table = pd.read_parquet("results/x/dimensionality").set_index("seed").sort_index()
        keys = table[["task", "model", "constraint", "seeds"]].astype(str)
        expected = [
            [*vars(cohort).values(), block.label]
            for cohort in plan().cohorts()
            for block in plan().experiment.blocks()
        ]
        assert keys.to_numpy().tolist() == expected
        assert len(paths) == 2 * 2 * 2 * 2

    def test_no_two_files_share_a_path(self):
        """Not even where names, strung together, would."""
        names = {"a": {"kind": "flipflop"}, "a-b": {"kind": "flipflop"}}
        models = {"c": {"cell": "vanilla"}, "b-c": {"cell": "vanilla"}}
        crowded = plan(tasks=names, models=models)
        paths = [path for stage in BLOCK_STAGES for path in crowded.stage_files(stage)]
        paths += benchmarks(crowded)
        paths += [
            block_log("x", rule, cohort, block.label)
            for rule in BLOCK_RULES
            for cohort in crowded.cohorts()
            for block in crowded.experiment.blocks()
        ]
        assert len(set(paths)) == len(paths)

    def test_excluded_cohorts_have_no_file(self):
        rest = plan(exclude=[{"model": "leaky", "constraint": "dale"}, {"task": "heading"}])
        assert rest.tasks() == ["memory"]
        paths = [path for name in BLOCK_OUTPUTS for path in rest.files(name)]
        paths += [*benchmarks(rest), *rest.figure_inputs("training", "memory")]
        assert not any("heading" in path for path in paths)
        assert not any("leaky" in path and "dale" in path for path in paths)
        assert any("leaky" in path for path in paths)
        members = json.loads(settings_text(rest, "population", "memory"))["cohorts"]
        assert [(c["model"], c["constraint"]) for c in members] == [
            ("tanh10", "none"),
            ("tanh10", "dale"),
            ("leaky", "none"),
        ]

    def test_a_figure_reads_the_blocks_of_its_own_task(self):
        paths = plan().figure_inputs("spectra", "heading")
        assert paths[0] == population_path("x", "networks", "heading")
        assert set(paths[1:]) == {
            *plan().files("stability", "heading"),
            *plan().files("modes", "heading"),
            *plan().files("attractors", "heading"),
        }
        assert not any("memory" in path for path in paths)

    def test_masks_are_listed(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        np.save("recurrent.npy", np.eye(10))
        np.savetxt("input.csv", np.ones((10, 1)), delimiter=",")
        constraints = {"none": {}, "some": {"mask": "recurrent.npy", "input_mask": "input.csv"}}
        masked = plan(constraints=constraints)
        assert masked.masks("some") == ["recurrent.npy", "input.csv"]
        assert masked.masks("none") == []


def test_a_large_blocks_files_are_fewer_than_its_networks():
    """Tables, logs and what Snakemake measures, of a block that is full."""
    sections = {"tasks": {"flipflop": {}}, "models": {"tanh64": {"cell": "vanilla"}}}
    sections |= {"constraints": {"none": {}}, "compute": {"seeds_per_job": 64}}
    large = plan(**sections, seeds="0-999")
    (cohort,) = large.cohorts()
    first = large.experiment.blocks()[0]
    rules = [r for r, own in BLOCK_RULES.items() if (cohort, first) in large.blocks(own[0].name)]
    files = {
        *(p for r in rules for p in rule_outputs("x", r, *astuple(cohort), first.label).values()),
        *(block_log("x", rule, cohort, first.label) for rule in rules),
        *(path for path in benchmarks(large) if path.endswith(f".{first.label}.tsv")),
    }
    stages = [stage for rule in rules for stage in BLOCK_RULES[rule]]
    assert len(files) == 2 * len(rules) + sum(len(stage.outputs) for stage in stages) > 25
    assert len(files) < len(first.seeds)


class TestJobs:
    @pytest.mark.parametrize("exclude", [[], [{"model": "leaky"}], [{"task": "heading"}]])
    def test_as_many_as_there_are_files(self, exclude):
        some = plan(exclude=exclude)
        numbers = {rule: len(jobs) for rule, jobs in some.jobs().items()}
        for name, stage in BLOCK_STAGES.items():
            assert {len(some.files(table)) for table in stage.outputs} == {numbers[name]}
        assert numbers["population"] == len(some.tasks())
        assert numbers["figure"] == len(list(some.figures()))
        assert len(benchmarks(some)) == sum(
            numbers[stages[0].name] for stages in BLOCK_RULES.values()
        )

    def test_a_blocks_job_is_named_as_its_files_are(self):
        for name, stage in BLOCK_STAGES.items():
            for table in stage.outputs:
                made = [
                    block_path("x", table, Cohort(*names), seeds)
                    for *names, seeds in plan().jobs()[name]
                ]
                assert made == plan().files(table)

    def test_every_kind_of_figure_once_for_every_task_that_it_suits(self):
        figures = list(plan().figures())
        heading = [kind for task, kind in figures if task == "heading"]
        memory = [kind for task, kind in figures if task == "memory"]
        asked_for = {kind for kind, needs in KINDS.items() if needs.only}
        others = {"memory", "oscillation", "contexts", *asked_for}
        assert heading == [kind for kind in KINDS if kind not in others]
        assert set(memory) == {*heading, "memory"} - {"ring"}

    def test_what_compares_is_drawn_where_there_is_something_to_compare(self):
        unconstrained = plan(exclude=[{"constraint": "dale"}])
        kinds = {kind for _, kind in unconstrained.figures()}
        assert {"numbers", "memory"} <= kinds and "effects" not in kinds
        free = plan(exclude=[{"model": "leaky"}])
        kinds = {kind for _, kind in free.figures()}
        assert {"numbers", "effects"} <= kinds and "memory" not in kinds
        alone = plan(exclude=[{"constraint": "dale"}, {"model": "leaky"}])
        assert {"numbers", "effects", "memory"}.isdisjoint(kind for _, kind in alone.figures())

    def test_branches_are_followed_for_tasks_with_a_sweep_alone(self):
        swept = plan(**changed("tasks.heading.probes", {"turn": {"speed": [-1, 1, 3]}}))
        assert not plan().jobs()["branches"] and not plan().stage_files("branches")
        assert {names[0] for names in swept.jobs()["branches"]} == {"heading"}
        assert set(swept.figures()) - set(plan().figures()) == {("heading", "branches")}
        read = swept.figure_inputs("branches", "heading")
        assert set(swept.stage_files("branches")) <= set(read)
        rules = json.loads(settings_text(swept, "seconds"))["rules"]
        tasks = {entry["rule"]: entry["tasks"] for entry in rules}
        assert list(tasks) == list(BLOCK_RULES)
        assert tasks["branches"] == ["heading"] and tasks["train"] == ["heading", "memory"]

    def test_a_blocks_seeds_are_those_of_its_slot(self):
        trained = json.loads(settings_text(plan(), "train", "memory", "leaky", "dale", "4-7"))
        assert trained["seeds"] == [4, 5]

    def test_a_stages_settings_make_its_task(self):
        asking = plan(development={"count": 3}, ranks={})
        for stage in BLOCK_STAGES:
            settings = json.loads(settings_text(asking, stage, "memory", "leaky", "dale", "0-3"))
            assert read_task(settings["task"]).inputs == 1
            if stage not in ("train", "ranks"):
                shared = stage in ("harvest", "behaviour", "loadings", "development")
                named = {"task_name"} if shared else set()
                assert set(settings) == {"task", stage, *named}

    def test_jobs_know_the_names_that_key_their_random_numbers(self):
        trained = json.loads(settings_text(plan(), "train", "memory", "leaky", "dale", "0-3"))
        assert trained["cohort"] == {"task": "memory", "model": "leaky", "constraint": "dale"}
        harvested = json.loads(settings_text(plan(), "harvest", "memory", "leaky", "dale", "0-3"))
        assert harvested["task_name"] == "memory"

    def test_training_knows_what_a_cell_leaves_unsaid(self):
        trained = json.loads(settings_text(plan(), "train", "memory", "tanh10", "none", "0-3"))
        model = TrainJob.model_validate(trained).model
        assert (model.alpha, model.noise) == (1.0, 0.0)

    def test_what_a_job_reads_is_what_the_plan_wrote(self):
        """Nothing is lost on the way, and no default comes in."""
        for rule, jobs in plan().jobs().items():
            for names in jobs:
                text = settings_text(plan(), rule, *names)
                assert canonical(STAGES[rule].settings.model_validate_json(text)) == text
