"""The cells: their update equations, by kind."""

from collections.abc import Mapping

from rnnpipe.networks.cells.base import Cell, Weights, drive
from rnnpipe.networks.cells.driven import driven
from rnnpipe.networks.cells.gru import GRU
from rnnpipe.networks.cells.leaky import CTRNN, Leaky, Vanilla
from rnnpipe.networks.cells.lstm import LSTM
from rnnpipe.networks.cells.ugrnn import UGRNN

CELLS: Mapping[str, type[Cell]] = {
    "vanilla": Vanilla,
    "ctrnn": CTRNN,
    "leaky": Leaky,
    "gru": GRU,
    "lstm": LSTM,
    "ugrnn": UGRNN,
}

__all__ = ["CELLS", "Cell", "Weights", "drive", "driven"]
