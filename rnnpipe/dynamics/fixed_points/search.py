"""The search for all fixed points of a network: where to look, when to stop, what was missed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch

from rnnpipe.dynamics.fixed_points.certificate import estimated_missing
from rnnpipe.dynamics.fixed_points.cycles import Cycles, find_cycles
from rnnpipe.dynamics.fixed_points.merge import nearest, spread
from rnnpipe.dynamics.fixed_points.pool import Pool
from rnnpipe.dynamics.fixed_points.result import Search
from rnnpipe.dynamics.fixed_points.slow import slow_states
from rnnpipe.dynamics.maps import Dynamics

SNAPSHOT_STARTS = 256
# With more state variables than this a factorisation costs so much that
# starts are spent sparingly: see `find_fixed_points`.
LARGE = 96
# The first round of a large network goes in so many parts.
PARTS = 8


def find_fixed_points(
    dynamics: Dynamics,
    states: np.ndarray,
    *,
    rng: np.random.Generator,
    starts: int = 512,
    rounds: int = 40,
    quiet_rounds: int = 2,
    noise: float = 0.05,
    tolerance: float = 1e-20,
    merge: float = 1e-4,
    longest_period: int = 8,
    snapshots: Sequence[float] = (1e-4, 1e-6, 1e-8, 1e-10),
) -> Search:
    """Find the fixed points and attracting cycles of a network from states that it visits.

    The first round starts from mixtures of the visited states. Every later
    one has half as many starts: mixtures of the points found, and fresh
    mixtures of visited states; the second round adds the slow states met on
    the way to the snapshots. It ends when ``quiet_rounds`` rounds bring
    nothing new and the certificate does not object, when the points sample a
    continuum, or after ``rounds``.

    Above 96 state variables, starts cost most: the first round goes in eight
    parts and ends with the one after which neither Chao's estimate nor the
    certificate asks for more, later rounds have a quarter as many starts, and
    fewer descents seek the snapshots, in proportion.

    Parameters
    ----------
    dynamics
        The map, its Jacobian and its invariant box.
    states
        (state, unit), visited by the network.
    rng
        Source of all starts.
    starts
        Starts of the first round.
    rounds
        Most rounds.
    quiet_rounds
        Rounds without a new point before the search may end.
    noise
        Length of the displacements of mixtures of points, relative to the
        spread of the states; it grows with every quiet round.
    tolerance
        q = 1/2 |F(h) - h|^2 of a fixed point is below this.
    merge
        Points closer than this, relative to the spread, are one.
    longest_period
        Longest period of a cycle; with 1, none is sought.
    snapshots
        Levels of q at which slow states are kept.

    Returns
    -------
    Search

    Raises
    ------
    ValueError
        If ``states`` is empty, has another number of units or is not finite.
    """
    _check(states, dynamics.units)
    states = np.ascontiguousarray(states, dtype=np.float64)
    scale = spread(states)
    order = rng.permutation(len(states))
    large = dynamics.units > LARGE
    descents = SNAPSHOT_STARTS * LARGE // dynamics.units if large else SNAPSHOT_STARTS
    chosen = states[order[:descents]]
    if not bool(torch.isfinite(dynamics.step(dynamics.placed(chosen))).all(1).any()):
        dynamics = replace(dynamics, unbounded="the map is not finite at the visited states")
    slow = slow_states(dynamics, chosen, scale, snapshots) if snapshots else {}
    pool = Pool(dynamics, states, tolerance, merge)
    _first_round(pool, mixtures(states, starts, rng), PARTS if large else 1)
    later = starts // 8 if large else starts // 4
    done, quiet = 1, 0
    while done < rounds and not pool.is_continuum():
        if quiet >= quiet_rounds and pool.certificate().verdict != "incomplete":
            break
        batch = [mixtures(states, later, rng)]
        if len(pool.points):
            distance = noise * scale * (1 + quiet)
            batch.append(noisy_mixtures(pool.points, later, distance, rng))
        if done == 1 and slow:
            batch.append(slow[max(slow)])
        quiet = 0 if pool.add(np.concatenate(batch)) else quiet + 1
        done += 1
    cycles = find_cycles(
        dynamics,
        states,
        scale,
        rng=rng,
        longest=longest_period,
        distance=merge,
        tolerance=tolerance,
    )
    return _result(pool, done, cycles, slow, states)


def _first_round(pool: Pool, starts: np.ndarray, parts: int) -> None:
    """Solve from the starts part by part, until nothing suggests that points are missing."""
    for part in np.array_split(starts, parts):
        pool.add(part)
        seen = len(pool.points) > 0 and estimated_missing(pool.hits) == 0
        if seen and pool.certificate().verdict != "incomplete":
            return


def _check(states: np.ndarray, units: int) -> None:
    if states.ndim != 2 or states.shape[1] != units or len(states) == 0:
        raise ValueError(
            f"states must have shape (state, {units}) with at least one state, not {states.shape}"
        )
    bad = np.flatnonzero(~np.isfinite(states).all(1))
    if len(bad):
        raise ValueError(
            f"states must be finite; {len(bad)} of {len(states)} hold NaN or infinity, "
            f"the first is state {bad[0]}"
        )


def _result(
    pool: Pool,
    rounds: int,
    cycles: Cycles,
    snapshots: Mapping[float, np.ndarray],
    states: np.ndarray,
) -> Search:
    certificate = pool.certificate(final=True)
    order = np.argsort((np.abs(pool.eigenvalues()) > 1).sum(1), kind="stable")
    slow = pool.slow()
    first = [orbit[:1] for orbit in cycles.orbits]
    points = np.concatenate([pool.points[order], *first, slow.states])
    counts = {"fixed": len(order), "cycle": len(first), "slow": len(slow.states)}
    kind = np.repeat(np.array(list(counts), dtype=object), list(counts.values()))
    period = np.ones(len(points), dtype=np.int64)
    period[kind == "cycle"] = cycles.periods
    stopped = f"; stopped at {len(order)} points, most of them marginal"
    return Search(
        states=points,
        q=np.concatenate([pool.q[order], cycles.q, slow.q]),
        kind=kind,
        period=period,
        hits=np.concatenate([pool.hits[order], cycles.hits, slow.hits]),
        inside=pool.inside(points),
        distance=nearest(points, states) / pool.spread,
        beyond_visited=pool.beyond_visited(points),
        starts=pool.starts,
        converged=pool.converged,
        rounds=rounds,
        found=len(order),
        index_sum=certificate.index_sum,
        verdict=certificate.verdict,
        reason=certificate.reason + (stopped if pool.is_continuum() else ""),
        missing=estimated_missing(pool.hits),
        cycles=cycles,
        snapshots=snapshots,
    )


def mixtures(states: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw random convex mixtures of three states.

    Fixed points lie between and around the states that a network visits, and
    saddles lie between stable points: mixtures reach all of these, harvested
    states alone do not.

    Parameters
    ----------
    states
        (state, unit).
    count
        Number of mixtures.
    rng
        Source of the triples (with replacement) and of their weights, which
        are Dirichlet(1, 1, 1), uniform on the triangle.

    Returns
    -------
    numpy.ndarray
        (count, unit).
    """
    triples = rng.integers(len(states), size=(count, 3))
    weights = rng.dirichlet(np.ones(3), size=count)
    return np.einsum("ck,cku->cu", weights, states[triples])


def noisy_mixtures(
    points: np.ndarray, count: int, distance: float, rng: np.random.Generator
) -> np.ndarray:
    """Draw random convex mixtures of three fixed points, displaced by Gaussian noise.

    Parameters
    ----------
    points
        (point, unit).
    count
        Number of mixtures.
    distance
        Root mean square length of the displacements, whatever the number of units.
    rng
        Source of mixtures and noise.

    Returns
    -------
    numpy.ndarray
        (count, unit).
    """
    units = points.shape[1]
    noise = rng.standard_normal((count, units)) * (distance / np.sqrt(units))
    return mixtures(points, count, rng) + noise
