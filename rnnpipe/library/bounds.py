"""The box of a user's own network: bounds by name, tried before they are trusted."""

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.maps import Driven

# States of the box on which the bounds are tried, and as many of its corners.
TRIED = 512
# What rounding may add, relative to the width.
ROUNDING = 1e-9


def bounded(network: Driven, bounds: Any, states: Tensor, inputs: Tensor) -> Driven:
    """The map, with bounds that its user names as the box that it maps into itself.

    Parameters
    ----------
    network
        The map.
    bounds
        (low, high), of all state variables: two numbers, or two arrays (state,).
    states
        (state, unit), visited; they have to lie within.
    inputs
        (held, input), the inputs under which the map is analysed.

    Raises
    ------
    ValueError
        If the bounds have another form, states lie outside, or the map leaves them: it is
        tried on random states and corners of the box, under every input.
    """
    low, high = _corners(bounds, network.units)
    margin = ROUNDING * (high - low)
    outside = ((states < low - margin) | (states > high + margin)).nonzero()
    if len(outside):
        state, unit = outside[0].tolist()
        raise ValueError(
            f"state {state} lies outside the bounds: its variable {unit} is "
            f"{states[state, unit]:.6g}, not within {low[unit]:.6g} and {high[unit]:.6g}"
        )
    tried = _tried(low, high)
    for held in inputs:
        after = network.step(tried, held.expand(len(tried), -1))
        left = ~((after >= low - margin) & (after <= high + margin))
        if bool(left.any()):
            state, unit = left.nonzero()[0].tolist()
            raise ValueError(
                f"the step does not map the bounds into themselves: from a state of the box, "
                f"variable {unit} goes to {after[state, unit]:.6g}, not within {low[unit]:.6g} "
                f"and {high[unit]:.6g}"
            )
    return replace(network, box=lambda x: (low, high), unbounded="")


def _corners(bounds: Any, units: int) -> tuple[Tensor, Tensor]:
    """Lower and upper bound of every state variable, (unit,) each."""
    needed = f"bounds are (low, high), two numbers or two arrays of {units} state variables"
    try:
        low, high = (np.asarray(_plain(side), dtype=np.float64) for side in bounds)
        corners = np.broadcast_to(low, (units,)), np.broadcast_to(high, (units,))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{needed} ({error})") from None
    if not (np.isfinite(corners).all() and (corners[0] < corners[1]).all()):
        raise ValueError(f"{needed}, finite, each low below its high")
    return torch.from_numpy(corners[0].copy()), torch.from_numpy(corners[1].copy())


def _plain(side: Any) -> Any:
    return side.detach().cpu().numpy() if isinstance(side, Tensor) else side


def _tried(low: Tensor, high: Tensor) -> Tensor:
    """Random states of the box and random corners, and the two extreme corners."""
    rng = torch.Generator().manual_seed(0)
    inside = torch.rand(TRIED, len(low), generator=rng, dtype=torch.float64)
    corners = torch.rand(TRIED, len(low), generator=rng, dtype=torch.float64).round()
    extreme = torch.stack([torch.zeros_like(low), torch.ones_like(low)])
    return low + (high - low) * torch.cat([inside, corners, extreme])
