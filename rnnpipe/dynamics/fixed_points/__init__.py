"""Fixed points of a network held at one constant input."""

from rnnpipe.dynamics.fixed_points.search import Search, find_fixed_points

__all__ = ["Search", "find_fixed_points"]
