"""Curves of losses follow logs as these grow."""

from pathlib import Path

import pytest

from rnnpipe.commands.watch.running import LossLogs


def line(step: int, loss: float) -> str:
    said = f"loss {loss}, validation {2 * loss}, 4 training"
    return f"training 4 networks: {step}/100 ({step} %), 0:07 left, {said}\n"


@pytest.fixture
def log(tmp_path) -> Path:
    return tmp_path / "train.log"


def steps(logs: LossLogs, log: Path) -> list[int]:
    curves = logs.read([str(log)])
    return curves[str(log)].steps if curves else []


def test_a_curve_grows_with_its_log(log):
    logs = LossLogs()
    log.write_text("train.py on a, process 1, since 2027-01-15T07:58:20+00:00\n" + line(10, 0.5))
    curve = logs.read([str(log)])[str(log)]
    assert (curve.steps, curve.total) == ([10], 100)
    assert [(said.loss, said.validation) for said in curve.losses] == [(0.5, 1.0)]
    with log.open("a") as file:
        file.write(line(20, 0.25) + line(30, 0.125))
    assert steps(logs, log) == [10, 20, 30]


def test_a_line_that_is_half_written_is_read_when_it_is_whole(log):
    logs, whole = LossLogs(), line(20, 0.25)
    log.write_text(line(10, 0.5) + whole[:30])
    assert steps(logs, log) == [10]
    with log.open("a") as file:
        file.write(whole[30:])
    assert steps(logs, log) == [10, 20]


def test_a_job_that_is_started_again_begins_a_new_curve(log):
    logs = LossLogs()
    log.write_text(line(10, 0.5) + line(20, 0.25))
    assert steps(logs, log) == [10, 20]
    log.write_text(line(5, 0.5))
    assert steps(logs, log) == [5]


def test_a_log_that_is_missing_or_says_nothing_has_no_curve(log):
    logs = LossLogs()
    assert logs.read([str(log)]) == {}
    log.write_text("going on from the checkpoint of step 3\n")
    assert logs.read([str(log)]) == {}
