"""`rnnpipe.network`: a rate network of weights given by hand, as a map to analyse."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import torch
from pydantic import ValidationError
from torch import Tensor

from rnnpipe.dynamics.maps import Driven
from rnnpipe.library.states import as_inputs, as_rows
from rnnpipe.networks.cells import CELLS, Cell, LowRankWeights, Weights, driven
from rnnpipe.networks.cells.scan import readout
from rnnpipe.networks.rate_weights import rate_parts
from rnnpipe.parameters import Settings
from rnnpipe.settings.reading.pydantic_faults import read_faults
from rnnpipe.settings.reading.schema import json_schema
from rnnpipe.settings.sections.arrays import DIVISIBLE, MATRICES
from rnnpipe.settings.sections.models import Activation, ModelSettings
from rnnpipe.streams import stream

MATRIX_OPTIONS = {"transposed": MATRICES, "divided": DIVISIBLE}


@dataclass(frozen=True, repr=False)
class Network:
    """A rate network with its input and readout, in float64.

    Attributes
    ----------
    cell
        Its update.
    weights
        Its weights, stacked along an axis of one network.
    driven
        The map of state and input, with Jacobians in closed form and the box that it maps
        into itself.
    """

    cell: Cell
    weights: Weights
    driven: Driven = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "driven", driven(self.cell, self.weights))

    def __repr__(self) -> str:
        sizes = f"{self.units} units, {self.inputs} inputs, {self.outputs} outputs"
        activation = self.cell.activation.name
        return f"Network({self.cell.kind}, {activation}, alpha {self.cell.alpha:g}; {sizes})"

    def __call__(self, states: Tensor, inputs: Tensor | None = None) -> Tensor:
        """Update states (batch, unit) once, under inputs (batch, input) or none."""
        x = states.new_zeros(len(states), self.inputs) if inputs is None else inputs
        return self.driven.step(states, x)

    @property
    def units(self) -> int:
        """Number of units."""
        return self.driven.units

    @property
    def inputs(self) -> int:
        """Number of inputs."""
        return self.driven.inputs

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return self.weights.output.shape[1]

    @cached_property
    def initial_state(self) -> np.ndarray:
        """State (unit,) before the first step."""
        return self.weights.initial_state[0].numpy()

    def bounds(self, inputs: Any = None) -> tuple[np.ndarray, np.ndarray] | None:
        """Lower and upper corner (unit,) of the box that the network maps into itself.

        ``None`` if its activation is unbounded.

        Parameters
        ----------
        inputs
            The input held, (input,); None: zero.
        """
        box = self.driven.box(self._held(inputs))
        return None if box is None else (box[0].numpy(), box[1].numpy())

    def random_states(self, number: int = 256, inputs: Any = None, seed: int = 0) -> np.ndarray:
        """Draw states (state, unit) evenly from the box.

        Raises
        ------
        ValueError
            If there is no box: give states that the network visits, from `run`.
        """
        bounds = self.bounds(inputs)
        if bounds is None:
            raise ValueError(
                f"a network with {self.cell.activation.name} has no box to draw from; take states "
                "that it visits: run(inputs)"
            )
        return stream(seed, "random states").uniform(*bounds, (number, self.units))

    def run(self, inputs: Any = None, states: Any = None, steps: int | None = None) -> np.ndarray:
        """Run the network.

        Parameters
        ----------
        inputs
            (time, input), or for each trial (trial, time, input); None: zero for `steps`.
        states
            States before the first step, (unit,) or (trial, unit); None: the
            initial state.
        steps
            How long without `inputs`.

        Returns
        -------
        ndarray
            (trial, time, unit), the state after each step.

        Raises
        ------
        ValueError
            If shapes do not fit, or neither inputs nor steps are given, or both.
        """
        if (inputs is None) == (steps is None):
            raise ValueError("give inputs (time, input) or (trial, time, input), or steps")
        x = np.zeros((1, steps, self.inputs)) if inputs is None else np.asarray(inputs, dtype=float)
        x = x[None] if x.ndim == 2 else x
        if x.ndim != 3 or x.shape[2] != self.inputs:
            raise ValueError(
                f"inputs have shape {np.shape(inputs)}; (time, {self.inputs}) or (trial, time, "
                f"{self.inputs}) is needed"
            )
        h = as_rows(self.initial_state if states is None else states, "states")
        if h.shape[1] != self.units:
            raise ValueError(f"states have {h.shape[1]} variables; the network has {self.units}")
        if 1 not in (len(h), len(x)) and len(h) != len(x):
            raise ValueError(
                f"{len(h)} states are given for {len(x)} trials; give one, or one each"
            )
        trials = max(len(h), len(x))
        h, visited = h.expand(trials, -1), []
        for now in torch.from_numpy(x).expand(trials, -1, -1).unbind(1):
            h = self.driven.step(h, now)
            visited.append(h)
        return torch.stack(visited, dim=1).numpy() if visited else np.zeros((trials, 0, self.units))

    def readout(self, states: Any) -> np.ndarray:
        """Outputs (..., output) of states (..., unit)."""
        rows = as_rows(states, "states")
        rates = self.cell.rates(rows[None, None])
        outputs = readout(rates, self.weights.output, self.weights.output_bias)[0, 0].numpy()
        return outputs.reshape(*np.shape(states)[:-1], self.outputs)

    def _held(self, inputs: Any) -> Tensor:
        x = (
            torch.zeros(self.inputs, dtype=torch.float64)
            if inputs is None
            else as_inputs(inputs, 1)
        )
        if x.shape != (self.inputs,):
            raise ValueError(f"the input has shape {tuple(x.shape)}; ({self.inputs},) is needed")
        return x


def network(
    cell: Literal["vanilla", "ctrnn", "leaky"],
    *,
    recurrent: Any = None,
    m: Any = None,
    n: Any = None,
    input: Any = None,
    input_gain: Any = None,
    bias: Any = None,
    output: Any = None,
    output_gain: Any = None,
    output_bias: Any = None,
    initial_state: Any = None,
    activation: Activation = "tanh",
    alpha: float | None = None,
    dt: float | None = None,
    tau: float | None = None,
    transposed: Collection[str] = (),
    divided: Collection[str] = (),
) -> Network:
    """A rate network of given weights, for `rnnpipe.find_fixed_points` and the others.

    Parameters
    ----------
    cell
        ``ctrnn``, of currents: h' = h + alpha (-h + W phi(h) + W_in x + b), whose
        readout sees phi(h); ``leaky``, of rates: r' = (1 - alpha) r + alpha phi(W r +
        W_in x + b); ``vanilla``: h' = phi(W h + W_in x + b).
    recurrent
        W, (unit, unit), rows postsynaptic.
    m, n
        (unit, rank), instead: W = m nᵀ.
    input, bias, output, output_bias, initial_state
        (unit, input), (unit,), (output, unit), (output,) and (unit,); None: none, or 0.
    input_gain, output_gain
        Factors of each input's and output's weights, (input,) and (output,).
    activation
        phi: ``tanh``, ``relu``, ``softplus`` or ``sigmoid``.
    alpha
        dt / tau, 0.2 unless given; not for ``vanilla``. Or both `dt` and `tau`.
    transposed
        Names of the matrices given with rows and columns exchanged.
    divided
        ``recurrent``, ``output`` or both: those to divide by the number of units,
        W = m nᵀ / N.

    Returns
    -------
    Network
        Its `run` gives states that it visits, `random_states` states of its box, `readout`
        their outputs.

    Raises
    ------
    ValueError
        If weights are missing or given twice, are not finite or do not fit each other,
        or a setting is none of those allowed.
    """
    arrays = {
        "recurrent": recurrent,
        "m": m,
        "n": n,
        "input": input,
        "input_gain": input_gain,
        "bias": bias,
        "output": output,
        "output_gain": output_gain,
        "output_bias": output_bias,
        "initial_state": initial_state,
    }
    given = {key: _as_numpy(array) for key, array in arrays.items() if array is not None}
    if {"recurrent", "m", "n"} & given.keys() not in ({"recurrent"}, {"m", "n"}):
        raise ValueError("give recurrent, or both m and n")
    for option, names in (("transposed", transposed), ("divided", divided)):
        if strange := sorted({*names} - {*MATRIX_OPTIONS[option]}):
            allowed = ", ".join(MATRIX_OPTIONS[option])
            raise ValueError(f"{option} names {', '.join(strange)}; it may name {allowed}")
    model = _model(cell=cell, activation=activation, alpha=alpha, dt=dt, tau=tau)
    parts = rate_parts(given, transposed, divided)
    tensors = {name: torch.from_numpy(part.copy())[None] for name, part in parts.items()}
    rate = CELLS[model.cell](model.activation, model.alpha)
    if "recurrent" in given:
        return Network(rate, Weights(**tensors))
    units = len(parts["bias"])
    m, n = (_factor(given[key], key in transposed, units) for key in ("m", "n"))
    m = m / units if "recurrent" in divided else m
    return Network(rate, LowRankWeights(**tensors, m=m, n=n))


def _factor(array: np.ndarray, turned: bool, units: int) -> Tensor:
    """A factor of the recurrent weights, (network, unit, rank), of one network."""
    upright = array.T if turned and array.ndim == 2 else array
    return torch.from_numpy(upright.reshape(units, -1).astype(np.float64))[None]


def _as_numpy(array: Any) -> np.ndarray:
    if isinstance(array, Tensor):
        array = array.detach().cpu().double()
    return np.asarray(array)


class _Given(Settings):
    """What the cell is, as `network` is given it."""

    network: ModelSettings


def _model(**settings: Any) -> ModelSettings:
    """Check what the cell is, by the settings of models."""
    given = {key: value for key, value in settings.items() if value is not None}
    try:
        model = _Given(network=given).network
    except ValidationError as error:
        (fault, *_) = read_faults(error, json_schema(_Given))
        raise ValueError(str(fault)) from None
    if model.cell not in CELLS or CELLS[model.cell].gates > 1:
        raise ValueError(
            f"{model.cell} is no rate network; give an nn.GRU or nn.LSTM to find_fixed_points "
            "itself, which knows it in closed form"
        )
    return model
