"""What re-runs what; test_dry_runs.py shows that Snakemake runs what is predicted here."""

import shutil
from collections.abc import Callable

import pytest

from rnnpipe.plan.stages import STAGES
from tests.workflow.checkout import BLOCK_RULES, EXPERIMENT, ROOT, SKIPPED, Job

# The jobs on all networks of a task, or of all tasks.
GATHERING = ("population", "distances", "statistics", "findings")
# The jobs that draw single networks.
SEEING = ("scene", "pages")
FLIPFLOP, INTEGRATOR = "task=flipflop", "task=integrator"


def rules(jobs) -> set[str]:
    return {rule for rule, _ in jobs}


def of_blocks(jobs) -> set[tuple[str, str]]:
    return {(rule, wildcards) for rule, wildcards in jobs if rule in BLOCK_RULES}


def cohort(task="flipflop", model="tanh8", constraint="none", seeds="0-1") -> str:
    return f"task={task}, model={model}, constraint={constraint}, seeds={seeds}"


def rules_from(stage: str) -> set[str]:
    """The rule of a stage, and all rules after it."""
    return set(list(BLOCK_RULES)[list(BLOCK_RULES).index(STAGES[stage].rule) :])


def jobs_of(named, blocks) -> set[tuple[str, str]]:
    """Jobs of rules; the integrator alone is swept."""
    return {
        (rule, block)
        for rule in named
        for block in blocks
        if INTEGRATOR in block or BLOCK_RULES[rule][0].only != "swept"
    }


@pytest.fixture(scope="module")
def changed(predicted) -> Callable[..., set[Job]]:
    """Jobs that run when settings change."""
    return predicted.changed


def test_a_new_seed_trains_its_block_alone(changed):
    jobs = changed({"seeds": "0-2"})
    new = {
        cohort(task, constraint=constraint, seeds="2-3")
        for task, constraint in (
            ("flipflop", "none"),
            ("flipflop", "noautapses"),
            ("integrator", "none"),
        )
    }
    assert of_blocks(jobs) == jobs_of(BLOCK_RULES, new)
    assert rules(jobs) == {*BLOCK_RULES, *GATHERING, *SEEING, "seconds", "figure"}


def test_a_new_constraint_runs_its_cohort_alone(changed):
    constraints = {**EXPERIMENT["constraints"], "dale": {"dale_ratio": 0.5}}
    exclude = [*EXPERIMENT["exclude"], {"task": "integrator", "constraint": "dale"}]
    jobs = changed({"constraints": constraints, "exclude": exclude})
    assert of_blocks(jobs) == jobs_of(BLOCK_RULES, [cohort(constraint="dale")])
    # The other task's figures and tables have the same networks as before.
    assert all(INTEGRATOR not in wildcards for _, wildcards in jobs)
    assert {*GATHERING, "figure"} < rules(jobs)


def test_a_search_setting_spares_training_and_harvest(changed):
    jobs = changed({"fixed_points.tolerance": 1e-18})
    assert rules(of_blocks(jobs)) == rules_from("fixed_points")
    assert {*GATHERING, "figure"} <= rules(jobs)


@pytest.mark.parametrize(
    ("change", "first"),
    [
        ({"harvest.trials": 9}, "harvest"),
        ({"stability.tolerance": 0.01}, "stability"),
        ({"graph.steps": 60}, "graph"),
    ],
)
def test_a_stage_setting_re_runs_that_stage_and_what_follows(changed, change, first):
    jobs = of_blocks(changed(change))
    blocks = [cohort(), cohort(constraint="noautapses"), cohort("integrator")]
    assert jobs == jobs_of(rules_from(first), blocks)


def test_stages_of_one_job_take_each_other_along_and_nothing_that_follows_on_them(changed):
    """Not the search, which reads what was harvested, and not what only reads attractors."""
    jobs = changed({"behaviour.trials": 9})
    assert rules(of_blocks(jobs)) == {"harvest"}
    assert ("figure", "task=flipflop, kind=endings") not in jobs
    jobs = changed({"graph.steps": 60})
    assert rules(of_blocks(jobs)) == {"skeleton"}


def test_a_sweep_re_runs_its_branches_and_their_figure_alone(changed):
    jobs = changed({"tasks.integrator.probes.turn.speed": [-0.3, 0.3, 7]})
    assert jobs == {
        ("branches", cohort("integrator")),
        ("figure", "task=integrator, kind=branches"),
        ("seconds", ""),
    }


def test_a_held_probe_trains_and_sweeps_nothing(changed):
    jobs = changed({"tasks.integrator.probes.fast": {"speed": 0.3}})
    assert of_blocks(jobs) == jobs_of(rules_from("fixed_points"), [cohort("integrator")])


def test_training_of_one_task_leaves_the_other_alone(changed):
    jobs = changed({"tasks.flipflop.training": {"steps": 41}})
    assert all(INTEGRATOR not in wildcards for _, wildcards in jobs)
    assert ("train", cohort()) in jobs


def test_a_figure_setting_re_runs_figures_alone(changed):
    assert rules(changed({"figures.dpi": 61})) == {"figure"}


def test_a_setting_of_pictures_redraws_single_networks_alone(changed):
    assert rules(changed({"scenes.colour": "time"})) == set(SEEING)
    none = rules(changed({"scenes.networks": 0}))
    assert none == {"pages"}


def test_more_permutations_repeat_the_statistics_alone(changed):
    jobs = rules(changed({"similarity.permutations": 49}))
    assert jobs == {"statistics", "figure", "pages"}


def test_moving_the_threshold_of_solved_trains_nothing(changed):
    jobs = rules(changed({"tasks.flipflop.solved": 0.8}))
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
def test_other_words_for_the_same_settings_run_nothing(changed, change):
    assert changed(change) == set()


@pytest.fixture
def edited(predicted, tmp_path) -> Callable[[str, str, str], set[Job]]:
    """Jobs that run when a text in a file of the package is replaced."""
    package = tmp_path / "rnnpipe"
    for part in ("rnnpipe", "scripts"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=SKIPPED)

    def edit(name: str, old: str, new: str) -> set[Job]:
        text = (package / name).read_text()
        assert old in text
        (package / name).write_text(text.replace(old, new, 1))
        return predicted.edited(package)

    return edit


def test_an_edit_of_the_package_re_runs_the_stages_behind_it(edited):
    jobs = edited("dynamics/stability.py", "np.", "1 * np.")
    assert rules(of_blocks(jobs)) == rules_from("stability")


def test_a_new_column_of_the_population_re_runs_no_block(edited):
    name = "tables/schemas/population.py"
    column = '"spurious": whole('
    jobs = edited(name, column, f'"spurious_too": whole("One more."), {column}')
    assert of_blocks(jobs) == set()
    # Distances are made from the blocks' tables alone.
    assert {*GATHERING} - {"distances"} <= rules(jobs)


def test_an_edit_of_a_colour_redraws_alone(edited):
    assert rules(edited("figures/style.py", "#8A8A8A", "#8B8B8B")) == {"figure", *SEEING}


def test_an_edit_of_a_pages_style_makes_pages_anew(edited):
    assert rules(edited("pages/pages.css", "{", "{ ")) == set(SEEING)


def test_an_edit_of_one_kind_of_figure_re_runs_that_kind(edited):
    jobs = edited("figures/kinds/census.py", "lw=1.2", "lw=1.3")
    assert jobs == {("figure", f"task={task}, kind=census") for task in ("flipflop", "integrator")}


def test_an_edit_of_comments_and_docstrings_runs_nothing(edited):
    assert edited("training/fit.py", '"""', '"""Of late: ') == set()
