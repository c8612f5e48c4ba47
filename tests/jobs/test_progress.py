"""A live line on a terminal, plain lines in a log."""

import io

import pytest

from rnnpipe.jobs.progress import (
    Losses,
    ProgressLine,
    Reported,
    clock,
    read_losses,
    read_progress,
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_whole_lines_now_and_then():
    log = io.StringIO()
    line = ProgressLine("training", 1000, log, log_every=3600)
    for step in range(1, 1001):
        line.update(step, f"loss {step}")
    assert log.getvalue() == "training: 1000/1000 (100 %), 0:00 left, loss 1000\n"


def test_a_log_with_no_patience_gets_every_step():
    log = io.StringIO()
    line = ProgressLine("training", 3, log, log_every=0)
    for step in range(1, 4):
        line.update(step)
    assert [text.split(",")[0] for text in log.getvalue().splitlines()] == [
        "training: 1/3 (33 %)",
        "training: 2/3 (67 %)",
        "training: 3/3 (100 %)",
    ]


def test_a_log_gets_a_line_sooner_where_a_share_of_the_steps_is_done():
    log = io.StringIO()
    line = ProgressLine("training", 100, log, log_every=3600, log_share=0.25)
    for step in range(1, 101):
        line.shown -= 1  # as if a second had passed
        line.update(step)
    assert [text.split()[1] for text in log.getvalue().splitlines()] == [
        "25/100",
        "50/100",
        "75/100",
        "100/100",
    ]


@pytest.mark.parametrize("message", ["", "loss 0.3, validation nan, 3 training"])
def test_what_a_log_says_is_read_back(message):
    log = io.StringIO()
    line = ProgressLine("training 3 networks", 4, log, log_every=0)
    line.update(1, message)
    assert read_progress(log.getvalue().rstrip("\n")) == Reported(
        "training 3 networks", 1, 4, "0:00", message
    )


@pytest.mark.parametrize("line", ["", "finished after 3 s", "error: 1/2: is damaged"])
def test_other_lines_are_no_progress(line):
    assert read_progress(line) is None


def test_a_terminal_gets_one_line_that_is_rewritten():
    terminal = Terminal()
    line = ProgressLine("training", 2, terminal)
    line.interval = 0
    line.update(1)
    line.update(2)
    assert terminal.getvalue().count("\n") == 1
    assert terminal.getvalue().count("\r") == 2


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (3600, "1:00:00"), (7325, "2:02:05")]
)
def test_clock(seconds, text):
    assert clock(seconds) == text


@pytest.mark.parametrize("losses", [Losses(0.25, 1e-05, 3), Losses(1200.0, 0.5, 64)])
def test_losses_are_read_back(losses):
    assert read_losses(losses.text()) == losses


def test_a_loss_that_is_not_known_yet_is_nan():
    read = read_losses(Losses(0.5, float("nan"), 2).text())
    assert read.loss == 0.5 and read.validation != read.validation


def test_other_text_says_nothing_of_losses():
    assert read_losses("") is None
    assert read_losses("3 of 4 points") is None
