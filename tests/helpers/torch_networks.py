"""Networks of torch's modules, as a user trains them outside of rnnpipe."""

from pathlib import Path

import torch
from torch import Tensor, nn

MODULES = {"vanilla": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class Network(nn.Module):
    """A recurrent module with a linear readout."""

    def __init__(self, cell: str, inputs: int, units: int, outputs: int, bias: bool = True) -> None:
        super().__init__()
        self.rnn = MODULES[cell](inputs, units, batch_first=True, bias=bias)
        self.fc = nn.Linear(units, outputs, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.rnn(x)[0])


def network(
    cell: str = "vanilla",
    inputs: int = 1,
    units: int = 8,
    outputs: int = 1,
    seed: int = 0,
    bias: bool = True,
) -> Network:
    """A network of random weights in float64."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Network(cell, inputs, units, outputs, bias).double()


def save_networks(folder: Path, seeds: range, **kind: object) -> None:
    """A state_dict a seed, ``{seed}.pt``."""
    folder.mkdir(exist_ok=True)
    for seed in seeds:
        torch.save(network(seed=seed, **kind).state_dict(), folder / f"{seed}.pt")
