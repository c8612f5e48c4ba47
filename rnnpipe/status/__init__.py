"""How far an experiment is, from what is on disk alone: no workflow need run."""

from rnnpipe.status.disk import read_status
from rnnpipe.status.page import page

__all__ = ["page", "read_status"]
