"""`rnnpipe run` ends with 0, 1, 2 or 130, and says what is done, what failed, and where to look.

A workflow of three shell commands takes the place of the shipped one.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from rnnpipe.commands.main import main
from rnnpipe.plan.plan import Plan
from rnnpipe.plan.stages import BLOCK_STAGES
from rnnpipe.settings import Experiment
from tests.helpers.experiments import mapping

EXPERIMENT = mapping(compute={"seeds_per_job": 2})
COMMAND = (sys.executable, "-c", "from rnnpipe.commands.main import main; main()", "run")
SNAKEFILE = """\
skip = config.get("missing") == "skip"
rule all:
    default_target: True
    input: "good", *([] if skip else ["bad"])
rule good:
    output: "good"
    log: "logs/good.log"
    shell: "echo chatter; touch {output}"
rule bad:
    output: "bad"
    log: "logs/{BAD}.log"
    shell: "COMMAND"
"""


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(yaml.safe_dump(EXPERIMENT))
    return tmp_path


def workflow(command: str) -> None:
    """Write a workflow with a job that never succeeds, or needs long."""
    Path("Snakefile").write_text(SNAKEFILE.replace("COMMAND", command).replace("{BAD}", "bad"))


def start(*arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [*COMMAND, "mine.yaml", "--cores", "2", *arguments, "--", "--snakefile", "Snakefile"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # Tests that run in the background may have their processes ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def finished_block(plan: Plan) -> None:
    """Write all files of the first block, so that something is left to go on with."""
    for stage in BLOCK_STAGES:
        cohort, block = (plan.blocks(stage) or [(None, None)])[0]
        for file in plan.stage_files(stage) if cohort else ():
            if f"seeds={block.label}" in file:
                Path(file).parent.mkdir(parents=True, exist_ok=True)
                Path(file).touch()


def test_a_failure_is_named_with_its_log_and_all_else_is_done(here):
    workflow("echo the reason > {log}; exit 1")
    finished_block(Plan(Experiment.from_mapping(EXPERIMENT)))
    process = start()
    output = process.communicate()[0]
    assert process.returncode == 1, output
    assert "bad: the reason\n" in output
    assert "Going on without the networks whose jobs failed." in output
    assert "1 job failed; done: 1 job in" in output and "Error" not in output
    assert "  bad\n      the reason\n      logs/bad.log\n" in output
    [log] = Path("results/x/logs/snakemake").iterdir()
    assert f"Snakemake's log: {log}" in output
    told = log.read_text()
    assert "chatter" in told and "rule bad:" in told and "chatter" not in output
    assert "Traceback" not in told
    # The same command tries only what failed.
    workflow("touch {output}")
    process = start()
    output = process.communicate()[0]
    assert process.returncode == 0, output
    assert "[1/1] bad, " in output and "Done: 1 job in" in output


def test_ctrl_c_stops_and_says_how_to_go_on(here):
    # Without a process for the first command: bash goes on after one that SIGINT met as it ended.
    workflow(": > begun; sleep 60")
    process = start()
    until = time.monotonic() + 60
    while not Path("begun").exists() and time.monotonic() < until:
        time.sleep(0.05)
    # As a terminal does: to all processes at once.
    os.killpg(process.pid, signal.SIGINT)
    output = process.communicate(timeout=30)[0]
    assert process.returncode == 130, output
    assert "Stopped after" in output and "the same command goes on from here" in output
    assert "failed" not in output


def test_what_snakemake_tells_goes_to_the_terminal(here):
    workflow("true")
    process = subprocess.run(
        [*COMMAND, "mine.yaml", "nothing", "--", "--snakefile", "Snakefile"],
        capture_output=True,
        text=True,
    )
    assert process.returncode == 2, process.stdout
    assert "nothing" in process.stdout


def invoke(*arguments: str):
    return CliRunner().invoke(main, ["run", *arguments])


def test_wrong_settings_end_with_2_before_anything_runs(here):
    Path("mine.yaml").write_text(yaml.safe_dump({**EXPERIMENT, "seeds": "3-1"}))
    result = invoke("mine.yaml")
    assert result.exit_code == 2
    assert "mine.yaml: 1 fault\n  seeds: " in result.stderr
    assert not Path("results").exists()


def test_a_file_that_is_not_there_leads_to_init(here):
    result = invoke("other.yaml")
    assert result.exit_code == 2
    assert "`rnnpipe init` writes an experiment to begin with" in result.stderr


def test_options_of_snakemake_are_asked_for_behind_the_dashes(here):
    result = invoke("mine.yaml", "--dry-run")
    assert result.exit_code == 2
    assert "run … -- --dry-run" in result.stderr
