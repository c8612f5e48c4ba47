"""Time our solver and search against two rivals, and count the fixed points, by cell and size.

One rival is the search that rnnpipe had before (`mixture_search.py`). The other
follows Sussillo & Barak 2013 (Neural Comput. 25:626) at the defaults of Golub &
Sussillo's FixedPointFinder (2018, JOSS 3:1003) for torch: visited states with
noise as starts, all of them together down the mean of q = 1/2 |F(h) - h|^2 by
Adam in float32, from a rate of 1 that falls wherever the mean does not, until
every q is below the tolerance or stands still.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, TypeVar

import click
import numpy as np
import pandas as pd
import torch
from flipflop_networks import networks_of, replicates
from mixture_search import search_from_mixtures
from torch import Tensor
from torch.optim.lr_scheduler import ReduceLROnPlateau

from rnnpipe.dynamics.fixed_points import find_fixed_points
from rnnpipe.dynamics.fixed_points.merge import merge
from rnnpipe.dynamics.fixed_points.solver import Status, solve
from rnnpipe.dynamics.maps import Dynamics
from rnnpipe.dynamics.spread import spread
from rnnpipe.jobs.job import limit_threads
from rnnpipe.networks.cells import drive
from rnnpipe.networks.harvest import trajectories
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.settings import TrainingSettings
from rnnpipe.streams import stream
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.fit import fit

NOISE = 0.5
TOLERANCE = 1e-12
STANDSTILL = 1e-20
# One distance, relative to the spread of the states, counts the points of all.
DISTINCT = 1e-2
Result = TypeVar("Result")


@dataclass(frozen=True)
class Size:
    """A network size: training steps, and starts of Adam and of the solver.

    Small networks solve the task. Large ones are trained briefly, and get
    fewer starts, so that the whole takes minutes.
    """

    steps: int
    rate: float
    starts: int
    repeats: int


SIZES = {
    64: Size(steps=800, rate=0.005, starts=1024, repeats=3),
    128: Size(steps=400, rate=0.005, starts=512, repeats=3),
    256: Size(steps=300, rate=0.003, starts=256, repeats=3),
    512: Size(steps=120, rate=0.002, starts=128, repeats=1),
}


@dataclass(frozen=True)
class Network:
    """A trained network at rest: its map in float64 and in float32, and states it visits."""

    dynamics: Dynamics
    step: Callable[[Tensor], Tensor]
    states: np.ndarray


def trained_network(cell: str, units: int, steps: int, rate: float) -> Network:
    """Train a network on the 3-bit flip-flop and harvest its states."""
    task = FlipFlop()
    rest = task.probes()["zero"]
    settings = TrainingSettings(steps=steps, learning_rate=rate)
    untrained = networks_of(task, [0], units, {}, cell)
    networks = fit(untrained, task, replicates([0]), settings).networks
    states, _ = trajectories(networks, task.sample(128, stream(0, "harvest trials")))
    return Network(
        networks.dynamics(0, rest), single_step(networks, rest), states[0].reshape(-1, units)
    )


def single_step(networks: NetworkStack, x: np.ndarray) -> Callable[[Tensor], Tensor]:
    """The first network's map (state, unit) -> (state, unit) at the input x (input,), float32."""
    weights, cell = networks.weights(), networks.cell
    u = drive(torch.as_tensor(x, dtype=torch.float32)[None, None], weights)
    return lambda h: cell.step(h[None], u.expand(1, len(h), -1), weights)[0]


