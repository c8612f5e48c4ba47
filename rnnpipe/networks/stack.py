"""Networks of one cell, stacked along a leading axis, and run together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.maps import Driven, Dynamics
from rnnpipe.networks.cells import Cell, LowRankWeights, Weights, driven
from rnnpipe.networks.cells.scan import readout
from rnnpipe.networks.constraints import Connectivity
from rnnpipe.settings.sections.training import PARTS
from rnnpipe.tasks import Trials

# Rows of parameters are padded to whole vector registers: elementwise kernels
# treat the odd values at the end of a tensor by other instructions, and a
# network's last bit would depend on whether it is the last of its block.
ALIGNMENT = 16
# Memory for the states of the networks that run at once; their rates take as much again.
STATE_BYTES = 256e6

# Inputs, targets and mask, each (network, time, trial, channel).
Batch = tuple[Tensor, Tensor, Tensor]


class Run(NamedTuple):
    """States, rates and outputs of networks on given inputs.

    Attributes
    ----------
    states, rates
        (network, time, trial, unit): the state, and the rates that the readout sees.
    outputs
        (network, time, trial, output).
    """

    states: Tensor
    rates: Tensor
    outputs: Tensor


class Response(NamedTuple):
    """Rates and outputs of networks on given inputs, as in `Run`."""

    rates: Tensor
    outputs: Tensor


@dataclass
class NetworkStack:
    """Networks of one cell, size and task, stacked along a leading axis.

    Attributes
    ----------
    cell
        The update equations that all networks share.
    raw
        (network, parameter): every network's raw parameters as one row, parts
        in the order of `PARTS`, then padding; one tensor is one optimiser
        step and one norm.
    shapes
        Shape of each part within a row; of the recurrent weights (gate · unit, unit), or
        (2, unit, rank) of m and n in W = m nᵀ / N.
    mask, sign, input_mask, output_mask
        `Connectivity`, stacked: (network, ...), in the parameters' type.
    regions
        Name of every unit's region.
    """

    cell: Cell
    raw: Tensor
    shapes: Mapping[str, tuple[int, ...]]
    mask: Tensor
    sign: Tensor
    input_mask: Tensor
    output_mask: Tensor
    regions: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.raw)

    @cached_property
    def signed(self) -> bool:
        """Whether any weight has a sign; computed once, since it waits for the device."""
        return bool(self.sign.any())

    @property
    def units(self) -> int:
        """Number of units of a network."""
        return self.shapes["recurrent"][1]

    @property
    def rank(self) -> int | None:
        """Rank r of recurrent weights that are trained as two thin factors; None: full."""
        shape = self.shapes["recurrent"]
        return shape[2] if len(shape) == 3 else None

    @property
    def state_size(self) -> int:
        """Number of state variables of a network."""
        return self.shapes["initial_state"][0]

    def parts(self) -> dict[str, Tensor]:
        """Raw parameters by name, (network, *shape), as views of `raw`."""
        sizes = [int(np.prod(self.shapes[name])) for name in PARTS]
        pieces = self.raw.split([*sizes, self.raw.shape[1] - sum(sizes)], dim=1)
        return {
            name: piece.unflatten(1, self.shapes[name])
            for name, piece in zip(PARTS, pieces[:-1], strict=True)
        }

    def factors(self) -> tuple[Tensor, Tensor] | None:
        """m and n (network, unit, rank) of W = m nᵀ / N, copied; None if W is trained itself."""
        if self.rank is None:
            return None
        return tuple(part.clone() for part in self.parts()["recurrent"].detach().unbind(1))

    def weights(self) -> Weights:
        """Effective weights: the constraint applied to the raw parameters.

        A connection that the masks leave out is missing in every gate; the
        sign is that of the candidate's weights, since gates are no currents.
        Of low rank, W = m nᵀ / N, the factors are m / N and n.
        """
        part, gates = self.parts(), (self.cell.gates, -1)
        rest = {
            "input": (part["input"].unflatten(1, gates) * self.input_mask[:, None]).flatten(1, 2),
            "output": part["output"] * self.output_mask,
            **{name: part[name] for name in ("bias", "output_bias", "initial_state")},
        }
        if self.rank is not None:
            m, n = part["recurrent"].unbind(1)
            m = m / self.units
            return LowRankWeights(recurrent=torch.bmm(m, n.mT), m=m, n=n, **rest)
        recurrent = part["recurrent"].unflatten(1, gates)
        if self.signed:
            sign = self.sign.new_zeros(len(self), self.cell.gates, 1, self.units)
            sign[:, self.cell.candidate] = self.sign[:, None]
            recurrent = torch.where(sign == 0, recurrent, recurrent.abs() * sign)
        return Weights(recurrent=(recurrent * self.mask[:, None]).flatten(1, 2), **rest)

    def candidate(self, rows: Tensor) -> Tensor:
        """The candidate's block (network, unit, ...) of rows (network, gate · unit, ...)."""
        return rows.unflatten(1, (self.cell.gates, -1))[:, self.cell.candidate]

    def run(self, x: Tensor, weights: Weights | None = None, noise: Tensor | None = None) -> Run:
        """States, rates and outputs on given inputs.

        Parameters
        ----------
        x
            (network, time, trial, input): time before trial, as the scan wants it.
        weights
            Effective weights, if they are known already.
        noise
            (network, time, trial, unit), added to the drive.
        """
        weights = self.weights() if weights is None else weights
        states, rates = self.cell.scan(x, weights, noise)
        return Run(states, rates, readout(rates, weights.output, weights.output_bias))

    def respond(
        self, x: Tensor, weights: Weights | None = None, noise: Tensor | None = None
    ) -> Response:
        """Rates and outputs as of `run`, by the cell's fastest way; rounding may differ."""
        weights = self.weights() if weights is None else weights
        rates = self.cell.scan_rates(x, weights, noise)
        return Response(rates, readout(rates, weights.output, weights.output_bias))

    def readout(self, states: Tensor) -> Tensor:
        """Outputs (network, time, trial, output) of states (network, time, trial, unit)."""
        weights = self.weights()
        return readout(self.cell.rates(states), weights.output, weights.output_bias)

    def outputs(self, network: int, states: np.ndarray) -> np.ndarray:
        """Outputs (point, output) of one network at states (point, unit), in float64."""
        one = self.select([network]).double()
        rows = torch.from_numpy(states).to(one.raw.device)
        return one.readout(rows[None, None])[0, 0].cpu().numpy()

    def driven(self, network: int) -> Driven:
        """One network with its input, in float64, as a map of state and input."""
        one = self.select([network]).double()
        return driven(one.cell, one.weights())

    def dynamics(self, network: int, x: np.ndarray) -> Dynamics:
        """One network held at the input x (input,), in float64, as an autonomous map."""
        return self.driven(network).held(torch.as_tensor(x).to(self.raw.device, torch.float64))

    def groups(self, updates: int) -> tuple[Tensor, ...]:
        """Groups of networks that fit into memory at once, if each makes `updates` updates."""
        one = updates * self.state_size * self.raw.element_size()
        return torch.arange(len(self)).split(max(1, int(STATE_BYTES // one)))

    def select(self, networks: Sequence[int] | np.ndarray | Tensor) -> "NetworkStack":
        """The given networks in the given order, with a copy of their parameters."""
        rows = torch.as_tensor(networks)
        picked = (t[rows] for t in (self.mask, self.sign, self.input_mask, self.output_mask))
        raw = self.raw.detach()[rows]
        return NetworkStack(self.cell, raw, self.shapes, *picked, self.regions)

    def double(self) -> "NetworkStack":
        """The same networks in float64."""
        return self.to(torch.float64)

    def to(self, target: torch.dtype | str) -> "NetworkStack":
        """The same networks in another type or on another device."""
        moved = (t.to(target) for t in (self.mask, self.sign, self.input_mask, self.output_mask))
        raw = self.raw.detach().to(target)
        return NetworkStack(self.cell, raw, self.shapes, *moved, self.regions)

    def connectivity(self, network: int) -> Connectivity:
        """The constraint's buffers of one network, as NumPy arrays."""
        return Connectivity(
            self.mask[network].bool().cpu().numpy(),
            self.sign[network].double().cpu().numpy(),
            self.input_mask[network].bool().cpu().numpy(),
            self.output_mask[network].bool().cpu().numpy(),
            self.regions,
        )


def parameter_row(parts: Mapping[str, np.ndarray]) -> np.ndarray:
    """One network's raw parameters as a row, padded with zeros to whole vector registers."""
    row = np.concatenate([np.ravel(parts[name]) for name in PARTS])
    return np.pad(row, (0, -len(row) % ALIGNMENT))


def parameter_rows(parts: Mapping[str, Tensor]) -> Tensor:
    """Raw parameters (network, *shape) as rows (network, parameter), padded alike."""
    rows = torch.cat([parts[name].flatten(1) for name in PARTS], 1)
    return torch.nn.functional.pad(rows, (0, -rows.shape[1] % ALIGNMENT))


def as_batch(trials: Sequence[Trials], like: Tensor) -> Batch:
    """Inputs, targets and mask as (network, time, trial, channel), typed and placed as `like`."""
    return tuple(
        torch.from_numpy(np.stack([getattr(t, name).swapaxes(0, 1) for t in trials])).to(like)
        for name in ("inputs", "targets", "mask")
    )
