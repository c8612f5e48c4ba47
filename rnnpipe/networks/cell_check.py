"""Whether a cell of the user's own keeps its word: one step tried, differentiated and scanned."""

import numpy as np
import torch
from torch import Tensor

from rnnpipe.given_files import GivenFileError, error_text
from rnnpipe.networks.cells import Cell, Weights, drive
from rnnpipe.networks.cells.own import rows_of

# Sizes of the networks on which a cell is tried.
NETWORKS, TRIALS, UNITS, INPUTS, TIMES = 2, 3, 5, 2, 4
# How exactly derivatives agree, and what treats each trial by itself, relative to their size.
ALIKE = 1e-8
# Random states of a box that are to stay in it.
IN_BOX = 64


def check_cell(cell: Cell, kind: str) -> None:
    """Try a cell, in float64 and float32, as training and every analysis will use it.

    Raises
    ------
    GivenFileError
        If the step fails, is random, mixes trials or networks or cannot be differentiated; if
        derivatives or the scan are not those of the step; if the box is left; names
        file, class and what is wrong.
    """
    path, _, name = kind.rpartition(":")
    try:
        fault = _numbers_fault(cell) or _fault(cell)
    except Exception as error:
        raise GivenFileError(f"{path}: {name} fails: {error_text(error, path)}") from error
    if fault:
        raise GivenFileError(f"{path}: {name} {fault}")


def _numbers_fault(cell: Cell) -> str:
    """Say which of the numbers that a cell's class gives are none."""
    for name, least in (("gates", 1), ("candidate", 0), ("bias_blocks", 1), ("state_blocks", 1)):
        value = getattr(cell, name)
        if not isinstance(value, int) or value < least:
            return f"has {name} = {value!r}; a whole number from {least} on is needed"
    if cell.candidate >= cell.gates:
        return f"has candidate = {cell.candidate}; its {cell.gates} gates are counted from 0"
    if cell.bias_blocks < cell.gates:
        return f"has bias_blocks = {cell.bias_blocks}; each of its {cell.gates} gates needs one"
    shape = np.shape(cell.initial_bias(UNITS))
    if shape != (cell.bias_blocks * UNITS,):
        return f"has an initial_bias of shape {shape}; ({cell.bias_blocks * UNITS},) is needed"
    return ""


def _fault(cell: Cell) -> str:
    weights = _weights(cell)
    rng = torch.Generator().manual_seed(1)
    state, row = cell.state_blocks * UNITS, cell.gates * UNITS
    h = torch.rand(NETWORKS, TRIALS, state, generator=rng, dtype=torch.float64) * 0.8 + 0.1
    u = torch.randn(NETWORKS, TRIALS, row, generator=rng, dtype=torch.float64)
    x = torch.randn(NETWORKS, TIMES, TRIALS, INPUTS, generator=rng, dtype=torch.float64)
    return (
        _step_fault(cell, h, u, weights)
        or _derivative_fault(cell, h, u, weights)
        or _scan_fault(cell, x, weights)
        or _box_fault(cell, u[:, 0], weights, rng)
    )


def _weights(cell: Cell) -> Weights:
    """Weights of some networks, by a generator of their own."""
    rng = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(NETWORKS, *shape, generator=rng, dtype=torch.float64) / UNITS**0.5

    rows = cell.gates * UNITS
    bias, state = cell.bias_blocks * UNITS, cell.state_blocks * UNITS
    return Weights(
        drawn(rows, INPUTS),
        drawn(rows, UNITS),
        drawn(bias),
        drawn(1, UNITS),
        drawn(1),
        drawn(state),
    )


def _step_fault(cell: Cell, h: Tensor, u: Tensor, weights: Weights) -> str:
    """Say what is wrong with the step: shape, type, randomness, mixing."""
    before = torch.random.get_rng_state()
    after = cell.step(h.clone(), u.clone(), weights)
    if after.shape != h.shape:
        return f"steps from states of shape {tuple(h.shape)} to {tuple(after.shape)}"
    if after.dtype != h.dtype:
        return f"steps from float64 to {str(after.dtype).removeprefix('torch.')}"
    if not bool(torch.isfinite(after).all()):
        return "steps to values that are not finite"
    again = cell.step(h.clone(), u.clone(), weights)
    if not torch.equal(after, again) or not torch.equal(before, torch.random.get_rng_state()):
        return "is random: `noise` is added to the drive, and a step draws nothing"
    one = cell.step(h[:1, :1], u[:1, :1], _first(weights))
    if not _alike(one, after[:1, :1]):
        return "mixes trials or networks: each must be updated by itself"
    rates = cell.rates(h)
    if rates.shape != (*h.shape[:2], UNITS):
        return f"has rates of shape {tuple(rates.shape)}; (network, trial, unit) is needed"
    return ""


