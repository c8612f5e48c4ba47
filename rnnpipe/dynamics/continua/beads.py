"""Rings of beads: closed chains of saddles and the stable points that their manifolds lead to.

A slow curve is followed along the mode nearest 1. At a sharp saddle on a ring a mode across it
may be nearer, and where the drift is fast the slow curve and the ring part: the trace ends there,
though the ring goes on. The ring itself is invariant. It consists of its saddles, of their
unstable manifolds, which are one-dimensional and found by running forward, and of the stable
points that these lead to. Krauskopf et al. 2005 (Int. J. Bifurcation Chaos 15:763).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import networkx as nx
import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.classes import NEUTRAL, growing
from rnnpipe.dynamics.distances import distances_between
from rnnpipe.dynamics.maps import Dynamics

# A point that moves further than this by one update is a slow one, relative to the spread.
AT_REST = 1e-7
# A run has arrived where it is this near a stable point, relative to the distance of the nearest
# other point or to the spread, whichever is less; and starts as near its saddle, times PUSH.
NEAR, CLOSE, PUSH = 0.3, 0.02, 0.1
# Most updates and nodes of a run, and most closed chains that are looked at.
UPDATES, NODES, CHAINS = 50_000, 1000, 200


@dataclass(frozen=True)
class Branch:
    """One half of the unstable manifold of a saddle.

    Attributes
    ----------
    saddle, end
        Numbers of the saddle and of the stable point that it leads to.
    states
        (node, unit), from the saddle on, without either point: the first has moved a step away
        from it, for where the push ended the next update is no tangent yet.
    """

    saddle: int
    end: int
    states: np.ndarray


def rings_of_beads(
    dynamics: Dynamics, points: np.ndarray, spread: float, step: float
) -> Iterator[np.ndarray]:
    """Find closed chains of saddles and stable points, the states (node, unit) of each in order.

    Parameters
    ----------
    dynamics
        The map at the probe input.
    points
        (point, unit), its fixed points; slow ones among them are left out.
    spread
        Root mean square distance of the visited states from their mean.
    step
        Nodes lie at least this far apart, and further where one update moves further.
    """
    graph = nx.Graph()
    branches = unstable_branches(dynamics, points, spread, step)
    for number, branch in enumerate(branches):
        graph.add_edge(("point", branch.saddle), ("branch", number))
        graph.add_edge(("branch", number), ("point", branch.end))
    for chain in islice(nx.simple_cycles(graph), CHAINS):
        yield np.concatenate(list(_parts(chain, points, branches)))


def _parts(
    chain: list[tuple[str, int]], points: np.ndarray, branches: list[Branch]
) -> Iterator[np.ndarray]:
    """The states of the points and branches of a closed chain, in its order."""
    for (_, before), (kind, number) in zip([chain[-1], *chain[:-1]], chain, strict=True):
        if kind == "point":
            yield points[[number]]
        else:
            states = branches[number].states
            yield states if branches[number].saddle == before else states[::-1]


def unstable_branches(
    dynamics: Dynamics, points: np.ndarray, spread: float, step: float
) -> list[Branch]:
    """Run off both sides of every saddle of one unstable mode to the stable points.

    Runs that end elsewhere are left out; the arguments are those of `rings_of_beads`.
    """
    states = torch.from_numpy(points).double()
    rest = ((dynamics.step(states) - states).norm(dim=1) < AT_REST * spread).nonzero()[:, 0]
    states = states[rest]
    if len(states) < 2:
        return []
    eigenvalues, vectors = torch.linalg.eig(dynamics.jacobian(states))
    unstable = growing(eigenvalues, NEUTRAL).sum(1)
    stable, saddles = (unstable == 0).nonzero()[:, 0], (unstable == 1).nonzero()[:, 0]
    if not (len(saddles) and len(stable)):
        return []
    first = eigenvalues.abs().argmax(1)[:, None, None]
    directions = torch.take_along_dim(vectors, first, 2)[..., 0].real
    near = (torch.from_numpy(_nearest(states.numpy())) * NEAR).clamp(max=CLOSE * spread)
    push = PUSH * near[saddles, None] * directions[saddles]
    starts = torch.cat([states[saddles] + push, states[saddles] - push])
    paths, ends = _runs(dynamics, starts, states[stable], near[stable], step)
    return [
        Branch(int(rest[saddle]), int(rest[stable[end]]), path)
        for saddle, end, path in zip(saddles.repeat(2), ends, paths, strict=True)
        if end >= 0
    ]


def _nearest(states: np.ndarray) -> np.ndarray:
    """Distance of each state from the nearest other one."""
    distances = distances_between(states, states)
    np.fill_diagonal(distances, np.inf)
    return distances.min(1)


def _runs(
    dynamics: Dynamics, starts: Tensor, ends: Tensor, radius: Tensor, step: float
) -> tuple[list[np.ndarray], np.ndarray]:
    """Run states until each is near one of the ends: its path, and which, -1 for none."""
    paths: list[list[Tensor]] = [[] for _ in starts]
    ended = np.full(len(starts), -1)
    running, now, last = torch.arange(len(starts)), starts, starts.clone()
    for _ in range(UPDATES):
        now = dynamics.step(now)
        distance = torch.cdist(now, ends, compute_mode="donot_use_mm_for_euclid_dist") / radius
        nearest, which = distance.min(1)
        arrived, done = nearest < 1, ~now.isfinite().all(1)
        kept = ((now - last).norm(dim=1) >= step) | arrived
        for row in kept.nonzero()[:, 0].tolist():
            paths[running[row]].append(now[row])
            done[row] |= bool(arrived[row]) or len(paths[running[row]]) >= NODES
        last = torch.where(kept[:, None], now, last)
        if bool(done.any()):
            ended[running[arrived].numpy()] = which[arrived].numpy()
            running, now, last = running[~done], now[~done], last[~done]
            if not len(running):
                break
    return [torch.stack(path).numpy() if path else starts[:0].numpy() for path in paths], ended
