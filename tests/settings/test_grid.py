"""Seeds, blocks and cohorts: how an experiment expands."""

import pytest

from rnnpipe.settings import Block, Cohort, load_experiment
from tests.helpers.experiments import CONFIG, experiment, faults


class TestSeeds:
    @pytest.mark.parametrize(
        ("written", "seeds"),
        [
            (5, (5,)),
            ("0-3", (0, 1, 2, 3)),
            ("0-2,8", (0, 1, 2, 8)),
            ([5, 1, "8-9"], (1, 5, 8, 9)),
            ("7", (7,)),
        ],
    )
    def test_forms(self, written, seeds):
        assert experiment(seeds=written).seeds == seeds

    @pytest.mark.parametrize(
        ("written", "message"),
        [
            ("3-0", "0-3"),
            ([1, "0-2"], "seed 1 more than once"),
            (-1, "-1 is not a seed"),
            (True, "true is not a seed"),
            ("0..3", "not a seed or a range"),
            ([], "names no seed"),
            (1.5, "1.5 is not a seed"),
            ("0-99999999999", "more than"),
        ],
    )
    def test_refused(self, written, message):
        assert message in faults(seeds=written)["seeds"]


def blocks(seeds, size: int) -> tuple[Block, ...]:
    sized = experiment(seeds=seeds, compute={"seeds_per_job": size})
    return sized.blocks()


class TestBlocks:
    def test_lie_on_a_grid_whatever_seeds_are_asked_for(self):
        few = blocks("0-2", 4)
        more = blocks("0-3,9", 4)
        assert [block.label for block in few] == ["0-3"]
        assert [block.label for block in more] == ["0-3", "8-11"]
        assert [block.seeds for block in more] == [(0, 1, 2, 3), (9,)]

    @pytest.mark.parametrize("size", [1, 3, 8])
    def test_hold_every_seed_once_and_inside_their_slot(self, size):
        seeds = (0, 1, 2, 5, 7, 8, 23)
        cut = blocks(seeds, size)
        assert tuple(seed for block in cut for seed in block.seeds) == seeds
        for block in cut:
            assert block.first % size == 0
            assert block.last - block.first == size - 1
            assert all(block.first <= seed <= block.last for seed in block.seeds)


class TestCohorts:
    def test_product_in_the_order_of_the_file(self):
        cohorts = load_experiment(CONFIG).cohorts()
        assert cohorts[0] == Cohort("flipflop", "tanh64", "none")
        assert [(c.task, c.constraint) for c in cohorts] == [
            (task, constraint)
            for task in ("flipflop", "integrator")
            for constraint in ("none", "noautapses", "dale80")
        ]

    def test_exclusion_matches_all_its_keys(self):
        tasks = {"flipflop": {}, "integrator": {}}
        constraints = {"none": {}, "sparse": {"density": 0.5}}
        exclude = [{"task": "integrator", "constraint": "sparse"}]
        cohorts = experiment(tasks=tasks, constraints=constraints, exclude=exclude).cohorts()
        assert len(cohorts) == 3
        assert Cohort("integrator", "m", "sparse") not in cohorts

    def test_exclusion_by_what_a_model_is(self):
        grid = {"cell": ["gru", "lstm"], "activation": ["tanh", "relu"], "units": [8, 16]}
        tasks = {"flipflop": {}, "sinewave": {}}
        exclude = [
            {"task": "sinewave", "cell": "lstm", "activation": "relu"},
            {"task": "flipflop", "units": 16},
        ]
        cohorts = experiment(tasks=tasks, models={}, grid=grid, exclude=exclude).cohorts()
        rest = {(cohort.task, cohort.model) for cohort in cohorts}
        assert len(rest) == 16 - 2 - 4
        assert ("sinewave", "lstm-tanh-16") in rest and ("flipflop", "lstm-relu-8") in rest
        assert not any(task == "sinewave" and "lstm-relu" in model for task, model in rest)
        assert not any(task == "flipflop" and model.endswith("16") for task, model in rest)

    def test_senseless_exclusions_are_refused(self):
        tasks = {"flipflop": {}, "integrator": {}}
        found = faults(tasks=tasks, exclude=[{"task": "flipflpo"}, {"model": "m"}, {"model": "m"}])
        assert 'did you mean "flipflop"?' in found["exclude[0].task"]
        assert "leaves nothing out" in found["exclude[2]"]
        assert "no combination" in found["exclude"]
        assert "at least one" in faults(exclude=[{}])["exclude[0]"]
        found = faults(exclude=[{"cell": "lsmt"}, {"activation": "sigmoid"}, {"cel": "gru"}])
        assert "is not one of vanilla" in found["exclude[0].cell"]
        assert 'did you mean "cell"?' in found["exclude[2].cel"]
        found = faults(exclude=[{"activation": "sigmoid"}])
        assert "leaves nothing out" in found["exclude[0]"]
