"""The rank of recurrent weights, and the loadings of a network of low rank.

A unit's numbers in m, n, input and output weights are its loadings. Every
unit draws them from one Gaussian, whose covariance decides what the network
can do (Mastrogiuseppe & Ostojic 2018, Neuron 99:609; Dubreuil et
al. 2022, Nat. Neurosci. 25:783).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator

from rnnpipe.faults import Fault, shown
from rnnpipe.parameters import Count, Real, Settings, read_number

# What cannot hold of recurrent weights of low rank, and of loadings of given covariance.
BESIDE_RANK = ("autapses", "dale_ratio", "density", "mask", "regions")
BESIDE_LOADINGS = ("input_mask", "output_mask")
# Vectors with a number per unit: left and right factors, input and output weights.
KINDS = ("m", "n", "input", "output")
_VECTOR = re.compile(rf"({'|'.join(KINDS)})(0|[1-9]\d{{0,3}})")
# A covariance that is singular, such as of two equal vectors, may round below zero.
ROUNDING = 1e-9


def _read_rank(value: Any) -> Any:
    value = read_number(value)
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if value != "full" and not (whole and value >= 1):
        raise ValueError("give a whole number from 1 on, or full")
    return value


Rank = Annotated[Literal["full"] | Count, BeforeValidator(_read_rank)]


def place(vector: str) -> tuple[int, int]:
    """Kind and number of a vector, in the order in which they are written: ``n1`` is (1, 1)."""
    kind, number = _VECTOR.fullmatch(vector).groups()
    return KINDS.index(kind), int(number)


def _read_loadings(value: Any) -> Any:
    """Check the names of a mapping of covariances, and put each pair into one order."""
    if value == "gaussian":
        return value
    if not isinstance(value, Mapping) or not value:
        raise ValueError("give gaussian, or covariances by pairs of vectors: {m0 n0: 1.2}")
    pairs: dict[str, Any] = {}
    for key, covariance in value.items():
        vectors = str(key).split()
        if len(vectors) != 2 or not all(map(_VECTOR.fullmatch, vectors)):
            raise ValueError(
                f"{shown(key)} is no pair of vectors m0, m1 …, n0 …, input0 …, output0 …: m0 n0"
            )
        pair = " ".join(sorted(vectors, key=place))
        if pair in pairs:
            raise ValueError(f"{pair} stands twice")
        pairs[pair] = covariance
    return dict(sorted(pairs.items(), key=lambda entry: [*map(place, entry[0].split())]))


Loadings = Annotated[Literal["gaussian"] | dict[str, Real], BeforeValidator(_read_loadings)]


def named_vectors(loadings: Mapping[str, float]) -> list[str]:
    """Vectors that the pairs name, in order."""
    return sorted({vector for pair in loadings for vector in pair.split()}, key=place)


def covariance(loadings: Mapping[str, float], vectors: Sequence[str]) -> np.ndarray:
    """Covariance (vector, vector): as given, else 1 of a vector with itself and 0 of two."""
    matrix = np.eye(len(vectors))
    for pair, value in loadings.items():
        i, j = (vectors.index(vector) for vector in pair.split())
        matrix[i, j] = matrix[j, i] = value
    return matrix


def rank_faults(constraint: Settings) -> list[Fault]:
    """What a constraint asks of its rank and loadings that cannot hold together."""
    rank, loadings = constraint.rank, constraint.loadings
    if rank == "full":
        message = "is of m and n, and without a rank there are none; give rank: 1, 2, …"
        return [] if loadings == "gaussian" else [Fault("loadings", message)]
    message = "cannot hold beside a rank: W = m nᵀ / units has all its entries, of any sign"
    faults = [Fault(key, message) for key in _given(constraint, BESIDE_RANK)]
    if loadings != "gaussian":
        message = "leaves out weights whose covariance the loadings give; leave out one"
        faults += [Fault(key, message) for key in _given(constraint, BESIDE_LOADINGS)]
        faults += [Fault("loadings", message) for message in _covariance_faults(loadings, rank)]
    return faults


def _given(constraint: Settings, keys: Sequence[str]) -> list[str]:
    fields = type(constraint).model_fields
    return [key for key in keys if getattr(constraint, key) != fields[key].default]


def _covariance_faults(loadings: Mapping[str, float], rank: int) -> list[str]:
    vectors = named_vectors(loadings)
    beyond = [v for v in vectors if v[0] in "mn" and place(v)[1] >= rank]
    if beyond:
        return [f"{beyond[0]} is beyond rank {rank}; vectors are counted from 0"]
    smallest = np.linalg.eigvalsh(covariance(loadings, vectors)).min()
    if smallest < -ROUNDING:
        return [
            "no vectors have these covariances (smallest eigenvalue "
            f"{smallest:.3g}); raise variances, as m0 m0: 2, or bring covariances nearer to 0"
        ]
    return []
