"""The analysis of any network, from a notebook: what `rnnpipe` itself offers by name."""

from rnnpipe.library.find import find_branches, find_fixed_points
from rnnpipe.library.network import Network, network
from rnnpipe.library.points import FixedPoints, load

__all__ = ["FixedPoints", "Network", "find_branches", "find_fixed_points", "load", "network"]
