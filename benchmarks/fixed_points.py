"""Seconds and fixed points found: our search against the descent usual in the field.

The rival is the recipe of Sussillo & Barak 2013 (Neural Comput. 25:626) as
Golub & Sussillo's FixedPointFinder (2018, JOSS 3:1003) has it for torch:
visited states with noise as starts, and all of them together down
q = 1/2 |F(h) - h|^2 by Adam, whose rate falls where the mean q does not.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

import click
import numpy as np
import pandas as pd
import torch
from flipflop_networks import training_settings, untrained_networks
from torch import Tensor

from rnnpipe.cells import drive
from rnnpipe.dynamics import Dynamics
from rnnpipe.fixed_points import find_fixed_points
from rnnpipe.fixed_points.merge import merge, spread
from rnnpipe.fixed_points.solver import Status, solve
from rnnpipe.harvest import trajectories
from rnnpipe.job import limit_threads
from rnnpipe.population import Population
from rnnpipe.seeds import stream
from rnnpipe.tasks import FlipFlop
from rnnpipe.training import fit

CONSTRAINTS: Mapping[str, Mapping[str, Any]] = {
    "none": {},
    "dale80": {"autapses": False, "dale_ratio": 0.8},
}
STARTS = 1024
NOISE = 0.5
TOLERANCE = 1e-12
STANDSTILL = 1e-20
# One distance, relative to the spread of the states, counts the points of all.
DISTINCT = 1e-2
Result = TypeVar("Result")


@dataclass(frozen=True)
class Network:
    """A trained network at rest: its map in float64 and in float32, and states it visits."""

    name: str
    seed: int
    dynamics: Dynamics
    step: Callable[[Tensor], Tensor]
    states: np.ndarray


def trained_networks(seeds: range, units: int, steps: int) -> Iterator[Network]:
    """Networks of every constraint, trained on the 3-bit flip-flop, with harvested states."""
    task = FlipFlop()
    rest = task.probes()["zero"]
    trials = task.sample(128, stream(0, "harvest trials"))
    settings = training_settings(steps=steps, learning_rate=0.005)
    for name, constraint in CONSTRAINTS.items():
        untrained = untrained_networks(task, seeds, units, constraint)
        population = fit(untrained, task, seeds, settings).population
        states, _ = trajectories(population, trials)
        for i, seed in enumerate(seeds):
            dynamics, step = population.dynamics(i, rest), single_step(population, i, rest)
            yield Network(name, seed, dynamics, step, states[i].reshape(-1, units))


def single_step(population: Population, network: int, x: np.ndarray) -> Callable[[Tensor], Tensor]:
    """One network's map (state, unit) -> (state, unit) at the input x (input,), in float32."""
    one = population.select([network])
    weights, cell = one.weights(), one.cell
    u = drive(torch.as_tensor(x, dtype=torch.float32)[None, None], weights)
    return lambda h: cell.step(h[None], u.expand(1, len(h), -1), weights)[0]


def noisy_states(states: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Visited states (state, unit) with Gaussian noise on every unit."""
    chosen = states[rng.integers(len(states), size=STARTS)]
    return chosen + NOISE * rng.standard_normal(chosen.shape)


def descend(
    step: Callable[[Tensor], Tensor], starts: np.ndarray, iterations: int
) -> tuple[np.ndarray, int]:
    """Joint descent on the mean q from `starts` (start, unit): states reached, iterations taken.

    It ends when q of every state is below the tolerance or stands still, or
    after `iterations`.
    """
    h = torch.tensor(starts, dtype=torch.float32, requires_grad=True)
    optimizer = torch.optim.Adam([h], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.95, patience=5)
    before = torch.full((len(starts),), torch.inf)
    for iteration in range(iterations):
        optimizer.zero_grad()
        q = 0.5 * (step(h) - h).square().sum(1)
        if ((q < TOLERANCE) | ((q - before).abs() < STANDSTILL)).all():
            return h.detach().double().numpy(), iteration
        before, loss = q.detach(), q.mean()
        loss.backward()
        optimizer.step()
        scheduler.step(loss.detach())
    return h.detach().double().numpy(), iterations


def distinct(states: np.ndarray, dynamics: Dynamics, distance: float) -> int:
    """Number of distinct states (state, unit) at which q, in float64, is below the tolerance."""
    h = torch.from_numpy(states)
    q = 0.5 * (dynamics.step(h) - h).square().sum(1).numpy()
    fixed = q < TOLERANCE
    return len(merge(states[fixed], q[fixed], distance).states)


def timed(work: Callable[[], Result], repeats: int = 1) -> tuple[Result, float]:
    """Result of `work`, and the median of its seconds."""
    seconds = []
    for _ in range(repeats):
        begin = perf_counter()
        result = work()
        seconds.append(perf_counter() - begin)
    return result, median(seconds)


def compare(network: Network, iterations: int, repeats: int) -> dict[str, Any]:
    """Seconds and points of the descent, of our solver at equal starts, and of our search."""
    dynamics, states = network.dynamics, network.states
    distance = DISTINCT * spread(states)
    starts = noisy_states(states, stream(network.seed, "noisy states"))
    (reached, taken), descent_seconds = timed(lambda: descend(network.step, starts, iterations))
    solution, solver_seconds = timed(lambda: solve(dynamics, torch.from_numpy(starts)), repeats)
    search, search_seconds = timed(
        lambda: find_fixed_points(dynamics, states, rng=stream(network.seed, "fixed points zero")),
        repeats,
    )
    solved = solution.states[solution.status == Status.FIXED]
    return {
        "constraint": network.name,
        "seed": network.seed,
        "iterations": taken,
        "descent s": descent_seconds,
        "points": distinct(reached, dynamics, distance),
        "solver s": solver_seconds,
        "points ": distinct(solved, dynamics, distance),
        "× descent": descent_seconds / solver_seconds,
        "search s": search_seconds,
        "points  ": distinct(search.points[search.kind == "fixed"], dynamics, distance),
        "× descent ": descent_seconds / search_seconds,
        "certificate": search.verdict,
    }


@click.command(context_settings={"show_default": True})
@click.option("--seeds", default=2, help="Networks of every constraint.")
@click.option("--units", default=64, help="Units of a network.")
@click.option("--steps", default=1000, help="Steps of training.")
@click.option("--iterations", default=10_000, help="Most iterations of the descent.")
@click.option("--repeats", default=3, help="Runs of our own search; the median counts.")
def main(seeds: int, units: int, steps: int, iterations: int, repeats: int) -> None:
    """Time the search for fixed points, on one thread, beside a descent by Adam."""
    limit_threads(1)
    table = pd.DataFrame(
        [
            compare(network, iterations, repeats)
            for network in trained_networks(range(seeds), units, steps)
        ]
    )
    click.echo(
        f"Fixed points of trained 3-bit flip-flop networks, tanh, {units} units; 1 thread.\n"
        f"descent: {STARTS} visited states with noise of sd {NOISE}, Adam on the mean q in "
        f"float32, up to {iterations} iterations.\n"
        f"solver: ours from the same starts. search: ours as a whole, its defaults, which also "
        f"seeks slow points and cycles.\n"
        f"points: states with q < {TOLERANCE:g} in float64, merged within {DISTINCT:g} of the "
        f"spread. × descent is how many times as fast."
    )
    click.echo(table.to_string(index=False, float_format="{:.2f}".format))
    solver, search = table["× descent"].median(), table["× descent "].median()
    click.echo(f"Median: solver {solver:.0f} × descent, search {search:.0f} × descent.")


if __name__ == "__main__":
    main()
