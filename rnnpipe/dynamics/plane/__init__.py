"""Networks of low rank in their few variables κ: an exact map, its flow, and where it leads."""

from rnnpipe.dynamics.plane.directions import Directions, directions
from rnnpipe.dynamics.plane.grid import View, ends, view
from rnnpipe.dynamics.plane.reduced_map import ReducedMap

__all__ = ["Directions", "ReducedMap", "View", "directions", "ends", "view"]
