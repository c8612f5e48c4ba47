"""`rnnpipe.find_fixed_points` and `rnnpipe.find_branches`: any network, from a notebook."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from rnnpipe.dynamics.branches import find_branches as follow_branches
from rnnpipe.dynamics.fixed_points import Points, Search
from rnnpipe.dynamics.fixed_points import find_fixed_points as search_fixed_points
from rnnpipe.dynamics.fixed_points.elsewhere import runs_elsewhere
from rnnpipe.dynamics.maps import Driven
from rnnpipe.dynamics.spread import spread
from rnnpipe.library.branches import Branches
from rnnpipe.library.maps import Step, as_driven
from rnnpipe.library.network import Network
from rnnpipe.library.options import options_of, read_options
from rnnpipe.library.points import FixedPoints, some_states
from rnnpipe.library.states import as_rows
from rnnpipe.library.trained import TrainedNetwork
from rnnpipe.settings.sections.analysis import (
    BranchSettings,
    FixedPointSettings,
    HarvestSettings,
    StabilitySettings,
)
from rnnpipe.streams import stream

SEARCH_OPTIONS = options_of(search_fixed_points, FixedPointSettings)
BRANCH_OPTIONS = options_of(follow_branches, BranchSettings, FixedPointSettings)
SEED = {"seed": (HarvestSettings, "seed")}
MARGINAL = {"marginal": (StabilitySettings, "tolerance")}


def find_fixed_points(
    step: Step | nn.Module | Network | TrainedNetwork,
    states: Any,
    inputs: Any = None,
    *,
    bounds: Any = None,
    seed: int = 0,
    marginal: float = 1e-3,
    **options: Any,
) -> FixedPoints:
    """Find the fixed points of any recurrent network.

    Parameters
    ----------
    step
        The network: a function (batch, state) -> (batch, state), or with
        `inputs` (batch, state), (batch, input) -> (batch, state), of float64
        tensors, without dropout and noise; it may return (output, state), or
        (h, c), whose variables are the state's. Or an `nn.RNN`, `nn.GRU`,
        `nn.LSTM` of one layer, or one of their Cell variants, whose Jacobians
        are known in closed form, parametrized ones as well; a subclass with a
        `forward` of its own is called as its parent is and differentiated
        automatically. A module is left as it is: a float64 copy in evaluation
        mode is analysed. Or an `rnnpipe.network`, or a network of an `rnnpipe.open`.
    states
        States that the network visits, an array or tensor (..., state): the
        search starts from mixtures of them, and from their range or the
        network's box. A tuple is what a module returns: (h, c), the state of
        an LSTM, which may also be given one behind the other; (output, h_n),
        of which the output is taken; (output, (h, c)), of which (h, c).
    inputs
        The input held: one for all (input,), or one for each state (...,
        input); each distinct one is searched from the states given with it.
        None holds a module at zero, and is for functions without an input.
    bounds
        (low, high) of the state variables, two numbers or two arrays (state,), of
        a box that the network maps into itself, such as (-1, 1) for rates behind
        a tanh: the search then looks everywhere in it, and its certificate holds for the
        points in it. Modules and networks of given weights know their own box
        where they have one. Bounds are tried on random states and corners
        of the box; beyond these the certificate trusts them.
    seed
        Of the starts; the same seed finds the same points.
    marginal
        |lambda| within this of 1 counts as marginal.
    options
        Of the search: mixtures, box, modes, rounds, most_starts, tolerance,
        merge, proof_rank, proof_boxes; see `rnnpipe.dynamics.fixed_points.find_fixed_points`. Their
        bounds are those of the section `fixed_points` of the settings.

    Returns
    -------
    FixedPoints

    Raises
    ------
    ValueError
        If shapes do not fit each other or the network, states are not finite,
        an option is out of bounds, a pair may be read in two ways, the bounds are left
        by the step or do not hold the states, or the step cannot be used: it is
        random, mixes states, or cannot be differentiated.
    TypeError
        If an option is unknown, or the step returns no tensor.
    """
    chosen = read_options(options, SEARCH_OPTIONS)
    own = read_options({"seed": seed, "marginal": marginal}, {**SEED, **MARGINAL})
    network, h, x = as_driven(step, states, inputs, bounds)
    parts = []
    for number, (one, among) in enumerate(apart(h, x)):
        rng = stream(own["seed"], f"fixed points {number}")
        found = search_fixed_points(network.held(one), among, rng=rng, **chosen)
        parts.append(Part(one, among, found))
    return _gathered(network, parts, h.numpy(), own["marginal"])


def find_branches(
    step: Step | nn.Module | Network | TrainedNetwork,
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
        Of `rnnpipe.dynamics.branches.find_branches`: searches, mixtures, box, rounds, step (the
        longest along a branch), steps, tolerance, merge, proof_rank, proof_boxes.

    Returns
    -------
    Branches
        Points of every branch in order, their stability, folds and other bifurcations; its
        `plot` draws them, `to_frame` makes a table of them.

    Raises
    ------
    ValueError
        If shapes do not fit, there is no such channel, there are fewer than two values or
        values that neither ascend nor descend, or
        an option is out of bounds.
    TypeError
        If an option is unknown.
    """
    chosen = read_options(options, BRANCH_OPTIONS)
    seed = read_options({"seed": seed}, SEED)["seed"]
    network, h, x = as_driven(step, states, inputs)
    if x.ndim != 1 or len(x) == 0:
        raise ValueError("give one input (input,), of which a channel is swept")
    if channel not in range(len(x)):
        raise ValueError(f"there is no channel {channel}; there are {len(x)}, counted from 0")
    swept = as_rows(values, "values").numpy()[0]
    steps = np.diff(swept) * np.sign(swept[-1] - swept[0])
    if np.ndim(values) != 1 or len(swept) < 2 or not (steps > 0).all():
        raise ValueError(
            "values of a sweep are finite and ascend or descend, (value,), at least two"
        )
    rng = stream(seed, "branches")
    swept_at = (x.numpy(), int(channel), swept)
    return Branches.of(follow_branches(network, h.numpy(), *swept_at, rng=rng, **chosen))


