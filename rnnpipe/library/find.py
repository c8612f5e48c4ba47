"""`rnnpipe.find_fixed_points`: the analysis of any network, from a notebook."""

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from rnnpipe.dynamics.fixed_points import Search
from rnnpipe.dynamics.fixed_points import find_fixed_points as search_fixed_points
from rnnpipe.dynamics.fixed_points.merge import spread
from rnnpipe.dynamics.maps import Driven
from rnnpipe.dynamics.stability import jacobians_of
from rnnpipe.library.autodiff import driven_by
from rnnpipe.library.modules import driven_module, is_recurrent
from rnnpipe.library.points import FixedPoints
from rnnpipe.streams import stream

Step = Callable[..., Tensor]
OPTIONS = tuple(
    name
    for name, parameter in inspect.signature(search_fixed_points).parameters.items()
    if parameter.kind is parameter.KEYWORD_ONLY and name not in ("rng", "snapshots")
)
# So many of the states are kept for plots.
KEPT = 2000


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
    check_options(options, OPTIONS)
    h = as_states(states)
    driven, x = as_driven(step, h, inputs)
    held, which = torch.unique(x, dim=0, return_inverse=True) if x.ndim == 2 else (x[None], None)
    parts = []
    for number, one in enumerate(held):
        own = h if which is None else h[which == number]
        rng = stream(seed, f"fixed points {number}")
        found = search_fixed_points(driven.held(one), own.numpy(), rng=rng, snapshots=(), **options)
        parts.append((one, found))
    return _gathered(driven, parts, h.numpy(), marginal)


def check_options(options: Mapping[str, Any], known: Sequence[str]) -> None:
    """Refuse options that are not known; `TypeError` names them and those there are."""
    if unknown := sorted(options.keys() - set(known)):
        raise TypeError(f"unknown option {', '.join(unknown)}; there are {', '.join(known)}")


def as_states(states: Any) -> Tensor:
    """States (..., unit), or a pair (h, c) of them, as (state, unit), float64, on the CPU."""
    if isinstance(states, tuple | list) and len(states) == 2 and np.ndim(states[0]) > 1:
        return torch.cat([_rows(part, "states") for part in states], dim=1)
    return _rows(states, "states")


def _rows(values: Any, name: str) -> Tensor:
    if isinstance(values, Tensor):
        values = values.detach().cpu().double()
    array = torch.as_tensor(np.asarray(values, dtype=np.float64))
    if array.ndim == 0:
        raise ValueError(f"{name} must be an array (..., {name[:-1]}), not a single number")
    return array.reshape(-1, array.shape[-1])


def as_driven(step: Step | nn.Module, h: Tensor, inputs: Any) -> tuple[Driven, Tensor]:
    """The map of a step or module, and its input: (input,) for all states or (state, input)."""
    known = isinstance(step, nn.Module) and is_recurrent(step)
    x = None if inputs is None else _rows(inputs, "inputs")
    if x is not None and np.ndim(inputs) == 1:
        x = x[0]
    elif x is not None and len(x) != len(h):
        raise ValueError(f"{len(x)} inputs are given for {len(h)} states; give one, or one each")
    if x is not None and not bool(torch.isfinite(x).all()):
        raise ValueError("inputs must be finite")
    if known:
        driven = driven_module(step)
        x = torch.zeros(driven.inputs, dtype=torch.float64) if x is None else x
        if x.shape[-1] != driven.inputs:
            raise ValueError(f"the module has {driven.inputs} inputs; {x.shape[-1]} are given")
        if h.shape[1] != driven.units:
            raise ValueError(
                f"the module's state has {driven.units} variables; the states have {h.shape[1]}"
            )
        return driven, x
    if not callable(step):
        raise TypeError(f"the step must be a function or a module, not {type(step).__name__}")
    if isinstance(step, nn.Module):
        step = copy.deepcopy(step).cpu().double().eval().requires_grad_(False)
    tried = None if x is None else (x if x.ndim == 2 else x.expand(len(h), -1))
    driven = driven_by(step, h, tried)
    return driven, torch.zeros(0, dtype=torch.float64) if x is None else x


def _gathered(
    driven: Driven, parts: list[tuple[Tensor, Search]], states: np.ndarray, marginal: float
) -> FixedPoints:
    """The searches under all inputs as one object."""
    searches = [search for _, search in parts]
    offsets = np.cumsum([0, *(len(search.points) for search in searches)])
    orbits = {
        int(offset + number): orbit
        for offset, search in zip(offsets, searches, strict=False)
        for number, orbit in zip(
            np.flatnonzero(search.kind == "cycle"), search.cycles.orbits, strict=True
        )
    }
    same = {
        name: np.concatenate([getattr(search, name) for search in searches])
        for name in ("kind", "period", "q", "hits", "inside", "distance", "beyond_visited")
    }
    return FixedPoints(
        states=np.concatenate([search.points for search in searches]),
        inputs=np.concatenate([np.tile(x.numpy(), (len(s.points), 1)) for x, s in parts]),
        **same,
        jacobians=np.concatenate(
            [jacobians_of(driven.held(x), s.points, s.period) for x, s in parts]
        ),
        orbits=orbits,
        searches=pd.DataFrame([_facts(x, search) for x, search in parts]),
        visited=states[:: max(1, len(states) // KEPT)],
        spread=spread(states),
        tolerance=marginal,
        driven=driven,
    )


def _facts(x: Tensor, search: Search) -> dict[str, Any]:
    return {
        "input": x.numpy(),
        "starts": search.starts,
        "converged": search.converged,
        "rounds": search.rounds,
        "found": search.found,
        "cycles": len(search.cycles.orbits),
        "index_sum": search.index_sum,
        "certificate": search.verdict,
        "reason": search.reason,
        "missing": search.missing,
    }
