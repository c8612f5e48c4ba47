"""Rate networks whose fixed points are known, or can be found by brute force."""

import numpy as np
import torch

from rnnpipe.dynamics.rate_equation import RateEquation
from rnnpipe.networks.activations import ACTIVATIONS


def equation(
    W: np.ndarray, u: np.ndarray | float = 0.0, phi: str = "tanh", current: bool = False
) -> RateEquation:
    """A network of full weights W (unit, unit) and drive u."""
    drive = np.broadcast_to(np.asarray(u, dtype=np.float64), (len(W),)).copy()
    weights = torch.from_numpy(np.asarray(W, dtype=np.float64))
    return RateEquation(weights, torch.from_numpy(drive), ACTIVATIONS[phi], current)


def low_rank(
    m: np.ndarray, n: np.ndarray, u: np.ndarray | float = 0.0, phi: str = "tanh"
) -> RateEquation:
    """A network of currents with W = m nᵀ, (unit, rank) each."""
    full = equation(m @ n.T, u, phi, current=True)
    factors = torch.from_numpy(m), torch.from_numpy(n)
    return RateEquation(full.recurrent, full.drive, full.phi, True, factors)


def drawn(units: int, rank: int, gain: float, seed: int, phi: str = "tanh") -> RateEquation:
    """A network of random loadings, of which n leans towards m, and a random drive."""
    rng = np.random.default_rng(seed)
    m = rng.standard_normal((units, rank))
    n = gain * (rng.standard_normal((units, rank)) / np.sqrt(units) + m / units)
    return low_rank(m, n, 0.3 * rng.standard_normal(units), phi)


def planted(
    kappas: np.ndarray, units: int, seed: int, phi: str = "tanh"
) -> tuple[RateEquation, np.ndarray]:
    """A network with fixed points at κ (point, rank), and their currents (point, unit).

    κ = nᵀ φ(m κ + u) is linear in n: the shortest n that solves it for all points.
    """
    rng = np.random.default_rng(seed)
    m, u = rng.standard_normal((units, kappas.shape[1])), 0.5 * rng.standard_normal(units)
    currents = kappas @ m.T + u
    rates = ACTIVATIONS[phi].function(torch.from_numpy(currents)).numpy()
    n = np.linalg.lstsq(rates, kappas, rcond=None)[0]
    return low_rank(m, n, u, phi), currents


def residual(network: RateEquation, states: np.ndarray) -> float:
    """How far states are from r = φ(W r + u) at the most."""
    if not len(states):
        return 0.0
    rates = network.rates(torch.from_numpy(states))
    again = network.phi.function(rates @ network.recurrent.T + network.drive)
    return float((again - rates).abs().max())


def by_newton(network: RateEquation, per_side: int, reach: float) -> np.ndarray:
    """Roots (root, unit) as currents, by Newton in κ from a grid of starts, each once."""
    m, n = network.factors
    axis = torch.linspace(-reach, reach, per_side, dtype=torch.float64)
    kappa = torch.cartesian_prod(*[axis] * m.shape[1]).reshape(-1, m.shape[1])
    eye = torch.eye(m.shape[1], dtype=torch.float64)
    for _ in range(25):
        rates = network.phi.function(kappa @ m.T + network.drive)
        value = kappa - rates @ n
        slopes = eye - torch.einsum("ij,bi,ik->bjk", n, network.phi.slope(rates), m)
        step = torch.linalg.solve(slopes, value)
        length = step.norm(dim=1, keepdim=True)
        kappa = kappa - step * (reach / length.clamp(min=reach))
    good = (value.norm(dim=1) < 1e-11) & (length[:, 0] < 1e-8)
    found: list[torch.Tensor] = []
    for one in kappa[good]:
        if all((one - other).norm() > 1e-6 for other in found):
            found.append(one)
    currents = [m @ one + network.drive for one in found]
    return torch.stack(currents).numpy() if found else np.empty((0, network.units))


def matched(found: np.ndarray, known: np.ndarray, distance: float = 1e-7) -> bool:
    """Whether two sets of states are the same."""
    if found.shape != known.shape:
        return False
    apart = np.linalg.norm(found[:, None] - known[None], axis=2)
    return bool((apart.min(0, initial=np.inf) < distance).all())