def _derivative_fault(cell: Cell, h: Tensor, u: Tensor, weights: Weights) -> str:
    """Say which derivative is not that of the step."""
    by_state = rows_of(lambda state: cell.step(state, u, weights), h)
    by_drive = rows_of(lambda driven: cell.step(h, driven, weights), u)
    if not bool(torch.isfinite(by_state).all() and torch.isfinite(by_drive).all()):
        return "has a step whose derivative is not finite"
    if not bool(by_state.any() or by_drive.any()):
        return "has a step without a derivative: does it detach, round or use no_grad?"
    directions = torch.eye(h.shape[-1], dtype=h.dtype).expand(*h.shape[:2], -1, -1)
    made = {
        "jacobian": (cell.jacobian(h, u, weights), by_state),
        "linearized": (cell.linearized(h, u, weights)(directions), by_state.mT),
        "input_jacobian": (
            cell.input_jacobian(h, u, weights),
            by_drive @ weights.input[:, None],
        ),
    }
    wrong = [name for name, (found, right) in made.items() if not _alike(found, right)]
    return f"has a {wrong[0]} that is not the derivative of its step" if wrong else ""


def _scan_fault(cell: Cell, x: Tensor, weights: Weights) -> str:
    """Say what is wrong with the scan: states, rates, gradients, single precision."""
    parts = {name: part.clone().requires_grad_() for name, part in vars(weights).items()}
    given = Weights(**parts)
    states, rates = cell.scan(x, given)
    expected, expected_rates = _stepped(cell, x, given)
    if not _alike(states, expected) or not _alike(rates, expected_rates):
        return "has a scan that gives other states or rates than its step"
    if not _alike(cell.scan_rates(x, given), expected_rates):
        return "has a scan_rates that gives other rates than its step"
    used = [parts[name] for name in ("input", "recurrent", "bias", "initial_state")]
    for made in (lambda: cell.scan(x, given)[1], lambda: cell.scan_rates(x, given)):
        found, right = (
            torch.autograd.grad(r.square().sum(), used, materialize_grads=True, allow_unused=True)
            for r in (made(), _stepped(cell, x, given)[1])
        )
        if not all(map(_alike, found, right)):
            return "has a scan whose gradient is not that of its step"
    single = Weights(**{name: part.detach().float() for name, part in parts.items()})
    if not bool(torch.isfinite(cell.scan(x.float(), single)[0]).all()):
        return "has a scan that is not finite in float32"
    return ""


def _stepped(cell: Cell, x: Tensor, weights: Weights) -> tuple[Tensor, Tensor]:
    """States and rates by one step after another."""
    h, states = weights.initial_state[:, None].expand(-1, x.shape[2], -1), []
    for now in x.unbind(1):
        h = cell.step(h, drive(now, weights), weights)
        states.append(h)
    visited = torch.stack(states, dim=1)
    return visited, cell.rates(visited)


def _box_fault(cell: Cell, u: Tensor, weights: Weights, rng: torch.Generator) -> str:
    """Say that the step leaves the box that it is said to stay in."""
    box = cell.box(u, weights)
    if box is None:
        return ""
    low, high = box
    size = (NETWORKS, IN_BOX, weights.initial_state.shape[1])
    share = torch.rand(size, generator=rng, dtype=torch.float64)
    share[:, ::2] = share[:, ::2].round()
    h = low[:, None] + share * (high - low)[:, None]
    after = cell.step(h, u[:, None].expand(-1, IN_BOX, -1), weights)
    margin = ALIKE * (high - low)[:, None]
    inside = (after >= low[:, None] - margin) & (after <= high[:, None] + margin)
    return "" if bool(inside.all()) else "has a box that its step leaves"


def _first(weights: Weights) -> Weights:
    return Weights(**{name: part[:1] for name, part in vars(weights).items()})


def _alike(found: Tensor, right: Tensor) -> bool:
    if found.shape != right.shape:
        return False
    scale = max(1.0, float(right.detach().abs().max()))
    return torch.allclose(found, right, rtol=ALIKE, atol=ALIKE * scale)
