"""Continuous attractors: curves of slow states, traced, measured and named."""

from rnnpipe.dynamics.continua.search import Continuum, find_continua

__all__ = ["Continuum", "find_continua"]