def noisy_states(states: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Visited states (state, unit) with Gaussian noise on every unit."""
    chosen = states[rng.integers(len(states), size=count)]
    return chosen + NOISE * rng.standard_normal(chosen.shape)


def adam(
    step: Callable[[Tensor], Tensor], starts: np.ndarray, iterations: int
) -> tuple[np.ndarray, int]:
    """Descend jointly from `starts` (start, unit); return the states reached and the iterations."""
    h = torch.tensor(starts, dtype=torch.float32, requires_grad=True)
    optimizer = torch.optim.Adam([h], lr=1.0)
    scheduler = ReduceLROnPlateau(optimizer, factor=0.95, patience=5)
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


def distinct(states: np.ndarray, network: Network) -> int:
    """Count the distinct states (state, unit) at which q, in float64, is below the tolerance."""
    h = torch.from_numpy(states)
    q = 0.5 * (network.dynamics.step(h) - h).square().sum(1).numpy()
    fixed = q < TOLERANCE
    return len(merge(states[fixed], q[fixed], DISTINCT * spread(network.states)).states)


def timed(work: Callable[[], Result], repeats: int = 1) -> tuple[Result, float, float]:
    """Return the result of `work`, its median processor seconds and its peak memory in MB."""
    seconds = []
    peak_memory(reset=True)
    for _ in range(repeats):
        begin = process_time()
        result = work()
        seconds.append(process_time() - begin)
    return result, median(seconds), peak_memory()


def peak_memory(reset: bool = False) -> float:
    """Largest resident memory of this process since the last reset, in MB.

    Python, torch and the network's training included. NaN where the system is not Linux.
    """
    try:
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return float("nan")
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def compare(cell: str, units: int, iterations: int) -> list[dict[str, Any]]:
    """Measure Adam, our solver from equal starts, the former search and ours."""
    size = SIZES[units]
    network = trained_network(cell, units, size.steps, size.rate)
    dynamics, states = network.dynamics, network.states
    starts = noisy_states(states, size.starts, stream(0, "noisy states"))
    key = {"cell": cell, "units": units}
    (reached, taken), rival, memory = timed(lambda: adam(network.step, starts, iterations))

    def row(method: str, ends: np.ndarray, s: float, mb: float, **more: Any) -> dict[str, Any]:
        common = {"s": s, "× Adam": rival / s, "points": distinct(ends, network), "MB": mb}
        return {**key, "method": method, "starts": size.starts, **common, **more}

    former, former_s, former_mb = timed(
        lambda: search_from_mixtures(dynamics, states, stream(0, "mixtures")), size.repeats
    )
    former_points, former_starts, verdict = former
    solution, s, mb = timed(lambda: solve(dynamics, torch.from_numpy(starts)), size.repeats)
    search, search_s, search_mb = timed(
        lambda: find_fixed_points(dynamics, states, rng=stream(0, "fixed points zero")),
        size.repeats,
    )
    return [
        row("Adam", reached, rival, memory, iterations=taken),
        row("solver", solution.states[solution.status == Status.FIXED], s, mb),
        row("mixtures", former_points, former_s, former_mb)
        | {"starts": former_starts, "certificate": verdict},
        row("search", search.states[search.kind == "fixed"], search_s, search_mb)
        | {
            "starts": search.starts,
            "certificate": f"{search.verdict} ({search.index_sum})",
            "× mixtures": former_s / search_s,
        },
    ]


@click.command(context_settings={"show_default": True})
@click.option("--cells", multiple=True, default=["vanilla", "gru"], help="May be repeated.")
@click.option("--units", "sizes", multiple=True, type=int, default=list(SIZES), help="As above.")
@click.option("--iterations", default=5_000, help="Most iterations of the descent.")
def main(cells: Sequence[str], sizes: Sequence[int], iterations: int) -> None:
    """Time the search for fixed points, on one thread, beside a descent by Adam."""
    limit_threads(1)
    click.echo(
        f"Fixed points of networks trained on the 3-bit flip-flop; 1 thread, processor time.\n"
        f"Adam and solver: the same visited states with noise of sd {NOISE} as starts; Adam takes "
        f"up to {iterations:,} iterations.\n"
        f"mixtures: the search that there was before, from mixtures of visited states by dense "
        f"steps, without its slow states and cycles.\n"
        f"search: its defaults; its seconds include slow points and certificate.\n"
        f"points: states with q < {TOLERANCE:g} in float64, merged within {DISTINCT:g} of the "
        f"spread. × Adam, × mixtures: how many times as fast. MB: whole process at its peak."
    )
    rows = []
    for cell in cells:
        for units in sizes:
            rows += compare(cell, units, iterations)
            click.echo(f"  {cell}, {units} units: {SIZES[units].steps} steps of training; done")
    table = pd.DataFrame(rows).astype({"iterations": "Int64"})
    style = {"float_format": "{:.4g}".format, "na_rep": ""}
    click.echo(table.to_string(index=False, **style))


if __name__ == "__main__":
    main()
