"""Time a training step in milliseconds of processor time per network: ours against torch's.

All train tanh networks of a cell on the 3-bit flip-flop with the same fresh
trials a step, Adam, one-cycle schedule and clipped gradient. `fit` is timed as
it is used; its validations, before the first and after the last step, are not.
"""

from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from time import process_time

import click
import pandas as pd
import torch
from flipflop_networks import networks_of, replicates
from torch import Tensor, nn
from torch_networks import LOOPS, TORCH_MODULES, TorchNetwork

from rnnpipe.jobs.job import limit_threads
from rnnpipe.networks.cells import CELLS, Weights
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.settings import TrainingSettings
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.evaluation import masked_mse
from rnnpipe.training.fit import fit
from rnnpipe.training.schedule import make_schedule
from rnnpipe.training.trial_batches import STEPS_PER_DRAW, TrialBatches


class Stopwatch:
    """Records when steps were done; the first draw of trials is a warm-up."""

    def __init__(self) -> None:
        self.times: dict[int, float] = {}

    def note(self, step: int) -> None:
        """Record that a step is done."""
        self.times[step] = process_time()

    def milliseconds(self, networks: int) -> float:
        """Return the mean per network and step over whole draws of trials.

        The very last step is left out, since `fit` validates in it.
        """
        first, last = STEPS_PER_DRAW, max(self.times) - 1
        return (self.times[last] - self.times[first]) / (last - first) / networks * 1e3


def time_ours(
    networks: int, cell: str, task: FlipFlop, units: int, settings: TrainingSettings
) -> float:
    """Measure milliseconds per network and step of `fit` on a block of networks."""
    watch = Stopwatch()
    seeds = range(networks)
    networks_of_seeds = networks_of(task, seeds, units, {}, cell)
    fit(
        networks_of_seeds,
        task,
        replicates(seeds),
        settings,
        lambda progress: watch.note(progress.step),
    )
    return watch.milliseconds(networks)


def time_torch(
    module: Callable[[Weights], nn.Module],
    cell: str,
    task: FlipFlop,
    units: int,
    settings: TrainingSettings,
) -> float:
    """Measure milliseconds per step of one network trained as in torch's tutorials."""
    one = networks_of(task, [0], units, {}, cell)
    network, batches = (
        module(one.weights()),
        TrialBatches(task, replicates([0]), settings.trials, one),
    )
    parameters = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(parameters, lr=settings.learning_rate)
    scheduler = make_schedule(optimizer, settings)
    watch = Stopwatch()
    for step in range(settings.steps):
        x, y, mask, _ = batches.draw()
        optimizer.zero_grad()
        masked_mse(network(x[0])[None], y, mask).sum().backward()
        nn.utils.clip_grad_norm_(parameters, settings.clip)
        optimizer.step()
        scheduler.step()
        watch.note(step + 1)
    return watch.milliseconds(1)


def time_products(
    networks: int, cell: str, task: FlipFlop, units: int, settings: TrainingSettings
) -> float:
    """Measure milliseconds per network and step of the step's matrix products alone."""
    untrained = networks_of(task, range(networks), units, {}, cell)
    products = step_products(untrained, task, settings)
    watch = Stopwatch()
    for step in range(settings.steps):
        for a, b, out in products:
            torch.bmm(a, b, out=out)
        watch.note(step + 1)
    return watch.milliseconds(networks)


def step_products(
    networks: NetworkStack, task: FlipFlop, settings: TrainingSettings
) -> list[tuple[Tensor, Tensor, Tensor]]:
    """Factors and results of all products of one step, both ways, in their memory layout."""
    n, rows = len(networks), task.time * settings.trials
    states = torch.zeros(n, task.time, settings.trials, networks.units)
    back = torch.zeros_like(states)
    x, outputs = torch.zeros(n, rows, task.inputs), torch.zeros(n, rows, task.outputs)
    with torch.no_grad():
        w = networks.weights()
    currents = torch.zeros(*states.shape[:3], w.recurrent.shape[1])
    all_states, all_currents = states.flatten(1, 2), currents.flatten(1, 2)
    times = range(1, task.time)
    return [
        (x, w.input.mT, all_currents),
        *((states[:, t - 1], w.recurrent.mT, currents[:, t]) for t in times),
        (all_states, w.output.mT, outputs),
        (outputs.mT, all_states, torch.zeros_like(w.output)),
        (outputs, w.output, back.flatten(1, 2)),
        *((currents[:, t], w.recurrent, back[:, t - 1]) for t in reversed(times)),
        (all_currents.mT, all_states, torch.zeros_like(w.recurrent)),
        (x.mT, all_currents, torch.zeros(n, task.inputs, all_currents.shape[2])),
    ]


