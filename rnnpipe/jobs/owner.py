"""A process by host and number, and whether it still runs."""

import os
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Owner:
    """A process.

    Attributes
    ----------
    host
        Name of the machine that it runs on.
    process
        Its number there.
    """

    host: str
    process: int

    @classmethod
    def this(cls) -> "Owner":
        """The process that asks."""
        return cls(socket.gethostname(), os.getpid())

    def gone(self) -> bool:
        """Whether it certainly runs no more: of other hosts nobody here can tell."""
        return self.host == socket.gethostname() and not _lives(self.process)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
