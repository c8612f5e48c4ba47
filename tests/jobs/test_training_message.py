"""What training says in its log is what is read there."""

import pytest

from rnnpipe.jobs.progress import Losses, read_losses


@pytest.mark.parametrize("losses", [Losses(0.25, 1e-05, 3), Losses(1200.0, 0.5, 64)])
def test_losses_are_read_back(losses):
    assert read_losses(losses.text()) == losses


def test_a_loss_that_is_not_known_yet_is_nan():
    read = read_losses(Losses(0.5, float("nan"), 2).text())
    assert read.loss == 0.5 and read.validation != read.validation


def test_other_text_says_nothing_of_losses():
    assert read_losses("") is None
    assert read_losses("3 of 4 points") is None
