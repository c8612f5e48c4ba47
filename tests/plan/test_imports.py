"""Jobs of imported networks: they take training's place and nothing else changes."""

import pytest
from click.testing import CliRunner

from rnnpipe.commands.main import main
from rnnpipe.plan.estimate import experiment_seconds
from rnnpipe.plan.missing import missing_blocks
from rnnpipe.plan.stages import IMPORT
from rnnpipe.settings import Cohort
from tests.helpers.plans import EXPERIMENT, plan, rerun

MODELS = {**EXPERIMENT["models"], "mine": {"cell": "gru", "units": 10, "from": "{seed}.pt"}}
EXCLUDE = [{"model": "mine", "constraint": "dale"}]
COHORT = Cohort("memory", "mine", "none")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for seed in range(9):
        (tmp_path / f"{seed}.pt").touch()
    return tmp_path


def mixed(**sections):
    return plan(models=MODELS, exclude=EXCLUDE, **sections)


def test_every_block_is_trained_or_imported():
    jobs = mixed().jobs()
    assert {job[1] for job in jobs[IMPORT]} == {"mine"}
    assert {job[1] for job in jobs["train"]} == {"tanh10", "leaky"}
    assert sorted(jobs[IMPORT] + jobs["train"]) == sorted(jobs["harvest"])
    assert IMPORT not in plan().jobs()
    only = plan(models={"mine": MODELS["mine"]}, constraints={"none": {}})
    assert "train" not in only.jobs()


def test_a_block_reads_the_files_of_its_own_seeds():
    assert mixed().network_files(COHORT, "0-3") == ["0.pt", "1.pt", "2.pt", "3.pt"]
    assert mixed().network_files(COHORT, "4-7") == ["4.pt", "5.pt"]


def test_a_seed_more_imports_its_own_block():
    jobs = rerun(mixed(), mixed(seeds="0-6"))
    assert {job[-1] for job in jobs if job[0] == IMPORT} == {"4-7"}


def test_imported_models_leave_trained_ones_as_they_are():
    assert {job[0] for job in rerun(plan(), mixed())} == {
        "population",
        "distances",
        "statistics",
        "findings",
        "figure",
        "seconds",
        "pages",
    }


def test_training_settings_reach_no_imported_network():
    jobs = rerun(mixed(), mixed(training={"steps": 7, "learning_rate": 0.1}))
    assert {job[0] for job in jobs} == {"train"}


def test_an_import_costs_no_training():
    seconds = experiment_seconds(mixed().experiment, {"train": 0, IMPORT: 0})
    assert seconds[IMPORT] == 0 < seconds["train"]


def test_a_block_whose_import_left_nothing_is_named_with_the_log_of_that():
    found = missing_blocks(mixed())
    logs = {one.log for one in found if one.model == "mine" and one.seeds == "4-7"}
    assert logs == {
        f"results/x/logs/{IMPORT}/{task}.mine.none.4-7.log" for task in EXPERIMENT["tasks"]
    }


def test_commands_know_the_rule(here):
    file = here / "e.yaml"
    file.write_text(
        "experiment: x\nseeds: 0-1\ntasks: {flipflop: {}}\n"
        'models: {mine: {cell: gru, from: "{seed}.pt"}}\n'
    )
    described = CliRunner().invoke(main, ["describe", str(file)]).output
    assert "imported" in described and "import_networks" in described
    arguments = ["settings", str(file), IMPORT, "flipflop", "mine", "none", "0-3"]
    assert '"files":["0.pt","1.pt"]' in CliRunner().invoke(main, arguments).output
    (here / "1.pt").unlink()
    checked = CliRunner().invoke(main, ["check", str(file)])
    assert checked.exit_code == 1
    assert 'models.mine.from: "1.pt": there is no such file' in checked.output
