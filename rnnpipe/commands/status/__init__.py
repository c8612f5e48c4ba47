"""How far an experiment is, from what is on disk alone: no workflow need run."""

from rnnpipe.commands.status.disk import read_status
from rnnpipe.commands.status.page import page

__all__ = ["page", "read_status"]
