"""The loadings of a network of low rank: every number that one of its units has.

A unit of W = m nᵀ / N has a number in every column of m and n, in every input's and output's
weights, a bias and an initial state. A network of another number of units whose loadings
are alike in distribution computes alike, as long as it is large (Beiran, Dubreuil, Valente,
Mastrogiuseppe & Ostojic 2021, Neural Comput. 33:1572), so that the loadings' distribution is what a
network has learnt. Output weights are taken times N, as means over units have them.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad

from rnnpipe.dynamics.plane import directions
from rnnpipe.networks.stack import NetworkStack, parameter_row

# Kinds of vectors of which a network has one for each direction, input or output.
NUMBERED = ("m", "n", "input", "output")
BIAS, INITIAL = "bias", "initial_state"


@dataclass(frozen=True)
class UnitLoadings:
    """Loadings of one network.

    Attributes
    ----------
    vectors
        (vector,), their names: ``m0``, ``m1``, …, ``n0``, …, ``input0``, …, ``output0``, …,
        ``bias`` and ``initial_state``.
    values
        (unit, vector).
    """

    vectors: tuple[str, ...]
    values: np.ndarray

    def of(self, kind: str) -> np.ndarray:
        """Numbers (unit, number) of one kind of vectors."""
        chosen = [vector.rstrip("0123456789") == kind for vector in self.vectors]
        return self.values[:, chosen]

    def overlaps(self) -> np.ndarray:
        """Means over units of the products of two vectors, (vector, vector)."""
        return self.values.T @ self.values / len(self.values)

    def covariances(self) -> np.ndarray:
        """Covariances over units of two vectors, (vector, vector), divided by N."""
        return np.cov(self.values.T, bias=True)

    def unit_columns(self) -> dict[str, np.ndarray]:
        """Columns of a table with a row per unit."""
        lists = {kind: self.of(kind) for kind in NUMBERED}
        numbers = {vector: self.of(vector)[:, 0] for vector in (BIAS, INITIAL)}
        return {"unit": np.arange(len(self.values)), **lists, **numbers}

    def pair_columns(self) -> dict[str, np.ndarray]:
        """Columns of a table with a row per pair of vectors, each pair once."""
        pairs = np.triu_indices(len(self.vectors))
        names, covariances = np.array(self.vectors), self.covariances()
        sizes = np.sqrt(np.diag(covariances))
        with np.errstate(invalid="ignore", divide="ignore"):
            correlations = covariances / np.outer(sizes, sizes)
        return {
            "first": names[pairs[0]],
            "second": names[pairs[1]],
            "overlap": self.overlaps()[pairs],
            "covariance": covariances[pairs],
            "correlation": correlations[pairs],
        }


def unit_loadings(networks: NetworkStack, network: int) -> UnitLoadings:
    """Loadings of one network of a block, in float64.

    m and n are those of `dynamics.plane.directions`, which no choice of factors changes: the
    singular vectors, m of mean square 1, n with the sizes. Of a direction without size both are 0.

    Raises
    ------
    ValueError
        If the network is not trained at a rank.
    """
    if networks.rank is None:
        raise ValueError("networks of full rank have no loadings")
    weights = networks.select([network]).to("cpu").double().weights()
    given = weights.m[0], weights.n[0]
    found = directions(weights.recurrent[0], weights.output[0], networks.rank, given)
    lacking = (0, networks.rank - found.rank)
    columns = {
        "m": pad(found.m, lacking),
        "n": pad(found.n, lacking),
        "input": weights.input[0],
        "output": weights.output[0].mT * networks.units,
    }
    names = [f"{kind}{i}" for kind in NUMBERED for i in range(columns[kind].shape[1])]
    last = weights.bias[0][:, None], weights.initial_state[0][:, None]
    values = torch.cat([*columns.values(), *last], dim=1).numpy()
    return UnitLoadings((*names, BIAS, INITIAL), values)


def with_loadings(networks: NetworkStack, network: int, drawn: list[UnitLoadings]) -> NetworkStack:
    """Networks of given loadings, alike in number of units, of the cell of one of a block.

    They see all inputs and feed all outputs, and keep that network's biases of the outputs.
    """
    one = networks.select([network]).to("cpu").double()
    bias = one.parts()["output_bias"][0].numpy()
    parts = [_parts(loadings, bias) for loadings in drawn]
    units, inputs, outputs = len(drawn[0].values), one.input_mask.shape[2], len(bias)
    raw = torch.from_numpy(np.stack([parameter_row(part) for part in parts]))

    def ones(*shape: int) -> Tensor:
        return raw.new_ones(1, *shape).expand(len(drawn), *shape)

    return NetworkStack(
        one.cell,
        raw,
        {name: part.shape for name, part in parts[0].items()},
        ones(units, units),
        raw.new_zeros(len(drawn), units),
        ones(units, inputs),
        ones(outputs, units),
        one.regions[:1] * units,
    )


def _parts(loadings: UnitLoadings, output_bias: np.ndarray) -> dict[str, np.ndarray]:
    """Raw parameters of one network."""
    return {
        "input": loadings.of("input"),
        "recurrent": np.stack([loadings.of("m"), loadings.of("n")]),
        "bias": loadings.of(BIAS)[:, 0],
        "output": loadings.of("output").T / len(loadings.values),
        "output_bias": output_bias,
        "initial_state": loadings.of(INITIAL)[:, 0],
    }
