"""A signal is noted, and the next Ctrl-C ends the process as it always does."""

import os
import signal

import pytest

from rnnpipe.jobs.processes import SIGNALS, interruption


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_noted_and_the_process_goes_on(number):
    before = [signal.getsignal(each) for each in SIGNALS]
    with interruption() as asked:
        assert asked.name == ""
        os.kill(os.getpid(), number)
        assert asked.name == signal.Signals(number).name
        assert signal.getsignal(signal.SIGINT) == signal.SIG_DFL
        os.kill(os.getpid(), signal.SIGTERM)
        assert asked.name == "SIGTERM"
    assert [signal.getsignal(each) for each in SIGNALS] == before
