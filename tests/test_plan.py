"""Files lie where readers look for them, and settings change only what depends on them."""

import json
import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnpipe import plan as module
from rnnpipe.artifacts import write_table
from rnnpipe.figures.kinds import KINDS
from rnnpipe.paths import block_log, block_path, population_path
from rnnpipe.plan import Plan, prepare_environment
from rnnpipe.settings import Cohort, Experiment
from rnnpipe.stages import STAGES, SUFFIXES
from rnnpipe.tasks import make_task

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
ROOT = Path(module.__file__).parent.parent


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
        (rule, *names): of.job_settings(rule, names)
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
        paths = [path for stage in STAGES for path in crowded.stage_files(stage)]
        paths += crowded.benchmarks()
        paths += [
            block_log("x", stage, cohort, block.label)
            for stage in STAGES
            for cohort in crowded.cohorts()
            for block in crowded.experiment.blocks()
        ]
        assert len(set(paths)) == len(paths)

    def test_excluded_cohorts_have_no_file(self):
        rest = plan(exclude=[{"model": "leaky", "constraint": "dale"}, {"task": "heading"}])
        assert rest.tasks() == ["memory"]
        paths = [path for name in SUFFIXES for path in rest.files(name)]
        paths += [*rest.benchmarks(), *rest.figure_inputs("training", "memory")]
        assert not any("heading" in path for path in paths)
        assert not any("leaky" in path and "dale" in path for path in paths)
        assert any("leaky" in path for path in paths)
        members = json.loads(rest.population_settings("memory"))["cohorts"]
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


class TestJobs:
    @pytest.mark.parametrize("exclude", [[], [{"model": "leaky"}], [{"task": "heading"}]])
    def test_as_many_as_there_are_files(self, exclude):
        some = plan(exclude=exclude)
        numbers = {rule: len(jobs) for rule, jobs in some.jobs().items()}
        for name, stage in STAGES.items():
            assert {len(some.files(table)) for table in stage.files} == {numbers[name]}
        assert numbers["population"] == len(some.tasks())
        assert numbers["figure"] == len(list(some.figures()))
        assert len(some.benchmarks()) == sum(numbers[stage] for stage in STAGES)

    def test_a_blocks_job_is_named_as_its_files_are(self):
        for name, stage in STAGES.items():
            for table in stage.files:
                made = [
                    block_path("x", table, Cohort(*names), seeds)
                    for *names, seeds in plan().jobs()[name]
                ]
                assert made == plan().files(table)

    def test_settings_of_a_job_are_those_of_its_rule(self):
        names = ("memory", "leaky", "dale", "4-7")
        assert plan().job_settings("train", names) == plan().settings("train", *names)
        figure = plan().job_settings("figure", ("heading", "ring"))
        assert figure == plan().figure_settings("ring", "heading")
        assert plan().job_settings("population", ("memory",)) == plan().population_settings(
            "memory"
        )
        assert plan().job_settings("seconds", ()) == plan().seconds_settings()

    def test_every_kind_of_figure_once_for_every_task_and_the_ring_for_integrators(self):
        figures = list(plan().figures())
        heading = [kind for task, kind in figures if task == "heading"]
        memory = [kind for task, kind in figures if task == "memory"]
        assert heading == list(KINDS)
        assert memory == [kind for kind in KINDS if kind != "ring"]

    def test_a_blocks_seeds_are_those_of_its_slot(self):
        trained = json.loads(plan().settings("train", "memory", "leaky", "dale", "4-7"))
        assert trained["seeds"] == [4, 5]

    def test_a_stages_settings_make_its_task(self):
        for stage in STAGES:
            settings = json.loads(plan().settings(stage, "memory", "leaky", "dale", "0-3"))
            assert make_task(settings["task"]).inputs == 1
            assert stage == "train" or set(settings) == {"task", stage}

    def test_training_knows_what_a_cell_leaves_unsaid(self):
        trained = json.loads(plan().settings("train", "memory", "tanh10", "none", "0-3"))
        assert trained["model"]["alpha"] == 1.0 and trained["model"]["noise"] == 0.0