def apart(states: Tensor, x: Tensor) -> Iterator[tuple[Tensor, np.ndarray]]:
    """Each distinct input (input,), with the states (state, unit) that were given with it."""
    if x.ndim == 1:
        yield x, states.numpy()
        return
    held, which = torch.unique(x, dim=0, return_inverse=True)
    for number, one in enumerate(held):
        yield one, states[which == number].numpy()


class Part(NamedTuple):
    """One input (input,), the states (state, unit) given with it, and what was found."""

    x: Tensor
    states: np.ndarray
    search: Search


def _gathered(
    network: Driven, parts: list[Part], states: np.ndarray, marginal: float
) -> FixedPoints:
    """Join the searches under all inputs into one object."""
    searches = [part.search for part in parts]
    return FixedPoints(
        **{
            field.name: np.concatenate([getattr(search, field.name) for search in searches])
            for field in fields(Points)
        },
        inputs=np.concatenate([np.tile(x.numpy(), (len(s.states), 1)) for x, _, s in parts]),
        jacobians=np.concatenate(
            [network.held(x).jacobian(torch.from_numpy(s.states)).numpy() for x, _, s in parts]
        ),
        searches=pd.DataFrame([_facts(network, part) for part in parts]),
        visited=some_states(states),
        spread=spread(states),
        tolerance=marginal,
        driven=network,
    )


def _facts(network: Driven, part: Part) -> dict[str, Any]:
    """The search under one input as a row, with the runs that end elsewhere."""
    fixed = part.search.states[part.search.kind == "fixed"]
    dynamics, scale = network.held(part.x), spread(part.states)
    runs, elsewhere = runs_elsewhere(dynamics, part.states, fixed, scale)
    facts = {"input": part.x.numpy(), **part.search.facts()}
    return {**facts, "runs": runs, "elsewhere": elsewhere}
