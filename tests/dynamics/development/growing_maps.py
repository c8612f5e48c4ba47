"""Maps of one parameter as networks whose parameter training moves: developments in closed form."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.development import Development, Event, Moment, develop
from rnnpipe.dynamics.maps import Driven, Dynamics
from tests.dynamics.branches.bifurcating_maps import RESTS, driven

SEARCH = {"mixtures": 32, "box": 32, "rounds": 4}
RUNS = {"visited": 4, "box": 4, "steps": 3000, "exponent_steps": 300}


def held(map_: Driven, value: float) -> Dynamics:
    """The map at one value of its parameter, in the box from -2 to 2."""
    corner = torch.full((map_.units,), 2.0, dtype=torch.float64)
    own = map_.held(torch.tensor([value], dtype=torch.float64))
    return Dynamics(own.step, own.jacobian, own.units, (-corner, corner))


def way(map_: Driven, first: float, last: float) -> Driven:
    """The map of state and share of the way from one value to another."""

    def step(h: Tensor, s: Tensor) -> Tensor:
        return map_.step(h, first + (last - first) * s)

    return driven(step, map_.units)


def grown(map_: Driven, values: Sequence[float]) -> Development:
    """The development of a map whose parameter has these values at its kept steps."""
    moments = [Moment(held(map_, value), RESTS[:, : map_.units]) for value in values]
    return develop(
        moments,
        lambda number: way(map_, values[number], values[number + 1]),
        rng=np.random.default_rng(0),
        search=SEARCH,
        runs=RUNS,
    )


def told(events: Sequence[Event], chosen: Callable[[Event], bool] = lambda e: True) -> set[tuple]:
    """Events as step before, birth or death, identity, kind."""
    return {(e.before, e.birth, e.identity, e.turn.kind) for e in events if chosen(e)}
