"""What a run that does not rest ends in: a limit cycle, a torus, a chaotic set."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.dynamics.attractors.curve import THIN, Curve, closed_curve
from rnnpipe.dynamics.attractors.exponents import kaplan_yorke, mean_exponents, smooth_exponents
from rnnpipe.dynamics.attractors.frequencies import quasiperiodic
from rnnpipe.dynamics.attractors.kinds import padded
from rnnpipe.dynamics.attractors.result import Attractor
from rnnpipe.dynamics.attractors.sets import QUANTILE, MovingSet, gap, set_of
from rnnpipe.dynamics.classes import CHAOTIC, LIMIT_CYCLE, TORUS
from rnnpipe.dynamics.distances import distances_between
from rnnpipe.dynamics.spread import deviation

# A run that stays within this, relative to the spread, rests.
RESTING = 1e-6
# A run has settled when later states are as near to earlier ones, or when the means of either
# half, and their sizes, are as near to each other, relative to its size.
BACK = 0.25
# On a limit cycle the states of either half are as near to those of the other, relative to its
# size; those of a run that is still settling are not.
CLOSE = 0.05
# A run that is still settling gets smaller by more than this over its four quarters.
SHRINKING = 0.01
# A closed curve is told when it will move by no more than this, relative to its size, in so many
# updates to come.
STILL = 0.01
AHEAD = 10_000
# The states by which a curve is told, where it goes round often enough within them: while it
# settles its rotation changes, and states far apart in time have no common phase.
RECENT = 1000
# The exponential function of more than this overflows.
LARGEST = 700.0
# An exponent is 0 within so many of its standard errors, or within so much, per update.
ERRORS = 4.0
ZERO = 2e-3
# Those of a torus are known and 0 within this.
SHARP = 1e-3
# The states kept of a set that is no curve.
KEPT = 512


@dataclass(frozen=True)
class Untold:
    """A run that keeps moving and comes back to where it was, but is not told.

    Attributes
    ----------
    drift
        How far the closed curve that it goes round still moves per update; NaN of none.
    curve
        The limit cycle that the curve is if it has settled all the same.
    """

    drift: float
    curve: MovingSet | None = None


def told_moving(states: np.ndarray, rates: np.ndarray, spread: float) -> MovingSet | Untold | None:
    """What a run ends in, why that cannot be told, or None if it rests or gets smaller.

    A closed curve is a limit cycle if the largest exponent is 0 within its
    error, if it will move no more. A run that is on no curve is chaotic if the
    largest exponent is above 0 by four standard errors, and on a torus if the
    two largest are 0 and two frequencies foretell its later states from the
    earlier ones.

    Parameters
    ----------
    states
        (time, unit), consecutive states of a run.
    rates
        (round, tangent), how fast tangent vectors grew, as from `Tangents`.
    spread
        Root mean square distance of the visited states from their mean.

    Returns
    -------
    MovingSet, Untold or None
        Without the numbers of runs that end in it.
    """
    if not settled(states, spread):
        return None
    size, gaps = deviation(states), gap(states)
    regular, vague = smooth_exponents(rates)
    frequencies = None
    if len(vague) > 1 and (np.maximum(np.abs(regular[:2]), vague[:2]) <= SHARP).all():
        frequencies = quasiperiodic(states)
    if frequencies is not None:
        torus = _wandering(TORUS, states, size, regular, vague, frequencies)
        return set_of(torus, states, gaps)
    recent, curve = thin_curve(states)
    if curve is not None:
        drift, to_come = movement(recent, regular, vague)
        if regular[0] < -max(ERRORS * vague[0], ZERO):
            return Untold(drift)
        if regular[0] <= max(ERRORS * vague[0], ZERO):
            cycle = _limit_cycle(curve, deviation(recent), regular, vague)
            found = set_of(cycle, curve.dense, 0.0)
            still = gap(recent) <= CLOSE * size and to_come <= STILL * size
            return found if still else Untold(drift, found)
    exponents, errors = mean_exponents(rates)
    if exponents[0] > max(ERRORS * errors[0], ZERO / 4):
        chaos = _wandering(CHAOTIC, states, size, exponents, errors, np.empty(0))
        return set_of(chaos, states, gaps)
    return Untold(np.nan)


def settled(states: np.ndarray, spread: float) -> bool:
    """Whether a run (time, unit) moves, comes back to where it was and gets no smaller."""
    size = deviation(states)
    if size < RESTING * spread or shrinking(states):
        return False
    one, other = np.array_split(states, 2)
    moved = np.linalg.norm(one.mean(0) - other.mean(0))
    grown = abs(deviation(one) - deviation(other))
    return gap(states) <= BACK * size or bool(max(moved, grown) <= BACK * size)


def thin_curve(states: np.ndarray) -> tuple[np.ndarray, Curve | None]:
    """The closed curve that a run (time, unit) goes round, if it is thin, and the states on it.

    By the last states, or by all where a turn takes so long that the last show too few.
    """
    for part in (states[-RECENT:], states):
        curve = closed_curve(part)
        if curve is not None and curve.thickness <= THIN:
            return part, curve
    return states, None


def movement(states: np.ndarray, exponents: np.ndarray, errors: np.ndarray) -> tuple[float, float]:
    """How far the closed curve that a run (time, unit) goes round moves, per update and in future.

    From how far it moved from the first half of the run to the second, when
    what separates it from its limit falls as the second exponent says.
    """
    one, other = map(closed_curve, np.array_split(states, 2))
    if one is None or other is None:
        return 0.0, 0.0
    moved = float(np.quantile(_off(one.dense, other.states), QUANTILE))
    half = len(states) / 2
    rate = max(0.0, -exponents[1] - errors[1]) if len(exponents) > 1 else LARGEST
    if rate == 0:
        return moved / half, moved * AHEAD / half
    fallen = np.expm1(min(rate * half, LARGEST))
    return moved / half, moved * -np.expm1(-rate * AHEAD) / fallen


def _off(curve: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Distance (state,) of states (state, unit) from a curve (sample, unit), across it."""
    nearest = distances_between(states, curve).argmin(1)
    along = curve[(nearest + 1) % len(curve)] - curve[nearest - 1]
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-300)
    offset = states - curve[nearest]
    return np.linalg.norm(offset - (offset * along).sum(1, keepdims=True) * along, axis=1)


