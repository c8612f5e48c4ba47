"""The analysis of any network, from a notebook: what `rnnpipe` itself offers by name."""

from rnnpipe.library.find import find_fixed_points
from rnnpipe.library.points import FixedPoints, load
from rnnpipe.library.sweep import find_branches

__all__ = ["FixedPoints", "find_branches", "find_fixed_points", "load"]
