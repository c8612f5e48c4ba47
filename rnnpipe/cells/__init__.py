"""The cells: their update equations, by kind."""

from collections.abc import Mapping

from rnnpipe.cells.base import Cell, Weights, drive
from rnnpipe.cells.driven import driven
from rnnpipe.cells.gru import GRU
from rnnpipe.cells.leaky import CTRNN, Leaky, Vanilla
from rnnpipe.cells.lstm import LSTM
from rnnpipe.cells.ugrnn import UGRNN

CELLS: Mapping[str, type[Cell]] = {
    "vanilla": Vanilla,
    "ctrnn": CTRNN,
    "leaky": Leaky,
    "gru": GRU,
    "lstm": LSTM,
    "ugrnn": UGRNN,
}

__all__ = ["CELLS", "Cell", "Weights", "drive", "driven"]
