"""Milliseconds that a training step takes, a network: ours against torch's own ways.

All train tanh networks on the 3-bit flip-flop with the same fresh trials a
step, Adam, one-cycle schedule and clipped gradient. `fit` is timed as it is
used; its validations, before the first and after the last step, are not.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import click
import numpy as np
import pandas as pd
import torch
from flipflop_networks import training_settings, untrained_networks
from torch import Tensor, nn

from rnnpipe.cells import Weights
from rnnpipe.evaluation import masked_mse
from rnnpipe.job import limit_threads
from rnnpipe.population import Population
from rnnpipe.schedule import make_schedule
from rnnpipe.tasks import FlipFlop
from rnnpipe.training import fit
from rnnpipe.trial_batches import STEPS_A_DRAW, TrialBatches


class Stopwatch:
    """Time of every step that is reported; the first draw of trials is warming up."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def __call__(self, *_: Any) -> None:
        self.times.append(perf_counter())

    def milliseconds(self, networks: int) -> float:
        """Mean over whole draws of trials, a network and step.

        The very last step is left out, since `fit` validates in it.
        """
        first, last = STEPS_A_DRAW - 1, len(self.times) - 2
        return (self.times[last] - self.times[first]) / (last - first) / networks * 1e3


class TorchRNN(nn.Module):
    """`torch.nn.RNN` and a linear readout."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        units, inputs = weights.input.shape[1:]
        self.rnn = nn.RNN(inputs, units)
        self.readout = nn.Linear(units, weights.output.shape[1])
        self.initial_state = nn.Parameter(weights.initial_state[0].clone())
        start = {
            self.rnn.weight_ih_l0: weights.input,
            self.rnn.weight_hh_l0: weights.recurrent,
            self.rnn.bias_ih_l0: weights.bias,
            self.rnn.bias_hh_l0: torch.zeros_like(weights.bias),
            self.readout.weight: weights.output,
            self.readout.bias: weights.output_bias,
        }
        with torch.no_grad():
            for parameter, value in start.items():
                parameter.copy_(value[0])
        # torch.nn.RNN has a second bias; frozen, both have the same parameters.
        self.rnn.bias_hh_l0.requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        """Outputs (time, trial, output) of inputs (time, trial, input)."""
        states, _ = self.rnn(x, self.initial_state.expand(1, x.shape[1], -1).contiguous())
        return self.readout(states)


class PythonLoop(nn.Module):
    """One autograd step after another, as the equation reads."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        for name, value in vars(weights).items():
            self.register_parameter(name, nn.Parameter(value[0].clone()))

    def forward(self, x: Tensor) -> Tensor:
        """Outputs (time, trial, output) of inputs (time, trial, input)."""
        h = self.initial_state.expand(x.shape[1], -1)
        states = []
        for x_t in x:
            h = torch.tanh(x_t @ self.input.T + h @ self.recurrent.T + self.bias)
            states.append(h)
        return torch.stack(states) @ self.output.T + self.output_bias


def time_ours(networks: int, task: FlipFlop, units: int, settings: Mapping[str, Any]) -> float:
    """Milliseconds a network and step of `fit` on a block of networks."""
    watch = Stopwatch()
    seeds = range(networks)
    fit(untrained_networks(task, seeds, units, {}), task, seeds, settings, watch)
    return watch.milliseconds(networks)


def time_torch(
    module: Callable[[Weights], nn.Module], task: FlipFlop, units: int, settings: Mapping[str, Any]
) -> float:
    """Milliseconds a step of one network trained as torch's tutorials do."""
    one = untrained_networks(task, [0], units, {})
    network, batches = module(one.weights()), TrialBatches(task, [0], settings, one)
    parameters = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(parameters, lr=settings["learning_rate"])
    scheduler = make_schedule(
        optimizer, settings["schedule"], settings["learning_rate"], settings["steps"]
    )
    watch = Stopwatch()
    for _ in range(settings["steps"]):
        x, y, mask, _ = batches.draw(np.array([0]))
        optimizer.zero_grad()
        masked_mse(network(x[0])[None], y, mask).sum().backward()
        nn.utils.clip_grad_norm_(parameters, settings["clip"])
        optimizer.step()
        scheduler.step()
        watch()
    return watch.milliseconds(1)