def contenders(
    cell: str, blocks: tuple[int, ...]
) -> Iterator[tuple[str, str, int, Callable[..., float]]]:
    """Cell, name, networks at once, and what times it."""
    if cell in TORCH_MODULES:
        module = TORCH_MODULES[cell]
        name = f"torch.nn.{module.__name__}"
        yield cell, name, 1, partial(time_torch, partial(TorchNetwork, module), cell)
    if cell in LOOPS:
        yield cell, "Python loop", 1, partial(time_torch, LOOPS[cell], cell)
    for networks in blocks:
        yield cell, "rnnpipe fit", networks, partial(time_ours, networks, cell)
    for networks in blocks:
        yield cell, "products alone", networks, partial(time_products, networks, cell)


def times_as_fast(table: pd.DataFrame, baseline: str) -> pd.Series:
    """Compare the speed of each row with its cell's baseline; missing if there is none."""
    base = table[table["step"].str.startswith(baseline)].set_index("cell")["ms"]
    return table["cell"].map(base) / table["ms"]


@click.command(context_settings={"show_default": True})
@click.option(
    "--cell",
    "cells",
    multiple=True,
    type=click.Choice([cell for cell in CELLS if cell in TORCH_MODULES or cell in LOOPS]),
    default=("vanilla", "gru", "lstm", "ugrnn"),
    help="Cells to time.",
)
@click.option("--block", "blocks", multiple=True, default=(1, 4, 16), help="Networks at once.")
@click.option("--units", default=64, help="Units of a network.")
@click.option("--trials", default=64, help="Trials of a step.")
@click.option("--draws", default=4, help=f"Draws of trials timed a round, {STEPS_PER_DRAW} steps.")
@click.option("--rounds", default=3, help="Rounds in which all take turns; the median counts.")
def main(
    cells: tuple[str, ...],
    blocks: tuple[int, ...],
    units: int,
    trials: int,
    draws: int,
    rounds: int,
) -> None:
    """Time a training step, on one thread, beside torch's own modules and loops in Python."""
    limit_threads(1)
    task = FlipFlop()
    steps = STEPS_PER_DRAW * (draws + 1) + 1
    settings = TrainingSettings(
        steps=steps, trials=trials, validation={"every": steps, "trials": 1}
    )
    rivals = [rival for cell in cells for rival in contenders(cell, blocks)]
    taken: list[list[float]] = [[] for _ in rivals]
    for _ in range(rounds):
        for (*_, measure), times in zip(rivals, taken, strict=True):
            times.append(measure(task, units, settings))
    table = pd.DataFrame(
        {
            "cell": [cell for cell, *_ in rivals],
            "step": [name for _, name, *_ in rivals],
            "networks": [networks for _, _, networks, _ in rivals],
            "ms": [median(times) for times in taken],
            "fastest": [min(times) for times in taken],
        }
    )
    table["× torch.nn"] = times_as_fast(table, "torch.nn")
    table["× loop"] = times_as_fast(table, "Python loop")
    click.echo(
        f"Training step, ms of processor time per network: {task.inputs}-bit flip-flop, tanh, "
        f"{units} units, {trials} trials, {task.time} time steps; 1 thread, median of {rounds} "
        f"rounds of {steps - 1 - STEPS_PER_DRAW} steps, taken in turn.\n"
        "× is how many times as fast."
    )
    click.echo(table.to_string(index=False, float_format="{:.2f}".format, na_rep="-"))


if __name__ == "__main__":
    main()
