"""`rnnpipe.find_attractors`: what the runs of any network end in, from a notebook."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from torch import nn

from rnnpipe.dynamics.attractors import Attractors as Ends
from rnnpipe.dynamics.attractors import find_attractors as run_until_told
from rnnpipe.dynamics.attractors.result import NUMBERS
from rnnpipe.dynamics.spread import spread
from rnnpipe.library.attractors import Attractors
from rnnpipe.library.find import SEED, apart, find_fixed_points
from rnnpipe.library.maps import Step, as_driven
from rnnpipe.library.network import Network
from rnnpipe.library.options import options_of, read_options
from rnnpipe.library.points import FixedPoints
from rnnpipe.library.trained import TrainedNetwork
from rnnpipe.settings.sections.analysis import AttractorSettings
from rnnpipe.streams import stream

ATTRACTOR_OPTIONS = options_of(run_until_told, AttractorSettings)


def find_attractors(
    step: Step | nn.Module | Network | TrainedNetwork,
    states: Any,
    inputs: Any = None,
    *,
    bounds: Any = None,
    seed: int = 0,
    points: FixedPoints | None = None,
    **options: Any,
) -> Attractors:
    """Tell what the runs of any recurrent network end in: points, curves, chaos.

    Runs go on from states given and from the whole box that the map cannot leave (of a map
    without one, from the range of the states given, widened by half on both sides), each until it
    is told where it ends.

    Parameters
    ----------
    step, states, inputs
        As for `rnnpipe.find_fixed_points`: a function (batch, state) -> (batch, state) or a
        module; states that it visits (..., state); the input held, one for all (input,) or one
        for each state (..., input), of which each distinct one is looked at by itself.
    bounds
        (low, high) of a box that the network maps into itself, as for
        `rnnpipe.find_fixed_points`.
    seed
        Of the starts; the same seed gives the same attractors.
    points
        The fixed points of the same network under the same inputs; None: they are sought first.
        The stable ones among them are attractors, whether a run ends there or not.
    options
        visited and box, the numbers of runs from either; steps, of the longest run;
        longest_period, of cycles that are solved for exactly; exponent_steps, over which Lyapunov
        exponents are taken. See `rnnpipe.dynamics.attractors.find_attractors`. Their bounds
        are those of the section `attractors` of the settings.

    Returns
    -------
    Attractors

    Raises
    ------
    ValueError
        As `rnnpipe.find_fixed_points`, and if `points` are those of other inputs or of a network
        of another size.
    TypeError
        If an option is unknown, `points` are no `FixedPoints`, or the step returns no tensor.
    """
    chosen = read_options(options, ATTRACTOR_OPTIONS)
    seed = read_options({"seed": seed}, SEED)["seed"]
    network, h, x = as_driven(step, states, inputs, bounds)
    if points is None:
        points = find_fixed_points(step, states, inputs, bounds=bounds, seed=seed)
    parts = []
    for number, (one, among) in enumerate(apart(h, x)):
        numbers = _known(points, one.numpy(), network.units)
        ends = run_until_told(
            network.held(one),
            among,
            points.states[numbers],
            rng=stream(seed, f"attractors {number}"),
            spread=spread(among),
            **chosen,
        )
        parts.append((one.numpy(), ends, numbers))
    return _gathered(parts, replace(points, driven=network))


def _known(points: FixedPoints, x: np.ndarray, units: int) -> np.ndarray:
    """Numbers of the fixed points under the input x (input,)."""
    if not isinstance(points, FixedPoints):
        raise TypeError(
            f"points are a FixedPoints, of rnnpipe.find_fixed_points, not {type(points).__name__}"
        )
    if points.states.shape[1] != units:
        raise ValueError(
            f"the points have {points.states.shape[1]} variables; the network's state has {units}"
        )
    if not any(np.array_equal(x, other) for other in points.searches["input"]):
        raise ValueError(f"the points were not sought under the input {x}; leave them out")
    own = (points.inputs == x).all(1) & (points.kind == "fixed")
    return np.flatnonzero(own)


def _gathered(parts: list[tuple[np.ndarray, Ends, np.ndarray]], points: FixedPoints) -> Attractors:
    """Join what is found under all inputs; points by their numbers in `points`."""
    found = [
        replace(one, point=int(numbers[one.point]) if one.point >= 0 else -1)
        for _, ends, numbers in parts
        for one in ends.attractors
    ]
    columns = [pd.DataFrame(ends.columns()).drop(columns=list(NUMBERS)) for _, ends, _ in parts]
    return Attractors(
        found=tuple(found),
        inputs=np.concatenate([np.tile(x, (len(ends.attractors), 1)) for x, ends, _ in parts]),
        shares=pd.concat(columns, ignore_index=True),
        ends=pd.DataFrame([{"input": x, **ends.facts()} for x, ends, _ in parts]),
        points=points,
    )