class TestWhatRunsAgain:
    @pytest.mark.parametrize(
        ("path", "value", "expected"),
        [
            ("harvest.trials", 16, of_both("harvest")),
            ("fixed_points.tolerance", 1e-18, of_both("fixed_points")),
            ("stability.vectors", 2, of_both("stability")),
            ("graph.steps", 10, of_both("graph")),
            ("figures.dpi", 72, of_both("figure")),
            ("training.trials", 16, of_both("train")),
            ("compute.threads", 2, set()),
            ("compute.device", "auto", set()),
            ("tasks.memory.solved", 0.9, of_memory("population", "figure")),
            ("tasks.memory.bits", 2, of_memory(*STAGES, "population", "figure")),
            ("tasks.memory.training.clip", 2, of_memory("train")),
        ],
    )
    def test_a_change_reaches_what_depends_on_it(self, path, value, expected):
        jobs = rerun(plan(), plan(**changed(path, value)))
        assert rules(jobs) == expected

    @pytest.mark.parametrize(
        ("path", "value", "name"),
        [
            ("models.leaky.gain", 1.5, "leaky"),
            ("models.leaky.alpha", 0.5, "leaky"),
            ("models.leaky.training.steps", 60, "leaky"),
            ("constraints.dale.autapses", False, "dale"),
        ],
    )
    def test_a_models_or_constraints_change_trains_its_own_cohorts(self, path, value, name):
        jobs = rerun(plan(), plan(**changed(path, value)))
        assert jobs == {job for job in every_setting(plan()) if job[0] == "train" and name in job}

    def test_an_overridden_default_does_not_count(self):
        faster = rerun(plan(), plan(training={"learning_rate": 0.1}))
        assert rules(faster) == {("train", "heading")}
        longer = rerun(plan(), plan(training={"steps": 2000}))
        assert {job[2] for job in longer} == {"tanh10"}

    def test_a_seed_more_changes_its_own_block(self):
        partial = rerun(plan(), plan(seeds="0-6"))
        assert {job[-1] for job in partial if job[0] == "train"} == {"4-7"}
        assert rules(partial) == of_both("train") | {("seconds",)}
        fresh = rerun(plan(), plan(seeds="0-5,8"))
        assert rules(fresh) == of_both("population", "figure") | {("seconds",)}

    def test_a_constraint_more_leaves_other_cohorts_as_they_are(self):
        more = {**EXPERIMENT["constraints"], "noautapses": {"autapses": False}}
        jobs = rerun(plan(), plan(constraints=more))
        assert rules(jobs) == of_both("population", "figure") | {("seconds",)}

    def test_an_exclusion_leaves_other_cohorts_as_they_are(self):
        jobs = rerun(plan(), plan(exclude=[{"task": "memory", "model": "leaky"}]))
        assert rules(jobs) == of_memory("population", "figure") | {("seconds",)}


