"""The process of a job: its scripts run one after another, and import their libraries once.

As ``python -m rnnpipe.jobs.in_turn NAME SCRIPT ARGUMENT... then SCRIPT ARGUMENT...``. Each script
sees its own arguments as if it ran alone. The first one that fails ends the process, with its
status and its words; what those before it finished is kept for the next attempt.

Imports make hundreds of thousands of objects that stay. The garbage collector, which would look
through them dozens of times, waits until the job begins (`rnnpipe.jobs.job`): a tenth of a start.
"""

import gc
import runpy
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

from rnnpipe.jobs.finished import keeping
from rnnpipe.jobs.log import kept_log, say

THEN = "then"


def run_in_turn(name: str, commands: Sequence[Sequence[str]]) -> None:
    """Run scripts, each with its arguments, in a log that is kept fresh under a name.

    Raises
    ------
    SystemExit
        If a script fails; as it raised it.
    """
    with kept_log(name), keeping() if len(commands) > 1 else nullcontext():
        for command in commands:
            if len(commands) > 1:
                say(Path(command[0]).name)
            sys.argv = list(command)
            try:
                runpy.run_path(command[0], run_name="__main__")
            except SystemExit as ended:
                if ended.code:
                    raise


def commands_in(words: Sequence[str]) -> Iterator[list[str]]:
    """Yield the commands of a line of words that a word parts."""
    command: list[str] = []
    for word in [*words, THEN]:
        if word == THEN:
            yield command
            command = []
        else:
            command.append(word)


if __name__ == "__main__":
    gc.disable()
    run_in_turn(sys.argv[1], list(commands_in(sys.argv[2:])))
