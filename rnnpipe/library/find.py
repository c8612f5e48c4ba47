"""`rnnpipe.find_fixed_points` and `rnnpipe.find_branches`: any network, from a notebook."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from rnnpipe.dynamics.branches import Branches
from rnnpipe.dynamics.branches import find_branches as follow_branches
from rnnpipe.dynamics.fixed_points import Points, Search
from rnnpipe.dynamics.fixed_points import find_fixed_points as search_fixed_points
from rnnpipe.dynamics.fixed_points.merge import spread
from rnnpipe.dynamics.maps import Driven
from rnnpipe.dynamics.stability import jacobians_of
from rnnpipe.library.maps import Step, as_driven, as_states
from rnnpipe.library.points import FixedPoints
from rnnpipe.streams import stream

# Number of the states that are kept for plots.
KEPT = 2000


def _options(function: Callable[..., Any]) -> tuple[str, ...]:
    """Names of the keyword arguments of a function that a user may choose."""
    parameters = inspect.signature(function).parameters.values()
    keywords = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    return tuple(name for name in keywords if name not in ("rng", "snapshots"))


SEARCH_OPTIONS = _options(search_fixed_points)
BRANCH_OPTIONS = _options(follow_branches)


def find_fixed_points(
    step: Step | nn.Module,
    states: Any,
    inputs: Any = None,
    *,
    seed: int = 0,
    marginal: float = 1e-3,
    **options: Any,
) -> FixedPoints:
    """Find the fixed points and attracting cycles of any recurrent network.

    Parameters
    ----------
    step
        The network: a function (batch, state) -> (batch, state), or with
        `inputs` (batch, state), (batch, input) -> (batch, state), of float64
        tensors; or an `nn.RNN`, `nn.GRU`, `nn.LSTM` of one layer, or one of
        their Cell variants, whose Jacobians are known in closed form. A module
        is left as it is: copies of its weights are analysed.
    states
        States that the network visits, an array or tensor (..., state): the
        search starts from mixtures of them. Of an LSTM (h, c), as a pair or
        one behind the other.
    inputs
        The input held: one for all (input,), or one for each state (...,
        input); each distinct one is searched from the states given with it.
        None holds a module at zero, and is for functions without an input.
    seed
        Of the starts; the same seed finds the same points.
    marginal
        |lambda| within this of 1 counts as marginal.
    options
        Of the search: starts, rounds, quiet_rounds, noise, tolerance, merge,
        longest_period; see `rnnpipe.dynamics.fixed_points.find_fixed_points`.

    Returns
    -------
    FixedPoints

    Raises
    ------
    ValueError
        If shapes do not fit each other or the network, states are not finite,
        or the step cannot be used.
    TypeError
        If an option is unknown, or the step returns no tensor.
    """
    _check(options, SEARCH_OPTIONS)
    h = as_states(states)
    network, x = as_driven(step, h, inputs)
    held, which = torch.unique(x, dim=0, return_inverse=True) if x.ndim == 2 else (x[None], None)
    parts = []
    for number, one in enumerate(held):
        own = h if which is None else h[which == number]
        rng = stream(seed, f"fixed points {number}")
        found = search_fixed_points(
            network.held(one), own.numpy(), rng=rng, snapshots=(), **options
        )
        parts.append((one, found))
    return _gathered(network, parts, h.numpy(), marginal)


def find_branches(
    step: Step | nn.Module,
    /,
    states: Any,
    inputs: Any,
    values: Any,
    *,
    channel: int = 0,
    seed: int = 0,
    **options: Any,
) -> Branches:
    """Follow the fixed points of any recurrent network along one of its inputs.

    Parameters
    ----------
    step, states
        As for `rnnpipe.find_fixed_points`.
    inputs
        The input (input,) of which one channel is swept.
    values
        (value,), of the sweep, ascending or descending.
    channel
        Number of the channel.
    seed
        Of the starts.
    options
        Of `rnnpipe.dynamics.branches.find_branches`: searches, starts, rounds, step (the
        longest along a branch), steps, tolerance, merge.

    Returns
    -------
    Branches
        Points of every branch in order, their stability, folds and other bifurcations.

    Raises
    ------
    ValueError
        If shapes do not fit, there is no such channel, or fewer than two values are given.
    TypeError
        If an option is unknown.
    """
    _check(options, BRANCH_OPTIONS)
    h = as_states(states)
    network, x = as_driven(step, h, inputs)
    if x.ndim != 1 or len(x) == 0:
        raise ValueError("give one input (input,), of which a channel is swept")
    if not 0 <= channel < len(x):
        raise ValueError(f"there is no channel {channel}; there are {len(x)}, counted from 0")
    swept = np.asarray(values, dtype=np.float64)
    if swept.ndim != 1 or len(swept) < 2 or not np.isfinite(swept).all():
        raise ValueError("values of a sweep are finite, (value,), at least two")
    rng = stream(seed, "branches")
    return follow_branches(network, h.numpy(), x.numpy(), channel, swept, rng=rng, **options)


def _check(options: Mapping[str, Any], known: Sequence[str]) -> None:
    """Refuse unknown options; `TypeError` names them and those that exist."""
    if unknown := sorted(options.keys() - set(known)):
        raise TypeError(f"unknown option {', '.join(unknown)}; there are {', '.join(known)}")


def _gathered(
    network: Driven, parts: list[tuple[Tensor, Search]], states: np.ndarray, marginal: float
) -> FixedPoints:
    """Join the searches under all inputs into one object."""
    searches = [search for _, search in parts]
    offsets = np.cumsum([0, *(len(search.states) for search in searches)]).tolist()
    return FixedPoints(
        **{
            field.name: np.concatenate([getattr(search, field.name) for search in searches])
            for field in fields(Points)
        },
        inputs=np.concatenate([np.tile(x.numpy(), (len(s.states), 1)) for x, s in parts]),
        jacobians=np.concatenate(
            [jacobians_of(network.held(x), s.states, s.period) for x, s in parts]
        ),
        orbits={
            offset + number: orbit
            for offset, search in zip(offsets, searches, strict=False)
            for number, orbit in search.orbits.items()
        },
        searches=pd.DataFrame([{"input": x.numpy(), **search.facts()} for x, search in parts]),
        visited=states[:: max(1, len(states) // KEPT)],
        spread=spread(states),
        tolerance=marginal,
        driven=network,
    )
