"""`rnnpipe.find_branches`: fixed points followed along an input, for any network."""

from typing import Any

import numpy as np
from torch import nn

from rnnpipe.dynamics.branches import Branches
from rnnpipe.dynamics.branches import find_branches as follow_branches
from rnnpipe.library.find import Step, as_driven, as_states, check_options
from rnnpipe.streams import stream

OPTIONS = ("searches", "starts", "rounds", "step", "steps", "tolerance", "merge")


def find_branches(
    step: Step | nn.Module,
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
        Of `rnnpipe.dynamics.branches.find_branches`: searches, starts, rounds, step, steps,
        tolerance, merge.

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
    check_options(options, OPTIONS)
    h = as_states(states)
    driven, x = as_driven(step, h, inputs)
    if x.ndim != 1 or len(x) == 0:
        raise ValueError("give one input (input,), of which a channel is swept")
    if not 0 <= channel < len(x):
        raise ValueError(f"there is no channel {channel}; there are {len(x)}, counted from 0")
    swept = np.asarray(values, dtype=np.float64)
    if swept.ndim != 1 or len(swept) < 2 or not np.isfinite(swept).all():
        raise ValueError("values of a sweep are finite, (value,), at least two")
    rng = stream(seed, "branches")
    return follow_branches(driven, h.numpy(), x.numpy(), channel, swept, rng=rng, **options)
