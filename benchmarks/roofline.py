"""Measure how close a training step comes to the processor's peak of multiplications.

The peak is what a product of large square matrices reaches on the same thread.
The products of a step are then timed by themselves, and each part of the step:
drawing trials, forward pass with the loss, backward pass, clipping and Adam.
Processor time is taken, the least of many repetitions, since neighbours on the
machine take wall time and caches.
"""

from collections.abc import Callable
from time import process_time

import click
import pandas as pd
import torch
from flipflop_networks import networks_of, replicates
from training import step_products

from rnnpipe.jobs.job import limit_threads
from rnnpipe.settings import TrainingSettings
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.step import TrainingStep
from rnnpipe.training.trial_batches import STEPS_PER_DRAW, TrialBatches

SIDE = 1536


def least_seconds(work: Callable[[], object], repetitions: int) -> float:
    """Return the processor seconds of the fastest of some repetitions."""
    work()
    taken = []
    for _ in range(repetitions):
        begin = process_time()
        work()
        taken.append(process_time() - begin)
    return min(taken)


def peak(repetitions: int) -> float:
    """Measure floating-point operations per second of a product of large matrices."""
    a, b = torch.randn(SIDE, SIDE), torch.randn(SIDE, SIDE)
    out = torch.empty(SIDE, SIDE)
    return 2 * SIDE**3 / least_seconds(lambda: torch.mm(a, b, out=out), repetitions)


def parts(networks: int, units: int, trials: int, repetitions: int) -> dict[str, float]:
    """Measure milliseconds per network of each part of a step, and operations of its products."""
    task, settings = FlipFlop(), TrainingSettings(trials=trials)
    model = networks_of(task, range(networks), units, {})
    products = step_products(model, task, settings)
    batches = TrialBatches(task, replicates(range(networks)), trials, model)
    step = TrainingStep(model, settings)
    drawn = batches.draw()

    def multiply() -> None:
        for a, b, out in products:
            torch.bmm(a, b, out=out)

    def backward() -> None:
        step.losses(drawn)[1].sum().backward()

    def measure(work: Callable[[], object], count: int = 1) -> float:
        return least_seconds(work, repetitions) / count / networks * 1e3

    forward = measure(lambda: step.losses(drawn))
    both, whole = measure(backward), measure(lambda: step(drawn, 1e-3))
    draw = measure(lambda: [batches.draw() for _ in range(STEPS_PER_DRAW)], STEPS_PER_DRAW)
    return {
        "networks": networks,
        "draw": draw,
        "forward": forward,
        "backward": both - forward,
        "update": whole - both,
        "step": whole + draw,
        "products": measure(multiply),
        "operations": sum(2 * a.numel() * b.shape[2] for a, b, _ in products) / networks,
    }


@click.command(context_settings={"show_default": True})
@click.option("--block", "blocks", multiple=True, default=(1, 16, 64), help="Networks at once.")
@click.option("--units", default=64, help="Units of a network.")
@click.option("--trials", default=64, help="Trials of a step.")
@click.option("--repetitions", default=20, help="Repetitions, of which the fastest counts.")
def main(blocks: tuple[int, ...], units: int, trials: int, repetitions: int) -> None:
    """Time the parts of a training step on one thread, beside the processor's peak."""
    limit_threads(1)
    top = peak(repetitions)
    table = pd.DataFrame([parts(n, units, trials, repetitions) for n in blocks])
    operations = table.pop("operations")
    for name in ("products", "step"):
        table[f"{name}, % of peak"] = 100 * operations / (table[name] * 1e-3) / top
    click.echo(
        f"Peak of one thread: {top / 1e9:.0f} GFLOP/s (product of {SIDE} × {SIDE} float32).\n"
        f"Training step, ms of processor time per network: 3-bit flip-flop, tanh, {units} units, "
        f"{trials} trials of {FlipFlop().time}; {operations[0] / 1e6:.0f} MFLOP in products."
    )
    click.echo(table.to_string(index=False, float_format="{:.2f}".format))


if __name__ == "__main__":
    main()
