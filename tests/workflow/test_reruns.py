"""What re-runs what: each sentence read from a dry run after a finished one."""

import os
import shutil

import pytest

from rnnpipe.plan.stages import STAGES
from tests.workflow.checkout import EXPERIMENT

# The jobs on all networks of a task, or of all tasks.
GATHERING = ("population", "distances", "statistics", "findings")
# The jobs that draw single networks.
SEEING = ("scene", "pages")
FLIPFLOP, INTEGRATOR = "task=flipflop", "task=integrator"


def rules(jobs) -> set[str]:
    return {rule for rule, _ in jobs}


def of_blocks(jobs) -> set[tuple[str, str]]:
    return {(rule, wildcards) for rule, wildcards in jobs if rule in STAGES}


def cohort(task="flipflop", model="tanh8", constraint="none", seeds="0-1") -> str:
    return f"task={task}, model={model}, constraint={constraint}, seeds={seeds}"


def stages_from(stage: str) -> set[str]:
    return set(list(STAGES)[list(STAGES).index(stage) :])


def jobs_of(stages, blocks) -> set[tuple[str, str]]:
    """The integrator alone is swept."""
    return {
        (stage, block)
        for stage in stages
        for block in blocks
        if INTEGRATOR in block or not STAGES[stage].swept
    }


def test_a_finished_experiment_runs_nothing(finished):
    assert finished.planned() == set()


def test_times_of_files_do_not_count(finished):
    for path in [*finished.folder.glob("scripts/*"), *finished.folder.glob("rnnpipe/**/*.py")]:
        os.utime(path)
    assert finished.planned() == set()


def test_a_moved_checkout_runs_nothing(finished, tmp_path):
    moved = finished.copied(tmp_path / "moved", by=shutil.copy)
    assert moved.planned() == set()


def test_a_new_seed_trains_its_block_alone(finished):
    jobs = finished.planned({"seeds": "0-2"})
    new = {
        cohort(task, constraint=constraint, seeds="2-3")
        for task, constraint in (
            ("flipflop", "none"),
            ("flipflop", "noautapses"),
            ("integrator", "none"),
        )
    }
    assert of_blocks(jobs) == jobs_of(STAGES, new)
    assert rules(jobs) == {*STAGES, *GATHERING, *SEEING, "seconds", "figure"}


def test_a_new_constraint_runs_its_cohort_alone(finished):
    constraints = {**EXPERIMENT["constraints"], "dale": {"dale_ratio": 0.5}}
    exclude = [*EXPERIMENT["exclude"], {"task": "integrator", "constraint": "dale"}]
    jobs = finished.planned({"constraints": constraints, "exclude": exclude})
    assert of_blocks(jobs) == jobs_of(STAGES, [cohort(constraint="dale")])
    # The other task's figures and tables have the same networks as before.
    assert all(INTEGRATOR not in wildcards for _, wildcards in jobs)
    assert {*GATHERING, "figure"} < rules(jobs)


def test_a_search_setting_spares_training_and_harvest(finished):
    jobs = finished.planned({"fixed_points.tolerance": 1e-18})
    assert rules(of_blocks(jobs)) == stages_from("fixed_points")
    assert {*GATHERING, "figure"} <= rules(jobs)


@pytest.mark.parametrize(
    ("change", "first"),
    [
        ({"harvest.trials": 9}, "harvest"),
        ({"stability.tolerance": 0.01}, "stability"),
        ({"graph.steps": 60}, "graph"),
    ],
)
def test_a_stage_setting_re_runs_that_stage_and_what_follows(finished, change, first):
    jobs = of_blocks(finished.planned(change))
    blocks = [cohort(), cohort(constraint="noautapses"), cohort("integrator")]
    assert jobs == jobs_of(stages_from(first), blocks)


def test_a_sweep_re_runs_its_branches_and_their_figure_alone(finished):
    jobs = finished.planned({"tasks.integrator.probes.turn.speed": [-0.3, 0.3, 7]})
    assert jobs == {
        ("branches", cohort("integrator")),
        ("figure", "task=integrator, kind=branches"),
        ("seconds", ""),
    }


