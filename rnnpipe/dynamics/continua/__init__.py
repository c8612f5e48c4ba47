"""Continuous attractors: curves and surfaces of slow states, traced, measured and named."""

from rnnpipe.dynamics.continua.continuum import Continuum
from rnnpipe.dynamics.continua.search import find_continua

__all__ = ["Continuum", "find_continua"]
