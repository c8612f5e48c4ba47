"""The search for branches of fixed points along a swept input."""

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.branches.branches import Branches, assemble
from rnnpipe.dynamics.branches.chain import join_traces
from rnnpipe.dynamics.branches.curve import Curve
from rnnpipe.dynamics.branches.proved import prove_along
from rnnpipe.dynamics.branches.trace import Tracer
from rnnpipe.dynamics.fixed_points.pool import SATURATED
from rnnpipe.dynamics.fixed_points.search import find_fixed_points
from rnnpipe.dynamics.maps import Driven
from rnnpipe.dynamics.spread import spread


def find_branches(
    driven: Driven,
    states: np.ndarray,
    origin: np.ndarray,
    channel: int,
    values: np.ndarray,
    *,
    rng: np.random.Generator,
    searches: int = 5,
    mixtures: int = 64,
    box: int = 64,
    rounds: int = 8,
    step: float = 0.05,
    steps: int = 1000,
    tolerance: float = 1e-20,
    merge: float = 1e-4,
    proof_rank: int = 3,
    proof_boxes: int = 100_000,
) -> Branches:
    """Find the branches of fixed points over a sweep of one input channel.

    A few full searches, at both ends of the sweep, at zero if it lies between, and at
    values spread evenly over the rest, give the points from which branches are followed.
    Of a rate network of low rank or of few units the points at every value are then proved, and
    branches that were missed are followed too.

    Parameters
    ----------
    driven
        The map of state and input.
    states
        (state, unit), visited by the network.
    origin
        (input,), the input; its entry at `channel` is swept.
    channel
        Number of the swept channel.
    values
        (value,), ascending or descending; at least two.
    rng
        Source of the searches' starts.
    searches
        Values at which all fixed points are sought.
    mixtures, box, rounds, tolerance, merge
        Of these searches, as in `find_fixed_points`.
    step
        Longest step along a branch, in units of the states' spread and of the sweep's length.
    steps
        Most steps from a known point to the next.
    proof_rank, proof_boxes
        Of these searches, and of the proofs at the values of the sweep, as in `find_fixed_points`.

    Returns
    -------
    Branches
    """
    scale = spread(states)
    direction = np.zeros_like(origin, dtype=np.float64)
    direction[channel] = 1.0
    start = torch.from_numpy(np.where(direction > 0, 0.0, origin))
    low, high = float(values.min()), float(values.max())
    curve = Curve(driven, start, torch.from_numpy(direction), low, high, scale, tolerance)
    known = []
    for value in anchors(values, searches):
        found = find_fixed_points(
            driven.held(curve.inputs(torch.tensor([value], dtype=torch.float64))[0]),
            states,
            rng=rng,
            mixtures=mixtures,
            box=box,
            rounds=rounds,
            tolerance=tolerance,
            merge=merge,
            proof_rank=proof_rank,
            proof_boxes=proof_boxes,
        )
        points = torch.from_numpy(found.states[found.kind == "fixed"])
        known.append(curve.places(points, torch.full((len(points),), value, dtype=torch.float64)))
    reach = SATURATED * max(float(np.linalg.norm(states, axis=1).max()) / scale, 1.0)
    places, how = torch.cat(known), {"step": step, "steps": steps, "reach": reach}
    branches = follow(curve, places, values, **how)
    proofs = prove_along(curve, values, proof_rank, proof_boxes)
    if len(missed := proofs.missed(branches)):
        branches = follow(curve, proofs.without(places, missed), values, **how)
    return proofs.marked(branches)


def anchors(values: np.ndarray, count: int) -> list[float]:
    """Values of a sweep at which fixed points are sought: both ends, zero, others evenly spread."""
    ends = [float(values.min()), float(values.max())]
    zero = [0.0] if ends[0] < 0 < ends[1] else []
    wanted = np.linspace(*ends, max(count - len(zero), 2))[1:-1]
    others = [float(values[np.abs(values - value).argmin()]) for value in wanted]
    return sorted({*ends, *zero, *others})


def follow(
    curve: Curve,
    known: Tensor,
    values: np.ndarray,
    *,
    step: float = 0.05,
    steps: int = 1000,
    reach: float = np.inf,
) -> Branches:
    """Follow the curve from known points (point, unit + 1) over the values of a sweep."""
    with torch.no_grad():
        tracer = Tracer(curve, known, curve.first_tangents(known), step, reach)
        return assemble(curve, join_traces(tracer.run(steps)), values)
