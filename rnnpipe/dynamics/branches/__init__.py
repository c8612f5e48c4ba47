"""Fixed points followed over a swept input: branches, folds, changes of stability."""

from rnnpipe.dynamics.branches.branches import Branches
from rnnpipe.dynamics.branches.sweep import find_branches, follow

__all__ = ["Branches", "find_branches", "follow"]
