"""Attractors of each kind, from what was found out of them."""

import numpy as np

from rnnpipe.dynamics.attractors.cycles import Cycle
from rnnpipe.dynamics.attractors.points import TANGENTS, logarithms
from rnnpipe.dynamics.attractors.result import Attractor
from rnnpipe.dynamics.classes import CYCLE, FIXED, SLOW
from rnnpipe.dynamics.spread import deviation


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
    period, turns = len(found.states), turns_round(found.states)
    exponents = logarithms(found.moduli[None])[0] / period
    return Attractor(
        kind=CYCLE,
        point=-1,
        states=found.states,
        times=np.arange(period, dtype=np.float64),
        period=float(period),
        rotation=turns / period,
        amplitude=deviation(found.states),
        drift=0.0,
        exponents=exponents,
        exponent_errors=np.where(np.isnan(exponents), np.nan, 0.0),
        dimension=0.0,
        frequencies=np.array([1 / period]),
    )


def turns_round(states: np.ndarray) -> int:
    """Turns that the states of a cycle (phase, unit) make about their mean in a period, at least 1.

    In the plane of their two leading components: an oscillation that locks to a fraction of
    the steps closes only after several turns.
    """
    offsets = states - states.mean(0)
    left, scale, _ = np.linalg.svd(offsets, full_matrices=False)
    plane = (left * scale)[:, :2]
    if plane.shape[1] < 2:
        return 1
    angles = np.arctan2(plane[:, 1], plane[:, 0])
    moved = np.angle(np.exp(1j * (np.roll(angles, -1) - angles)))
    return max(1, round(abs(moved.sum()) / (2 * np.pi)))


def padded(values: np.ndarray) -> np.ndarray:
    """Values (tangent,) as (3,), NaN where there are fewer."""
    return np.concatenate([values, np.full(TANGENTS, np.nan)])[:TANGENTS]


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
