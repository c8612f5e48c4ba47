"""Where runs settle among known attractors: until each stays near the states of one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

NOWHERE = -1
# A state has arrived when it stays near a point or a cycle for so many updates, and
# is then no further away than when it entered.
DWELL = 10
NOT_GROWN = 1.001


@dataclass(frozen=True)
class Targets:
    """Attractors, each given by states: of a point or a cycle all, of others a sample.

    Attributes
    ----------
    states
        (phase, unit): of every attractor its states in turn, one for a point.
    owner
        (phase,), number of the attractor that each belongs to, from 0.
    period
        (attractor,), updates after which a state is back; 0 for an attractor that is no point and
        no cycle.
    dwell
        (attractor,), updates for which a run must stay near it.
    radius
        (phase,): distance within which a state counts as near.
    """

    states: Tensor
    owner: Tensor
    period: Tensor
    dwell: Tensor
    radius: Tensor


def settle(
    step: Callable[[Tensor], Tensor],
    states: Tensor,
    attractors: Targets,
    at_rest: float,
    steps: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Run states until each settles at an attractor.

    A state has settled at an attractor once it has stayed near its states for
    as long as the attractor asks for. At points and cycles the time is rounded
    up to whole periods, and the state must have ended no further away than it
    had entered. One that comes to rest elsewhere has settled nowhere.

    Parameters
    ----------
    step
        One update, (batch, unit) -> (batch, unit).
    states
        (start, unit).
    attractors
        Where states may settle.
    at_rest
        A state that moves less than this per update rests.
    steps
        Most updates.

    Returns
    -------
    tuple
        Number of the attractor (start,), -1 for none, and the updates before
        the state entered its neighbourhood for good (start,), NaN for none.
    """
    places = torch.full((len(states),), NOWHERE)
    taken = torch.full((len(states),), torch.nan, dtype=torch.float64)
    if len(attractors.states) == 0:
        return places.numpy(), taken.numpy()
    rows = torch.arange(len(states))
    here = places.clone()
    since = torch.zeros(len(states), dtype=torch.int64)
    entered = torch.zeros(len(states), dtype=torch.float64)
    for update in range(steps + 1):
        distance, phase = (torch.cdist(states, attractors.states) / attractors.radius).min(1)
        inside, owner = distance <= 1, attractors.owner[phase]
        fresh = inside & (owner != here)
        here = torch.where(inside, owner, NOWHERE)
        since[fresh], entered[fresh] = update, distance[fresh]
        stayed, period = update - since, attractors.period[here]
        # Distances compare at the same phase of a cycle only, and not along a sampled curve.
        due = (stayed >= attractors.dwell[here]) & (stayed % period.clamp(min=1) == 0)
        arrived = inside & due & ((period == 0) | (distance <= NOT_GROWN * entered))
        places[rows[arrived]] = here[arrived]
        taken[rows[arrived]] = since[arrived].double()
        moved = step(states)
        leaving = arrived | (~inside & ((moved - states).norm(dim=1) < at_rest))
        if bool(leaving.any()):
            going = ~leaving
            rows, moved, here = rows[going], moved[going], here[going]
            since, entered = since[going], entered[going]
        if len(rows) == 0:
            break
        states = moved
    return places.numpy(), taken.numpy()