def test_a_held_probe_trains_and_sweeps_nothing(finished):
    jobs = finished.planned({"tasks.integrator.probes.fast": {"speed": 0.3}})
    assert of_blocks(jobs) == jobs_of(stages_from("fixed_points"), [cohort("integrator")])


def test_training_of_one_task_leaves_the_other_alone(finished):
    jobs = finished.planned({"tasks.flipflop.training": {"steps": 41}})
    assert all(INTEGRATOR not in wildcards for _, wildcards in jobs)
    assert ("train", cohort()) in jobs


def test_a_figure_setting_re_runs_figures_alone(finished):
    assert rules(finished.planned({"figures.dpi": 61})) == {"figure"}


def test_a_setting_of_pictures_redraws_single_networks_alone(finished):
    assert rules(finished.planned({"scenes.colour": "time"})) == set(SEEING)
    none = rules(finished.planned({"scenes.networks": 0}))
    assert none == {"pages"}


def test_more_permutations_repeat_the_statistics_alone(finished):
    jobs = rules(finished.planned({"similarity.permutations": 49}))
    assert jobs == {"statistics", "findings", "figure", "pages"}


def test_moving_the_threshold_of_solved_trains_nothing(finished):
    jobs = rules(finished.planned({"tasks.flipflop.solved": 0.8}))
    assert jobs == {"population", "statistics", "findings", "figure", *SEEING}


@pytest.mark.parametrize(
    "change",
    [
        {"training.weight_decay": 0},
        {"training.weight_decay": 0.0, "training.learning_rate": 1e-2},
        {"training.amsgrad": False},
        {"compute.threads": 2},
        {"models": {"tanh8": {"units": 8, "activation": "tanh", "cell": "vanilla"}}},
    ],
)
def test_other_words_for_the_same_settings_run_nothing(finished, change):
    assert finished.planned(change) == set()


@pytest.fixture
def edited(finished):
    """Replace a text in a file of the checkout, for the time of a test."""
    before = {}

    def edit(name: str, old: str, new: str) -> None:
        path = finished.folder / name
        before.setdefault(path, path.read_text())
        assert old in before[path]
        path.write_text(before[path].replace(old, new, 1))

    yield edit
    for path, text in before.items():
        path.write_text(text)


def test_an_edit_of_the_package_re_runs_the_stages_behind_it(finished, edited):
    edited("rnnpipe/dynamics/stability.py", "np.", "1 * np.")
    jobs = finished.planned()
    assert rules(of_blocks(jobs)) == stages_from("stability")


def test_a_new_column_of_the_population_re_runs_no_block(finished, edited):
    edited(
        "rnnpipe/tables/schemas/population.py",
        'spurious="int"',
        'spurious="int", spurious_too="int"',
    )
    jobs = finished.planned()
    assert of_blocks(jobs) == set()
    assert set(GATHERING) <= rules(jobs)


def test_an_edit_of_a_colour_redraws_alone(finished, edited):
    edited("rnnpipe/figures/style.py", "#8A8A8A", "#8B8B8B")
    assert rules(finished.planned()) == {"figure", *SEEING}


def test_an_edit_of_a_pages_style_makes_pages_anew(finished, edited):
    edited("rnnpipe/pages/pages.css", "{", "{ ")
    assert rules(finished.planned()) == set(SEEING)


def test_an_edit_of_one_kind_of_figure_re_runs_that_kind(finished, edited):
    edited("rnnpipe/figures/kinds/census.py", "lw=1.2", "lw=1.3")
    jobs = finished.planned()
    assert jobs == {("figure", f"task={task}, kind=census") for task in ("flipflop", "integrator")}


def test_an_edit_of_a_script_re_runs_its_stage(finished, edited):
    edited("scripts/graph.py", "line.update(", "line.update(0 + ")
    jobs = finished.planned()
    assert rules(of_blocks(jobs)) == {"graph"}


def test_an_edit_of_comments_and_docstrings_runs_nothing(finished, edited):
    edited("rnnpipe/training/fit.py", '"""', '"""Of late: ')
    assert finished.planned() == set()
