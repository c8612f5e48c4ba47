"""The search that rnnpipe had before, as a rival to measure against: mixtures alone, dense steps.

Starts are random mixtures of three visited states, later also of points
found; Newton's steps are dense, and all starts on which it stalls go to
Levenberg-Marquardt; rounds go on until two of them bring nothing new and the
certificate does not object; eigenvalues of all points end it. Left out is
what the search did beside: a descent to slow states, and runs to cycles.
"""

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.fixed_points.merge import merge
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.spread import spread

STARTS, ROUNDS, QUIET, NOISE = 512, 40, 2, 0.05
TOLERANCE, MERGE, DEGENERATE = 1e-20, 1e-4, 1e-6
NEWTON, LEVENBERG, HALVINGS = 30, 60, 6
# A large network's first round goes in parts; its later rounds have fewer starts.
LARGE, PARTS = 96, 8
CHUNK_BYTES = 16 * 2**20


def search_from_mixtures(
    dynamics: Dynamics, states: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, int, str]:
    """Find fixed points; return them (point, unit), the number of starts and the verdict."""
    large = dynamics.units > LARGE
    pool = Pool(dynamics, spread(states))
    for part in np.array_split(mixtures(states, STARTS, rng), PARTS if large else 1):
        pool.add(part)
        if len(pool.points) and pool.missing() == 0 and pool.verdict() != "incomplete":
            break
    later = STARTS // (8 if large else 4)
    done, quiet = 1, 0
    while done < ROUNDS and not (quiet >= QUIET and pool.verdict() != "incomplete"):
        batch = [mixtures(states, later, rng)]
        if len(pool.points):
            length = NOISE * pool.spread * (1 + quiet) / np.sqrt(dynamics.units)
            displaced = rng.standard_normal((later, dynamics.units)) * length
            batch.append(mixtures(pool.points, later, rng) + displaced)
        quiet = 0 if pool.add(np.concatenate(batch)) else quiet + 1
        done += 1
    return pool.points, pool.starts, pool.verdict(final=True)


