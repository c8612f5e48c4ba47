"""Attractors of each kind, from what was found out of them."""

import numpy as np

from rnnpipe.dynamics.attractors.cycles import Cycle
from rnnpipe.dynamics.attractors.points import logarithms
from rnnpipe.dynamics.attractors.result import Attractor
from rnnpipe.dynamics.classes import CYCLE, FIXED


def fixed_of(state: np.ndarray, exponents: np.ndarray, number: int) -> Attractor:
    """A stable point (unit,) with its exponents (3,), and its number among all points."""
    return Attractor(
        kind=FIXED,
        point=number,
        states=state[None],
        times=np.zeros(1),
        period=1.0,
        rotation=0.0,
        amplitude=0.0,
        drift=0.0,
        exponents=exponents,
        exponent_errors=np.where(np.isnan(exponents), np.nan, 0.0),
        dimension=0.0,
        frequencies=np.empty(0),
    )


def cycle_of(found: Cycle) -> Attractor:
    """A cycle; its exponents are those of F^period per update."""
    period = len(found.states)
    exponents = logarithms(found.moduli[None])[0] / period
    return Attractor(
        kind=CYCLE,
        point=-1,
        states=found.states,
        times=np.arange(period, dtype=np.float64),
        period=float(period),
        rotation=1 / period,
        amplitude=spread_of(found.states),
        drift=0.0,
        exponents=exponents,
        exponent_errors=np.where(np.isnan(exponents), np.nan, 0.0),
        dimension=0.0,
        frequencies=np.array([1 / period]),
    )


def spread_of(states: np.ndarray) -> float:
    """Root mean square distance of states (state, unit) from their mean."""
    return float(np.sqrt(np.square(states - states.mean(0)).sum(1).mean()))
