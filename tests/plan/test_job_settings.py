"""A job's settings change with what it depends on and with nothing else."""

import pytest

from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.settings import Experiment
from tests.helpers.plans import (
    EXPERIMENT,
    changed,
    every_setting,
    of_both,
    of_memory,
    plan,
    rerun,
    rules,
)

UNSWEPT = [name for name, stage in BLOCK_STAGES.items() if stage.only is None]
PROBED = [name for name in UNSWEPT if name not in ("train", "harvest", "behaviour")]
# What depends on which networks there are, task by task and of all tasks together.
GATHERING = ("population", "distances", "statistics", "figure")
DRAWING = ("figure", "scene")
WHOLE = {("findings",), ("seconds",)}
PROBE_READERS = of_memory(*PROBED, "distances", *DRAWING) | {("findings",)}


class TestWhatRunsAgain:
    @pytest.mark.parametrize(
        ("path", "value", "expected"),
        [
            ("harvest.trials", 16, of_both("harvest")),
            ("fixed_points.tolerance", 1e-18, of_both("fixed_points")),
            ("attractors.visited", 2, of_both("attractors")),
            ("stability.vectors", 2, of_both("stability")),
            ("graph.steps", 10, of_both("graph", "scene")),
            ("graph.perturbations", 10, of_both("graph")),
            ("behaviour.trials", 16, of_both("behaviour")),
            ("similarity.samples", 64, of_both("distances")),
            ("similarity.permutations", 99, of_both("statistics")),
            ("figures.dpi", 72, of_both("figure")),
            ("scenes.width", 1200, of_both("scene")),
            ("training.trials", 16, of_both("train")),
            ("compute.threads", 2, set()),
            ("compute.device", "auto", set()),
            ("tasks.memory.solved", 0.9, of_memory("population", *DRAWING) | {("findings",)}),
            (
                "tasks.memory.bits",
                2,
                of_memory(*UNSWEPT, "population", "distances", *DRAWING)
                | {("findings",), ("pages",)},
            ),
            ("tasks.memory.training.clip", 2, of_memory("train")),
            ("tasks.memory.probes", {"up": {"bit1": 1}}, PROBE_READERS),
            ("tasks.memory.probes", {"up": {"bit1": [0, 1, 3]}}, {("seconds",)}),
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
        # What networks are by design stands in the population's table, which follows anyway.
        jobs = {job for job in jobs if job[0] != "population"}
        assert jobs == {job for job in every_setting(plan()) if job[0] == "train" and name in job}

    def test_a_sweep_and_a_held_probe_re_run_what_reads_them_alone(self):
        def probed(level: float, end: float) -> Plan:
            probes = {"held": {"bit1": level}, "swept": {"bit1": [0, end, 3]}}
            return plan(**changed("tasks.memory.probes", probes))

        further = rerun(probed(1, 1), probed(1, 2))
        assert further == {
            *(job for job in every_setting(probed(1, 1)) if job[0] == "branches"),
            ("figure", "memory", "branches"),
        }
        other = rerun(probed(1, 1), probed(0.5, 1))
        assert rules(other) == PROBE_READERS
        assert ("figure", "memory", "branches") not in other

    def test_the_order_of_probes_stands(self):
        """The first one is drawn."""
        first, last = {"a": {"bit1": 1}}, {"b": {"bit1": 2}}
        one = plan(**changed("tasks.memory.probes", {**first, **last}))
        other = plan(**changed("tasks.memory.probes", {**last, **first}))
        assert rules(rerun(one, other)) == PROBE_READERS

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
        assert rules(fresh) == of_both(*GATHERING, "scene") | WHOLE

    def test_a_constraint_more_leaves_other_cohorts_as_they_are(self):
        more = {**EXPERIMENT["constraints"], "noautapses": {"autapses": False}}
        jobs = rerun(plan(), plan(constraints=more))
        assert rules(jobs) == of_both(*GATHERING) | WHOLE | {("pages",)}

    def test_an_exclusion_leaves_other_cohorts_as_they_are(self):
        jobs = rerun(plan(), plan(exclude=[{"task": "memory", "model": "leaky"}]))
        assert rules(jobs) == of_memory(*GATHERING) | WHOLE | {("pages",)}


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
            ("fixed_points", {"mixtures": 64, "rounds": 20}),
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
