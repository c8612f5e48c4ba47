"""The cells by kind: their update equations, one file per family."""

from collections.abc import Mapping

from rnnpipe.networks.cells.base import Cell, Weights, drive, driven
from rnnpipe.networks.cells.gru import GRU
from rnnpipe.networks.cells.leaky import CTRNN, Leaky, Vanilla
from rnnpipe.networks.cells.low_rank import LowRankWeights
from rnnpipe.networks.cells.lstm import LSTM
from rnnpipe.networks.cells.own import StepCell
from rnnpipe.networks.cells.ugrnn import UGRNN

CELLS: Mapping[str, type[Cell]] = {
    cell.kind: cell for cell in (Vanilla, CTRNN, Leaky, GRU, LSTM, UGRNN)
}

__all__ = ["CELLS", "Cell", "LowRankWeights", "StepCell", "Weights", "drive", "driven"]
