"""The command reports faults with a status of 1, and describes what will run."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from rnnpipe.commands.experiment_file import fault_text
from rnnpipe.commands.main import main
from rnnpipe.faults import Fault, SettingsError
from rnnpipe.given_files import CONTENT_HASH
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.rules import processes
from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.settings import load_experiment
from rnnpipe.tables.schemas import TABLES
from rnnpipe.tasks import TASKS
from rnnpipe.tasks.neurogym_env import NEUROGYM_VERSION

CONFIG = Path(__file__).parents[2] / "config"


def invoke(*arguments: str):
    return CliRunner().invoke(main, list(arguments))


def test_check_accepts_the_default_experiment_with_its_warning():
    result = invoke("check", str(CONFIG / "config.yaml"))
    assert result.exit_code == 0
    assert result.stdout == "ok: 24 networks (6 cohorts of 4 seeds) in 6 blocks\n"
    assert "constraints.dale80 with models.tanh64" in result.stderr


def test_check_lists_every_fault_on_stderr(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text("experiment: x\nseeds: 3-1\ntasks: {flipflop: {bit: 2}}\nmodels: {}\n")
    result = invoke("check", str(file))
    assert result.exit_code == 1
    assert not result.stdout
    assert result.stderr.startswith(f"{file}: 3 faults\n")
    for key in ("seeds", "tasks.flipflop.bit", "models"):
        assert f"\n  {key}: " in result.stderr


def test_faults_that_show_later_name_the_file_too():
    error = SettingsError([Fault("models.m.cell", "cannot be made")])
    assert fault_text(CONFIG / "config.yaml", error).startswith(
        f"{CONFIG / 'config.yaml'}: 1 fault"
    )


def test_missing_file_is_a_fault_not_a_traceback():
    result = invoke("describe", "nowhere.yaml")
    assert result.exit_code == 1
    assert result.stderr.startswith("nowhere.yaml: 1 fault\n  cannot be read")


def test_describe_counts_jobs_and_aligns_columns():
    result = invoke("describe", str(CONFIG / "config.yaml"))
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("rule"))
    table = lines[start : lines.index("", start)]
    jobs = {line.split()[0]: int(line.split()[1]) for line in table[1:]}
    plan = Plan(load_experiment(CONFIG / "config.yaml"))
    planned = {rule: len(own) for rule, own in processes(plan.jobs()).items() if own}
    assert jobs == {**planned, "total": sum(planned.values())}
    assert len({len(line) for line in table}) == 1


def test_describe_advises_on_blocks_where_another_size_serves_better(tmp_path):
    assert "would serve better" not in invoke("describe", str(CONFIG / "thousand.yaml")).output
    file = tmp_path / "thousand.yaml"
    text = (CONFIG / "thousand.yaml").read_text(encoding="utf-8")
    file.write_text(text.replace("seeds_per_job: 64", "seeds_per_job: 4"))
    output = " ".join(invoke("describe", str(file)).output.split())
    assert "blocks of each cohort: 0-3 .. 248-251 (63)" in output
    assert "Larger blocks would serve better" in output
    assert "With compute: {seeds_per_job: 64} starts take 1.6 min" in output


def test_settings_prints_what_the_workflow_gives_to_the_job():
    file = str(CONFIG / "config.yaml")
    plan = Plan(load_experiment(file))
    cohort = ("integrator", "tanh64", "dale80", "0-3")
    drawn = ("integrator", "tanh64", "dale80", "examples")
    known = plan.jobs()
    stages = [stage for stage in BLOCK_STAGES if cohort in known[stage]]
    expected = {stage: (cohort, settings_text(plan, stage, *cohort)) for stage in stages} | {
        "population": (("flipflop",), settings_text(plan, "population", "flipflop")),
        "distances": (("flipflop",), settings_text(plan, "distances", "flipflop")),
        "statistics": (("integrator",), settings_text(plan, "statistics", "integrator")),
        "findings": ((), settings_text(plan, "findings")),
        "seconds": ((), settings_text(plan, "seconds")),
        "figure": (("integrator", "ring"), settings_text(plan, "figure", "integrator", "ring")),
        "scene": (drawn, settings_text(plan, "scene", *drawn)),
        "pages": ((), settings_text(plan, "pages")),
    }
    assert set(expected) == {rule for rule, jobs in known.items() if jobs}
    for rule, (names, text) in expected.items():
        assert invoke("settings", file, rule, *names).stdout.strip() == text


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("train", "flipflop", "tanh64", "nine", "0-3"), "flipflop tanh64 none 0-3"),
        (("train", "flipflop", "tanh64", "none", "0-7"), "flipflop tanh64 none 0-3"),
        (("train",), "flipflop tanh64 none 0-3"),
        (("figure", "flipflop", "ring"), "integrator ring"),
        (("draw", "flipflop"), "train, harvest, behaviour"),
    ],
)
def test_settings_names_what_would_be_right(arguments, allowed):
    result = invoke("settings", str(CONFIG / "config.yaml"), *arguments)
    assert result.exit_code == 2
    assert allowed in result.stderr


def test_schema_prints_the_shipped_file():
    file = CONFIG.parent / "workflow" / "schemas" / "config.schema.yaml"
    assert invoke("schema").stdout == file.read_text(encoding="utf-8")


def test_tasks_prints_the_shipped_page_with_every_key_of_every_kind():
    page = invoke("tasks").stdout
    assert page == (CONFIG / "tasks.md").read_text(encoding="utf-8")
    for kind, task in TASKS.items():
        section = page.split(f"## {kind}\n")[1].split("\n## ")[0]
        keys = {field.alias or name for name, field in task.model_fields.items()}
        named = set(re.findall(r"^\| `([\w-]+)` \|", section, flags=re.MULTILINE))
        assert keys - {"probes", CONTENT_HASH, NEUROGYM_VERSION} == named


def test_tables_prints_the_shipped_page_with_every_column_of_every_table():
    page = invoke("tables").stdout
    docs = CONFIG.parent / "docs" / "tables.md"
    assert page == docs.read_text(encoding="utf-8"), "run: rnnpipe tables > docs/tables.md"
    for table, columns in TABLES.items():
        section = page.split(f"## {table}\n")[1].split("\n## ")[0]
        assert re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE) == list(columns)