class TestWhatDoesNotRunAgain:
    @pytest.mark.parametrize(
        ("path", "one", "other"),
        [
            ("harvest.trials", 16, 16.0),
            ("training.weight_decay", 0.0, 0),
            ("training.weight_decay", 0.0, -0.0),
            ("training.clip", 1, 1.0),
            ("training.epsilon", 1e-8, "1e-8"),
            ("models.leaky.alpha", 1, 1.0),
            ("tasks.heading.redraw", 0, 0.0),
            ("tasks.heading.speeds", [-1, 0, 1], [-1.0, 0.0, 1.0]),
            ("seeds", "0-5", [5, "0-4"]),
        ],
    )
    def test_how_a_number_is_written(self, path, one, other):
        assert not rerun(plan(**changed(path, one)), plan(**changed(path, other)))

    @pytest.mark.parametrize(
        ("path", "one", "other"),
        [
            ("training.train", "recurrent_only", ["bias", "recurrent"]),
            (
                "training.train",
                "all",
                ["input", "recurrent", "bias", "output", "output_bias", "initial_state"],
            ),
            ("training.schedule", "one_cycle", {"kind": "one_cycle", "warmup": 0.3}),
            ("training.schedule", "cosine", {"kind": "cosine", "final": 0}),
            ("constraints.none", {}, {"autapses": True}),
            ("constraints.dale.dale_ratio", 0.8, 0.85),
            (
                "constraints.none.regions",
                [{"name": "A", "units": 4}, {"name": "B", "units": 6}],
                [{"name": "A", "fraction": 0.4}, {"name": "B", "fraction": 0.6}],
            ),
        ],
    )
    def test_two_ways_to_say_the_same(self, path, one, other):
        """0.8 and 0.85 of ten units both are eight."""
        assert not rerun(plan(**changed(path, one)), plan(**changed(path, other)))

    def test_milestones_as_shares_or_as_steps(self):
        def milestones(*values: float) -> Plan:
            schedule = {"kind": "multi_step", "milestones": values}
            return plan(
                models={"m": {"cell": "vanilla", "units": 10}},
                training={"steps": 40, "schedule": schedule},
            )

        assert not rerun(milestones(0.25, 0.5), milestones(10, 20))
        assert rules(rerun(milestones(10, 20), milestones(10, 21))) == of_both("train")

    @pytest.mark.parametrize(
        ("section", "defaults"),
        [
            ("training", {"steps": 1000, "trials": 64, "stop": {"loss": None}, "clip": 1.0}),
            ("training", {"validation": {"every": 50}, "initial_state": "learned"}),
            ("fixed_points", {"snapshots": [1e-4, 1e-6, 1e-8, 1e-10], "rounds": 12}),
            ("graph", {"perturbations": 64}),
        ],
    )
    def test_a_default_spelt_out(self, section, defaults):
        assert not rerun(plan(), plan(**{section: defaults}))

    def test_order_in_the_file(self):
        turned = {key: EXPERIMENT[key] for key in reversed(EXPERIMENT)}
        turned["tasks"] = {
            name: dict(reversed(task.items())) for name, task in EXPERIMENT["tasks"].items()
        }
        assert not rerun(plan(), Plan(Experiment.from_mapping(turned)))


class TestEnvironment:
    HERE = os.path.dirname(sys.executable)

    @pytest.fixture(autouse=True)
    def bare(self, monkeypatch):
        """Restores both variables, whatever a test makes of them."""
        monkeypatch.setenv("PATH", "/usr/bin:/bin")
        monkeypatch.setenv("PYTHONPATH", "/elsewhere")

    def test_once_is_enough(self):
        prepare_environment()
        first = dict(os.environ)
        assert first["PATH"] == f"{self.HERE}:/usr/bin:/bin"
        assert first["PYTHONPATH"] == f"{ROOT}:/elsewhere"
        prepare_environment()
        assert dict(os.environ) == first

    def test_this_python_comes_first_wherever_it_stood(self, monkeypatch):
        monkeypatch.setenv("PATH", f"/usr/bin:{self.HERE}")
        prepare_environment()
        assert os.environ["PATH"].split(":")[0] == self.HERE

    def test_an_empty_variable_gains_no_empty_entry(self, monkeypatch):
        """An empty entry would mean the working directory."""
        monkeypatch.delenv("PYTHONPATH")
        prepare_environment()
        assert os.environ["PYTHONPATH"] == str(ROOT)

    def test_jobs_find_this_python_and_the_package(self, tmp_path):
        prepare_environment()
        code = "import rnnpipe, sys; print(sys.executable); print(rnnpipe.__file__)"
        found = subprocess.run(
            ["python", "-S", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        python, package = found.stdout.splitlines()
        assert os.path.dirname(python) == self.HERE
        assert Path(package).parent == ROOT / "rnnpipe"
