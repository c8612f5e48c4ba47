"""Seconds and fixed points found: our search against the descents usual in the field.

The rivals follow Sussillo & Barak 2013 (Neural Comput. 25:626) as Golub &
Sussillo's FixedPointFinder (2018, JOSS 3:1003) does for torch: 1,024 visited
states with noise as starts, and all of them together down the mean of
q = 1/2 |F(h) - h|^2 by Adam in float32, until every q is below the tolerance
or stands still. One has FixedPointFinder's rates, the other begins at a rate
of 1 and lowers it wherever the mean q does not fall.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

import click
import numpy as np
import pandas as pd
import torch
from flipflop_networks import training_settings, untrained_networks
from torch import Tensor
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau, StepLR

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


@dataclass(frozen=True)
class Descent:
    """A course of Adam's rate, and how long it may last."""

    name: str
    rate: float
    scheduler: Callable[[torch.optim.Optimizer], LRScheduler]
    iterations: int

    def run(self, step: Callable[[Tensor], Tensor], starts: np.ndarray) -> tuple[np.ndarray, int]:
        """States reached from `starts` (start, unit), and iterations taken."""
        h = torch.tensor(starts, dtype=torch.float32, requires_grad=True)
        optimizer = torch.optim.Adam([h], lr=self.rate)
        scheduler = self.scheduler(optimizer)
        before = torch.full((len(starts),), torch.inf)
        for iteration in range(self.iterations):
            optimizer.zero_grad()
            q = 0.5 * (step(h) - h).square().sum(1)
            if ((q < TOLERANCE) | ((q - before).abs() < STANDSTILL)).all():
                return h.detach().double().numpy(), iteration
            before, loss = q.detach(), q.mean()
            loss.backward()
            optimizer.step()
            if isinstance(scheduler, ReduceLROnPlateau):
                scheduler.step(loss.detach())
            else:
                scheduler.step()
        return h.detach().double().numpy(), self.iterations


def descents(iterations: int | None) -> tuple[Descent, Descent]:
    """The rivals; `iterations` cuts them short."""
    toolbox = partial(StepLR, step_size=500, gamma=0.7)
    plateau = partial(ReduceLROnPlateau, factor=0.95, patience=5)
    return (
        Descent("FixedPointFinder's rates", 0.05, toolbox, iterations or 5_000),
        Descent("plateau rates", 1.0, plateau, iterations or 10_000),
    )


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


def compare(network: Network, rivals: Sequence[Descent], repeats: int) -> list[dict[str, Any]]:
    """Seconds and points of every descent, of our solver at equal starts, and of our search."""
    dynamics, states = network.dynamics, network.states
    starts = noisy_states(states, stream(network.seed, "noisy states"))
    key = {"constraint": network.name, "seed": network.seed}

    def row(method: str, reached: np.ndarray, seconds: float, **more: Any) -> dict[str, Any]:
        points = distinct(reached, dynamics, DISTINCT * spread(states))
        return {**key, "method": method, "s": seconds, "points": points, **more}

    rows = []
    for rival in rivals:
        (reached, taken), seconds = timed(partial(rival.run, network.step, starts))
        rows.append(row(rival.name, reached, seconds, iterations=taken))
    solution, seconds = timed(lambda: solve(dynamics, torch.from_numpy(starts)), repeats)
    fixed = solution.states[solution.status == Status.FIXED]
    rows.append(row("our solver, same starts", fixed, seconds))
    search, seconds = timed(
        lambda: find_fixed_points(dynamics, states, rng=stream(network.seed, "fixed points zero")),
        repeats,
    )
    found = search.points[search.kind == "fixed"]
    rows.append(row("our search", found, seconds, certificate=search.verdict))
    for rival, baseline in zip(rivals, rows[: len(rivals)], strict=True):
        for entry in rows:
            entry[f"× {rival.name}"] = baseline["s"] / entry["s"]
    return rows


def report(table: pd.DataFrame) -> str:
    """The table of all runs, and the medians and fewest points of every method."""
    ratios = {name: (name, "median") for name in table.columns if name.startswith("×")}
    summary = table.groupby("method", sort=False).agg(
        **{"median s": ("s", "median"), "fewest points": ("points", "min"), **ratios}
    )
    style = {"float_format": "{:.2f}".format, "na_rep": ""}
    whole = table.astype({"iterations": "Int64"}).to_string(index=False, **style)
    return f"{whole}\n\n{summary.reset_index().to_string(index=False, **style)}"


@click.command(context_settings={"show_default": True})
@click.option("--seeds", default=2, help="Networks of every constraint.")
@click.option("--units", default=64, help="Units of a network.")
@click.option("--steps", default=1000, help="Steps of training.")
@click.option("--iterations", type=int, help="Most iterations of the descents, for a quick look.")
@click.option("--repeats", default=3, help="Runs of our own search; the median counts.")
def main(seeds: int, units: int, steps: int, iterations: int | None, repeats: int) -> None:
    """Time the search for fixed points, on one thread, beside descents by Adam."""
    limit_threads(1)
    rivals = descents(iterations)
    rows = [
        row
        for network in trained_networks(range(seeds), units, steps)
        for row in compare(network, rivals, repeats)
    ]
    click.echo(
        f"Fixed points of trained 3-bit flip-flop networks, tanh, {units} units; 1 thread.\n"
        f"Descents: {STARTS} visited states with noise of sd {NOISE}, up to "
        f"{' and '.join(f'{rival.iterations:,}' for rival in rivals)} iterations.\n"
        f"Our search: its defaults; its seconds include slow points, cycles and certificate.\n"
        f"Points: states with q < {TOLERANCE:g} in float64, merged within {DISTINCT:g} of the "
        f"spread. × is how many times as fast."
    )
    click.echo(report(pd.DataFrame(rows)))


if __name__ == "__main__":
    main()