def shrinking(states: np.ndarray) -> bool:
    """Whether a run (time, unit) gets smaller and smaller around its last states' mean."""
    quarters = np.array_split(states, 4)
    centre = quarters[-1].mean(0)
    sizes = [np.sqrt(np.square(part - centre).sum(1).mean()) for part in quarters]
    return bool((np.diff(sizes) < 0).all() and sizes[-1] < (1 - SHRINKING) * sizes[0])


def _limit_cycle(curve: Curve, size: float, exponents: np.ndarray, errors: np.ndarray) -> Attractor:
    return Attractor(
        kind=LIMIT_CYCLE,
        point=-1,
        states=curve.states,
        times=curve.times,
        period=1 / curve.rotation,
        rotation=curve.rotation,
        amplitude=size,
        drift=0.0,
        exponents=padded(exponents),
        exponent_errors=padded(errors),
        dimension=1.0,
        frequencies=np.array([curve.rotation]),
    )


def _wandering(
    kind: str,
    states: np.ndarray,
    size: float,
    exponents: np.ndarray,
    errors: np.ndarray,
    frequencies: np.ndarray,
) -> Attractor:
    """A torus or a chaotic set, by its last states in order of time."""
    last = states[-KEPT:]
    return Attractor(
        kind=kind,
        point=-1,
        states=last,
        times=np.arange(len(last), dtype=np.float64),
        period=np.nan,
        rotation=np.nan,
        amplitude=size,
        drift=0.0,
        exponents=padded(exponents),
        exponent_errors=padded(errors),
        dimension=2.0 if kind == TORUS else kaplan_yorke(exponents),
        frequencies=frequencies,
    )
