"""Fixed points followed over a swept input: branches, folds, changes of stability."""

from rnnpipe.continuation.branches import Branches
from rnnpipe.continuation.sweep import find_branches, follow

__all__ = ["Branches", "find_branches", "follow"]
