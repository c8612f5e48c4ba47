"""Constraints on weights (masks, signs, regions), and initial weights that obey them.

A constraint is a set of buffers. The effective weights are computed from the raw
weights at every forward pass, so they obey at every instant, whatever an optimiser
does to the raw weights. Dale's law: Song, Yang & Wang 2016 (PLoS Comput. Biol.
12:e1004792).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnnpipe.settings.sections.constraints import Channels, ResolvedConstraint, ResolvedRegion
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.masks import load_mask


@dataclass(frozen=True)
class Connectivity:
    """A constraint sampled for one network.

    Attributes
    ----------
    mask
        (post, pre), bool: which recurrent weights exist.
    sign
        (pre,): +1 excitatory, -1 inhibitory, 0 free.
    input_mask
        (unit, input), bool.
    output_mask
        (output, unit), bool.
    regions
        Name of every unit's region.
    """

    mask: np.ndarray
    sign: np.ndarray
    input_mask: np.ndarray
    output_mask: np.ndarray
    regions: tuple[str, ...]


def connectivity(
    constraint: ResolvedConstraint, inputs: int, outputs: int, rng: np.random.Generator
) -> Connectivity:
    """Sample the buffers of a constraint.

    Parameters
    ----------
    constraint
        The constraint on a network of known size.
    inputs, outputs
        Channels of the network.
    rng
        Draws the sampled connections.

    Raises
    ------
    ArtifactError
        If a mask file is missing, unreadable, of the wrong shape or not of 0 and 1.
    """
    regions = constraint.regions
    sizes = [region.units for region in regions]
    units = sum(sizes)
    ends = np.cumsum(sizes).tolist()
    spans = {r.name: slice(end - r.units, end) for r, end in zip(regions, ends, strict=True)}
    mask = np.zeros((units, units), dtype=bool)
    sign = np.zeros(units)
    for region in regions:
        span = spans[region.name]
        mask[span, span] = _block(region, rng)
        sign[span] = dale_signs(region.units, region.excitatory)
    for projection in constraint.projections:
        post = _cells(spans[projection.target], sign, projection.to_cells)
        pre = _cells(spans[projection.source], sign, projection.from_cells)
        drawn = rng.random((len(post), len(pre))) < projection.probability
        mask[np.ix_(post, pre)] |= drawn
    input_mask = _channels(constraint.inputs, spans, units, inputs)
    output_mask = _channels(constraint.outputs, spans, units, outputs).T
    return Connectivity(
        mask & _mask_file(constraint.mask, mask.shape),
        sign,
        input_mask & _mask_file(constraint.input_mask, input_mask.shape),
        output_mask & _mask_file(constraint.output_mask, output_mask.shape),
        tuple(np.repeat([r.name for r in regions], sizes).tolist()),
    )


def dale_signs(units: int, excitatory: int | None) -> np.ndarray:
    """Signs (unit,) of presynaptic units: the first ones excite, the rest inhibit; None: free."""
    if excitatory is None:
        return np.zeros(units)
    return np.where(np.arange(units) < excitatory, 1.0, -1.0)


def _block(region: ResolvedRegion, rng: np.random.Generator) -> np.ndarray:
    shape, density = (region.units, region.units), region.density
    block = np.ones(shape, dtype=bool) if density is None else rng.random(shape) < density
    if not region.autapses:
        np.fill_diagonal(block, False)
    return block


def _cells(span: slice, sign: np.ndarray, kind: str) -> np.ndarray:
    members = np.arange(span.start, span.stop)
    if kind == "all":
        return members
    return members[sign[members] == (1.0 if kind == "excitatory" else -1.0)]


def _channels(
    seen: Mapping[str, Channels] | None, spans: Mapping[str, slice], units: int, channels: int
) -> np.ndarray:
    """(unit, channel), bool: which units see which channel; all of them if `seen` is None."""
    if seen is None:
        return np.ones((units, channels), dtype=bool)
    mask = np.zeros((units, channels), dtype=bool)
    for region, numbers in seen.items():
        mask[spans[region], slice(None) if numbers == "all" else list(numbers)] = True
    return mask


def _mask_file(path: str | None, shape: tuple[int, ...]) -> np.ndarray:
    if path is None:
        return np.ones(shape, dtype=bool)
    try:
        mask = load_mask(path)
    except ValueError as error:
        raise ArtifactError(f"{path}: {error}") from error
    if mask.shape != shape:
        raise ArtifactError(f"{path}: the mask has shape {mask.shape}; {shape} is needed")
    return mask


def initial_gates(connections: Connectivity, gates: int, rng: np.random.Generator) -> np.ndarray:
    """Initial recurrent weights (gate, post, pre) of gates, which have no sign.

    Gaussian of standard deviation 1/√(mean number of inputs).
    """
    fan_in = max(connections.mask.sum(1).mean(), 1.0)
    gaussian = rng.standard_normal((gates, *connections.mask.shape))
    return gaussian / np.sqrt(fan_in) * connections.mask


def initial_recurrent(
    connections: Connectivity, gain: float, rng: np.random.Generator
) -> np.ndarray:
    """Initial recurrent weights (post, pre).

    Free units: Gaussian of standard deviation g/√(mean number of inputs).
    Under Dale's law: gamma-distributed magnitudes, each row's inhibition scaled
    to cancel its excitation, then the spectral radius of the effective matrix
    set to g. Unbalanced, activity would explode at the start.
    """
    mask, sign = connections.mask, connections.sign
    gaussian = rng.standard_normal(mask.shape)
    fan_in = max(mask.sum(1).mean(), 1.0)
    weights = gaussian * gain / np.sqrt(fan_in) * mask
    if not sign.any():
        return weights
    magnitudes = rng.gamma(2.0, 1.0, mask.shape) / np.sqrt(fan_in)
    weights = np.where(sign == 0, weights, magnitudes * sign) * mask
    excitation = np.where(sign > 0, weights, 0).sum(1, keepdims=True)
    inhibition = -np.where(sign < 0, weights, 0).sum(1, keepdims=True)
    both = (excitation > 0) & (inhibition > 0)
    scale = np.divide(excitation, inhibition, out=np.ones_like(excitation), where=both)
    weights = np.where(sign < 0, weights * scale, weights)
    radius = spectral_radius(weights)
    return weights * (gain / radius) if radius > 0 else weights


def spectral_radius(weights: np.ndarray) -> float:
    """Largest |eigenvalue| of a square matrix; NaN if it is not finite."""
    if not np.isfinite(weights).all():
        return float("nan")
    return float(np.abs(np.linalg.eigvals(weights)).max())


def violations(
    weights: np.ndarray, connections: Connectivity, candidate: int = 0
) -> tuple[int, int]:
    """Number of effective recurrent weights of the wrong sign, and number off the mask.

    Parameters
    ----------
    weights
        (gate · post, pre).
    candidate
        The block that signs act on; the mask holds in all blocks.
    """
    gates = weights.reshape(-1, *connections.mask.shape)
    wrong_sign = (gates[candidate] * connections.sign < 0).sum()
    off_mask = (gates[:, ~connections.mask] != 0).sum()
    return int(wrong_sign), int(off_mask)