def time_products(networks: int, task: FlipFlop, units: int, settings: Mapping[str, Any]) -> float:
    """Milliseconds a network and step of the step's matrix products and nothing else."""
    products = step_products(untrained_networks(task, range(networks), units, {}), task, settings)
    watch = Stopwatch()
    for _ in range(settings["steps"]):
        for a, b, out in products:
            torch.bmm(a, b, out=out)
        watch()
    return watch.milliseconds(networks)


def step_products(
    population: Population, task: FlipFlop, settings: Mapping[str, Any]
) -> list[tuple[Tensor, Tensor, Tensor]]:
    """Factors and results of all products of one step, forward and backward, as they lie."""
    n, rows = len(population), task.time * settings["trials"]
    states = torch.zeros(n, task.time, settings["trials"], population.units)
    delta = torch.zeros_like(states)
    x, outputs = torch.zeros(n, rows, task.inputs), torch.zeros(n, rows, task.outputs)
    with torch.no_grad():
        w = population.weights()
    all_states, all_delta = states.flatten(1, 2), delta.flatten(1, 2)
    times = range(1, task.time)
    return [
        (x, w.input.mT, all_states),
        *((states[:, t - 1], w.recurrent.mT, states[:, t]) for t in times),
        (all_states, w.output.mT, outputs),
        (outputs.mT, all_states, torch.zeros_like(w.output)),
        (outputs, w.output, all_delta),
        *((delta[:, t], w.recurrent, delta[:, t - 1]) for t in reversed(times)),
        (all_delta.mT, all_states, torch.zeros_like(w.recurrent)),
        (x.mT, all_delta, torch.zeros_like(w.input.mT)),
    ]


def contenders(blocks: tuple[int, ...]) -> Iterator[tuple[str, int, Callable[..., float]]]:
    """Name, networks at once, and what times it; the baseline is the first."""
    yield "torch.nn.RNN", 1, partial(time_torch, TorchRNN)
    yield "Python loop", 1, partial(time_torch, PythonLoop)
    for networks in blocks:
        yield "rnnpipe fit", networks, partial(time_ours, networks)
    for networks in blocks:
        yield "products alone", networks, partial(time_products, networks)


@click.command(context_settings={"show_default": True})
@click.option("--block", "blocks", multiple=True, default=(1, 4, 16), help="Networks at once.")
@click.option("--units", default=64, help="Units of a network.")
@click.option("--trials", default=64, help="Trials of a step.")
@click.option("--draws", default=4, help=f"Draws of trials timed a round, {STEPS_A_DRAW} steps.")
@click.option("--rounds", default=5, help="Rounds in which all take turns; the median counts.")
def main(blocks: tuple[int, ...], units: int, trials: int, draws: int, rounds: int) -> None:
    """Time a training step, on one thread, beside torch.nn.RNN and a loop in Python."""
    limit_threads(1)
    task = FlipFlop()
    steps = STEPS_A_DRAW * (draws + 1) + 1
    settings = training_settings(
        steps=steps, trials=trials, validation={"every": steps, "trials": 1}
    )
    rivals = list(contenders(blocks))
    taken: list[list[float]] = [[] for _ in rivals]
    for _ in range(rounds):
        for (_, _, measure), times in zip(rivals, taken, strict=True):
            times.append(measure(task, units, settings))
    table = pd.DataFrame(
        {
            "step": [name for name, _, _ in rivals],
            "networks": [networks for _, networks, _ in rivals],
            "ms": [median(times) for times in taken],
            "fastest": [min(times) for times in taken],
        }
    )
    for baseline, column in (("torch.nn.RNN", "× nn.RNN"), ("Python loop", "× loop")):
        table[column] = table["ms"][table["step"] == baseline].iloc[0] / table["ms"]
    click.echo(
        f"Training step, ms a network: {task.inputs}-bit flip-flop, tanh, {units} units, {trials} "
        f"trials, {task.time} time steps; 1 thread, median of {rounds} rounds of "
        f"{steps - 1 - STEPS_A_DRAW} steps, taken in turn.\n× is how many times as fast."
    )
    click.echo(table.to_string(index=False, float_format="{:.2f}".format))


if __name__ == "__main__":
    main()
