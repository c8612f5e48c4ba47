"""Where runs of a network end: stable points, cycles, limit cycles, tori, chaotic sets."""

from rnnpipe.dynamics.attractors.find import find_attractors
from rnnpipe.dynamics.attractors.result import Attractor, Attractors

__all__ = ["Attractor", "Attractors", "find_attractors"]
