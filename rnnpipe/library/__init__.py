"""The analysis of any network, from a notebook: what `rnnpipe` itself offers by name."""

from rnnpipe.library.attractors import Attractors
from rnnpipe.library.branches import Branches
from rnnpipe.library.find import find_branches, find_fixed_points
from rnnpipe.library.find_attractors import find_attractors
from rnnpipe.library.load import load
from rnnpipe.library.network import Network, network
from rnnpipe.library.points import FixedPoints
from rnnpipe.library.results import Results, open
from rnnpipe.library.trained import TrainedNetwork

__all__ = [
    "Attractors",
    "Branches",
    "FixedPoints",
    "Network",
    "Results",
    "TrainedNetwork",
    "find_attractors",
    "find_branches",
    "find_fixed_points",
    "load",
    "network",
    "open",
]
