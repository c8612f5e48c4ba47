"""The search for all fixed points of a network: where to look, when to stop, what was missed."""

from dataclasses import replace

import numpy as np
import torch

from rnnpipe.dynamics.classes import FIXED, SLOW
from rnnpipe.dynamics.fixed_points.certificate import estimated_missing
from rnnpipe.dynamics.fixed_points.checked import Check, check
from rnnpipe.dynamics.fixed_points.merge import nearest
from rnnpipe.dynamics.fixed_points.pool import Pool
from rnnpipe.dynamics.fixed_points.result import Search
from rnnpipe.dynamics.fixed_points.starts import along_modes, mix, run_on
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.proof import prove

# Points from which modes are followed in one batch.
EXPANDED = 64
# Iterations of Levenberg-Marquardt from mixtures on which Newton stalls.
# Elsewhere such starts end nowhere, or at slow points far from the visited
# states, and took most of the time.
PATIENCE = 40


def find_fixed_points(
    dynamics: Dynamics,
    states: np.ndarray,
    *,
    rng: np.random.Generator,
    known: np.ndarray | None = None,
    mixtures: int = 64,
    box: int = 128,
    modes: int = 4,
    rounds: int = 20,
    most_starts: int = 20_000,
    tolerance: float = 1e-20,
    merge: float = 1e-4,
    proof_rank: int = 3,
    proof_boxes: int = 100_000,
) -> Search:
    """Find the fixed points of a network from states that it visits.

    Every round starts from mixtures of the visited states, from anywhere in
    the box, and then from every new point along its leading modes, until
    these bring no further one. Each source finds points that another misses.
    The search ends with a round whose fresh starts bring nothing new, from
    the second on, if the certificate does not object; when the points sample
    a continuum; or after ``rounds`` or ``most_starts``. Where points are known beforehand, the
    first round may be the last, and their modes are tried only if the certificate objects.

    Of a rate network of low rank or of few units all fixed points are then proved
    (`rnnpipe.dynamics.proof`), and what the search missed is added.

    Parameters
    ----------
    dynamics
        The map, its Jacobian and its invariant box.
    states
        (state, unit), visited by the network.
    rng
        Source of all starts.
    known
        (point, unit), fixed points that are known.
    mixtures
        Starts per round that are random mixtures of three visited states.
    box
        Starts per round from anywhere in the invariant box, most of them after
        a few updates; where the box is wide or there is none, in the visited
        range, widened by half on both sides.
    modes
        Leading modes along which starts lie at every point, six per mode.
    rounds
        Most rounds.
    most_starts
        Once there were so many starts, no further ones are added.
    tolerance
        q = 1/2 |F(h) - h|^2 of a fixed point is below this.
    merge
        Points closer than this, relative to the spread, are one.
    proof_rank
        Highest rank of the recurrent weights of a network whose points are proved; 0: none.
    proof_boxes
        Most parts of the box into which a proof divides it.

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
    if not bool(torch.isfinite(dynamics.step(dynamics.placed(states))).all(1).any()):
        dynamics = replace(dynamics, unbounded="the map is not finite at the visited states")
    pool = Pool(dynamics, states, tolerance, merge)
    least = 2
    if known is not None and len(known):
        least = 1
        pool.adopt(known)
        pool.found.expanded[:] = pool.certificate().verdict == "consistent"
    done, new = 0, True
    while done < rounds and pool.starts < most_starts and not pool.is_continuum():
        if done >= least and not new and pool.certificate().verdict != "incomplete":
            break
        mixed = pool.add(mix(states, mixtures, rng), PATIENCE)
        anywhere = rng.uniform(pool.low, pool.high, (box, dynamics.units))
        new = pool.add(run_on(dynamics, anywhere), 0) or mixed
        _expand(pool, modes, most_starts, rng)
        done += 1
    proof = prove(dynamics.rates, most_rank=proof_rank, most_boxes=proof_boxes)
    return _result(pool, done, states, check(pool, proof))


def _expand(pool: Pool, modes: int, most_starts: int, rng: np.random.Generator) -> None:
    """Start along the modes of every point that has not been expanded, until none is new."""
    while pool.starts < most_starts and not pool.is_continuum():
        points = pool.unexpanded(EXPANDED)
        if not len(points):
            return
        pool.add(along_modes(pool.dynamics, points, modes, pool.spread, rng), 0, drawn=False)


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


def _result(pool: Pool, rounds: int, states: np.ndarray, checked: Check) -> Search:
    certificate = checked.certified(pool.certificate())
    proof = checked.proof
    found = pool.found.take(np.argsort(-pool.found.index, kind="stable"))
    slow = pool.slow()
    points = np.concatenate([found.states, slow.states])
    kind = np.repeat(np.array([FIXED, SLOW], dtype=object), [len(found), len(slow.states)])
    return Search(
        states=points,
        q=np.concatenate([found.q, slow.q]),
        kind=kind,
        hits=np.concatenate([found.hits, slow.hits]),
        inside=pool.inside(points),
        distance=nearest(points, states) / pool.spread,
        beyond_visited=pool.beyond_visited(points),
        starts=pool.starts,
        converged=pool.converged,
        rounds=rounds,
        found=len(found),
        index_sum=certificate.index_sum,
        verdict=certificate.verdict,
        reason="; ".join([certificate.reason, *pool.left_out()]),
        missing=0.0 if proof.complete else estimated_missing(found.drawn),
        proof_rank=proof.rank,
        proof_boxes=proof.boxes,
        undecided=proof.undecided,
        missed=checked.missed,
        refuted=checked.refuted,
        differences=checked.differences,
    )
