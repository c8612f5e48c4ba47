"""Attractors of each kind, from what was found out of them."""

import numpy as np

from rnnpipe.dynamics.attractors.cycles import Cycle
from rnnpipe.dynamics.attractors.points import TANGENTS, logarithms
from rnnpipe.dynamics.attractors.result import Attractor
from rnnpipe.dynamics.classes import CYCLE, FIXED, SLOW


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


def padded(values: np.ndarray) -> np.ndarray:
    """Values (tangent,) as (3,), NaN where there are fewer."""
    return np.concatenate([values, np.full(TANGENTS, np.nan)])[:TANGENTS]


def spread_of(states: np.ndarray) -> float:
    """Root mean square distance of states (state, unit) from their mean."""
    return float(np.sqrt(np.square(states - states.mean(0)).sum(1).mean()))


def slow_of(states: np.ndarray, drift: float, amplitude: float) -> Attractor:
    """Where slow runs were left (run, unit), drifting on by so much per update."""
    unknown = np.full(TANGENTS, np.nan)
    return Attractor(
        kind=SLOW,
        point=-1,
        states=states,
        times=np.zeros(len(states)),
        period=np.nan,
        rotation=np.nan,
        amplitude=amplitude,
        drift=drift,
        exponents=unknown,
        exponent_errors=unknown,
        dimension=np.nan,
        frequencies=np.empty(0),
    )
