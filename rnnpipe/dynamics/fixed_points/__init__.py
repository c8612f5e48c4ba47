"""Fixed points of a network held at one constant input."""

from rnnpipe.dynamics.fixed_points.result import Points, Search
from rnnpipe.dynamics.fixed_points.search import find_fixed_points

__all__ = ["Points", "Search", "find_fixed_points"]
