"""Count networks per second trained to criterion on a GPU, against `nn.RNN` one by one.

All train on the 3-bit flip-flop until the task's own threshold is met on validation.
The rival is torch's module, whose scan is cuDNN's, with the same trials, optimiser and
validation, one network after another. Operations are those of a step's matrix products.
"""

from time import perf_counter

import click
import pandas as pd
import torch
from flipflop_networks import networks_of, replicates
from torch import nn
from torch_networks import TorchNetwork
from training import step_products

from rnnpipe.networks.stack import as_batch
from rnnpipe.settings import TrainingSettings
from rnnpipe.tasks import FlipFlop
from rnnpipe.training.evaluation import masked_mse
from rnnpipe.training.fit import fit
from rnnpipe.training.schedule import learning_rates
from rnnpipe.training.trial_batches import TrialBatches

EVERY, HELD_OUT = 50, 128


def settings_of(task: FlipFlop, steps: int) -> TrainingSettings:
    """Training until the threshold of "solved" is met."""
    return TrainingSettings(
        steps=steps,
        stop={"score": task.solved},
        validation={"every": EVERY, "trials": HELD_OUT},
    )


def train_ours(
    task: FlipFlop, networks: int, units: int, settings: TrainingSettings, device: str
) -> tuple[float, int, int]:
    """Seconds, networks that met the criterion, and steps of all together."""
    untrained = networks_of(task, range(networks), units, {}).to(device)
    begin = perf_counter()
    facts = fit(untrained, task, replicates(range(networks)), settings).summary
    met = (facts["stop_reason"] == "score").sum()
    return perf_counter() - begin, int(met), int(facts["steps"].sum())


def train_torch(
    task: FlipFlop, units: int, settings: TrainingSettings, device: str
) -> tuple[float, int, int]:
    """The same of one network as torch's tutorials train it."""
    one = networks_of(task, [0], units, {}).to(device)
    network = TorchNetwork(nn.RNN, one.weights()).to(device)
    parameters = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(parameters, fused=True)
    batches = TrialBatches(task, replicates([0]), settings.trials, one)
    held_out = task.sample(HELD_OUT, replicates([0]).streams("validation trials")[0])
    seen = as_batch([held_out], one.raw)[0][0]
    begin = perf_counter()
    rates = learning_rates(settings)
    for step, rate in enumerate(rates, start=1):
        optimizer.param_groups[0]["lr"] = rate
        x, y, mask, _ = batches.draw()
        optimizer.zero_grad()
        masked_mse(network(x[0])[None], y, mask).sum().backward()
        nn.utils.clip_grad_norm_(parameters, settings.clip)
        optimizer.step()
        if step % EVERY == 0:
            with torch.no_grad():
                outputs = network(seen).transpose(0, 1).cpu().numpy()
            if task.score(outputs, held_out) >= task.solved:
                return perf_counter() - begin, 1, step
    return perf_counter() - begin, 0, settings.steps


def peak(device: str, side: int = 8192, repetitions: int = 10) -> float:
    """Measure operations per second of a product of large float32 matrices."""
    a, b = (torch.randn(side, side, device=device) for _ in range(2))
    torch.mm(a, b)
    torch.cuda.synchronize()
    begin = perf_counter()
    for _ in range(repetitions):
        torch.mm(a, b)
    torch.cuda.synchronize()
    return 2 * side**3 * repetitions / (perf_counter() - begin)


@click.command(context_settings={"show_default": True})
@click.option("--networks", multiple=True, default=(1, 16, 256, 1024), help="Networks at once.")
@click.option("--units", default=64, help="Units of a network.")
@click.option("--steps", default=1000, help="Most steps of training.")
def main(networks: tuple[int, ...], units: int, steps: int) -> None:
    """Time training to criterion on a CUDA device; exit with a message if there is none."""
    if not torch.cuda.is_available():
        click.echo("No CUDA device here: training on a GPU was not timed.")
        return
    device, task = "cuda", FlipFlop()
    settings = settings_of(task, steps)
    products = step_products(networks_of(task, [0], units, {}), task, settings)
    operations = sum(2 * a.numel() * b.shape[2] for a, b, _ in products)
    top = peak(device)
    train_torch(task, units, settings_of(task, EVERY), device)  # kernels are loaded
    runs = [("nn.RNN (cuDNN), one by one", 1, *train_torch(task, units, settings, device))]
    for count in networks:
        train_ours(task, count, units, settings_of(task, EVERY), device)
        runs.append(("rnnpipe", count, *train_ours(task, count, units, settings, device)))
    table = pd.DataFrame(runs, columns=["training", "networks", "s", "met", "steps"])
    table["networks/s"] = table["met"] / table["s"]
    table["× nn.RNN"] = table["networks/s"] / table["networks/s"].iloc[0]
    table["% of peak"] = 100 * operations * table["steps"] / table["s"] / top
    click.echo(
        f"{torch.cuda.get_device_name()}: {top / 1e12:.1f} TFLOP/s in a product of float32; "
        f"3-bit flip-flop, {units} tanh units, until {task.solved:.0%} of signs are right."
    )
    click.echo(table.to_string(index=False, float_format="{:.3g}".format))


if __name__ == "__main__":
    main()
