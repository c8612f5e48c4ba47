"""What a trained network holds as arrays: its weights, its trajectories."""

from typing import NamedTuple

import numpy as np


class EffectiveWeights(NamedTuple):
    """The weights that a network computes with: its constraint applied to its parameters.

    A cell with several gates has their rows one block after another, in the order of its equations.

    Attributes
    ----------
    input
        (gate · unit, input).
    recurrent
        (gate · unit, unit), rows postsynaptic.
    bias
        (bias row,).
    output
        (output, unit).
    output_bias
        (output,).
    initial_state
        (state,), before the first step of a trial.
    m, n
        (unit, rank), of recurrent weights m nᵀ / units that were trained as such; else None.
    """

    input: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    output: np.ndarray
    output_bias: np.ndarray
    initial_state: np.ndarray
    m: np.ndarray | None = None
    n: np.ndarray | None = None


class Trajectories(NamedTuple):
    """A network on held-out trials.

    Attributes
    ----------
    states
        (trial, time, state).
    inputs, outputs, targets
        (trial, time, channel).
    conditions
        (trial, time), what the network should hold in mind.
    """

    states: np.ndarray
    inputs: np.ndarray
    outputs: np.ndarray
    targets: np.ndarray
    conditions: np.ndarray