def mixtures(states: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Random convex mixtures of three states."""
    triples = rng.integers(len(states), size=(count, 3))
    return np.einsum("ck,cku->cu", rng.dirichlet(np.ones(3), size=count), states[triples])


class Pool:
    """Distinct fixed points found so far, with the index and the eigenvalues of each."""

    def __init__(self, dynamics: Dynamics, spread: float) -> None:
        self.dynamics, self.spread, self.starts = dynamics, spread, 0
        self.points, self.q = np.empty((0, dynamics.units)), np.empty(0)
        self.hits = np.empty(0, dtype=np.int64)
        self._index: list[float] = []
        self._degenerate: list[bool] = []

    def add(self, starts: np.ndarray) -> bool:
        """Solve from these starts; return whether a new point was found."""
        states, q, fixed = solve(self.dynamics, torch.from_numpy(starts))
        before = len(self.points)
        merged = merge(
            np.concatenate([self.points, states[fixed]]),
            np.concatenate([self.q, q[fixed]]),
            MERGE * self.spread,
            np.concatenate([self.hits, np.ones(fixed.sum(), dtype=np.int64)]),
        )
        self.points, self.q, self.hits = merged.states, merged.q, merged.hits
        self.starts += len(starts)
        return len(self.points) > before

    def missing(self) -> float:
        """Chao's estimate of the number of points not found."""
        once, twice = int((self.hits == 1).sum()), int((self.hits == 2).sum())
        return once * (once - 1) / (2 * (twice + 1))

    def jacobians(self, known: int) -> list[np.ndarray]:
        fresh = torch.from_numpy(self.points[known:])
        return [self.dynamics.jacobian(point[None])[0].numpy() for point in fresh]

    def verdict(self, final: bool = False) -> str:
        """What the indices say; eigenvalues are computed at the end, or where the sum is not 1."""
        for jacobian in self.jacobians(len(self._index)):
            self._index.append(np.linalg.slogdet(np.eye(len(jacobian)) - jacobian).sign)
        total = sum(self._index)
        if final or (total != 1 and self.dynamics.box is not None):
            for jacobian in self.jacobians(len(self._degenerate)):
                eigenvalues = np.linalg.eigvals(jacobian)
                self._degenerate.append(bool((np.abs(eigenvalues - 1) < DEGENERATE).any()))
        if self.dynamics.box is None or any(self._degenerate):
            return "not applicable"
        return "consistent" if total == 1 else "incomplete"


def solve(dynamics: Dynamics, starts: Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """States where every start ended, their q, and whether each is a fixed point."""
    with torch.no_grad():
        size = max(1, CHUNK_BYTES // (8 * dynamics.units**2))
        batches = [Batch(dynamics, chunk) for chunk in starts.split(size)]
        for batch in batches:
            newton(batch, torch.arange(len(batch.q)), NEWTON)
            stalled = (~batch.fixed).nonzero()[:, 0]
            batch.put(stalled, batch.starts[stalled])
            levenberg_marquardt(batch, stalled)
            newton(batch, stalled[batch.fixed[stalled]], 1)
    parts = ([getattr(b, name).numpy() for b in batches] for name in ("states", "q", "fixed"))
    states, q, fixed = (np.concatenate(part) for part in parts)
    return states, q, fixed


class Batch:
    """Starts with their states, residuals and q."""

    def __init__(self, dynamics: Dynamics, starts: Tensor) -> None:
        self.dynamics = dynamics
        self.identity = torch.eye(dynamics.units, dtype=torch.float64)
        self.starts = self.clamp(starts)
        self.states, self.residuals = self.starts.clone(), torch.empty_like(starts)
        self.q = torch.empty(len(starts), dtype=torch.float64)
        self.fixed = torch.zeros(len(starts), dtype=torch.bool)
        self.put(torch.arange(len(starts)), self.starts)

    def clamp(self, states: Tensor) -> Tensor:
        return states if self.dynamics.box is None else torch.clamp(states, *self.dynamics.box)

    def put(self, rows: Tensor, states: Tensor) -> None:
        self.move(rows, states, torch.full((len(rows),), torch.inf, dtype=torch.float64))

    def matrices(self, rows: Tensor) -> Tensor:
        return self.dynamics.jacobian(self.states[rows]) - self.identity

    def move(self, rows: Tensor, states: Tensor, better_than: Tensor) -> Tensor:
        residuals = self.dynamics.step(states) - states
        q = 0.5 * residuals.square().sum(1)
        good = q < better_than
        moved = rows[good]
        self.states[moved], self.residuals[moved] = states[good], residuals[good]
        self.q[moved] = q[good]
        return good

    def retire(self, rows: Tensor) -> Tensor:
        converged = self.q[rows] < TOLERANCE
        self.fixed[rows[converged]] = True
        return ~converged


def newton(batch: Batch, rows: Tensor, iterations: int) -> None:
    """Newton steps with backtracking; factors serve for chord steps as well."""
    for _ in range(iterations):
        if len(rows) == 0:
            return
        factors = torch.linalg.lu_factor_ex(batch.matrices(rows))[:2]
        steps = lu_steps(factors, batch.residuals[rows])
        moved, scale = torch.zeros_like(rows, dtype=torch.bool), 1.0
        for _ in range(HALVINGS + 1):
            todo = (~moved).nonzero()[:, 0]
            if len(todo) == 0:
                break
            here = rows[todo]
            states = batch.clamp(batch.states[here] + scale * steps[todo])
            moved[todo] = batch.move(here, states, (1 - 0.1 * scale) * batch.q[here])
            scale /= 2
        for _ in range(2 if batch.dynamics.units <= 2 * LARGE else 5):
            chord(batch, rows, factors)
        going = batch.retire(rows)
        chord(batch, rows[~going], tuple(part[~going] for part in factors))
        rows = rows[going & moved]


def chord(batch: Batch, rows: Tensor, factors: tuple[Tensor, ...]) -> None:
    steps = lu_steps(factors, batch.residuals[rows])
    batch.move(rows, batch.clamp(batch.states[rows] + steps), batch.q[rows])


def lu_steps(factors: tuple[Tensor, ...], residuals: Tensor) -> Tensor:
    return finite(torch.linalg.lu_solve(*factors, -residuals[..., None])[..., 0])


def finite(steps: Tensor) -> Tensor:
    return torch.where(torch.isfinite(steps).all(1, keepdim=True), steps, 0.0)


def levenberg_marquardt(batch: Batch, rows: Tensor) -> None:
    """Damping mu |r|, with the gain-ratio update of mu."""
    matrices = batch.matrices(rows)
    products = matrices.mT @ matrices
    mu = torch.ones(len(rows), dtype=torch.float64)
    growth = torch.full_like(mu, 2.0)
    for _ in range(LEVENBERG):
        norms = batch.residuals[rows].norm(dim=1)
        gradients = (matrices.mT @ batch.residuals[rows][..., None])[..., 0]
        slow = gradients.norm(dim=1) < 1e-6 * norms
        keep = batch.retire(rows) & ~slow & torch.isfinite(norms)
        rows, matrices, products = rows[keep], matrices[keep], products[keep]
        mu, growth, norms, gradients = mu[keep], growth[keep], norms[keep], gradients[keep]
        if len(rows) == 0:
            return
        damping = mu * norms
        damped = products + torch.diag_embed(damping[:, None].expand(-1, products.shape[-1]))
        factors, _ = torch.linalg.cholesky_ex(damped)
        steps = finite(-torch.cholesky_solve(gradients[..., None], factors)[..., 0])
        predicted = 0.5 * (steps * (damping[:, None] * steps - gradients)).sum(1)
        before = batch.q[rows]
        accepted = batch.move(rows, batch.clamp(batch.states[rows] + steps), before)
        gain = (before - batch.q[rows]) / predicted.clamp_min(1e-300)
        shrink = (1 - (2 * gain.clamp(0, 2) - 1) ** 3).clamp(1 / 3, 2)
        mu = torch.where(accepted, mu * shrink, mu * growth)
        growth = torch.where(accepted, 2.0, growth * 2)
        fresh = batch.matrices(rows[accepted])
        matrices[accepted], products[accepted] = fresh, fresh.mT @ fresh
    batch.retire(rows)
