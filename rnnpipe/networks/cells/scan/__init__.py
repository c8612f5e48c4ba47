"""The scan over time, as one autograd function a cell.

Forward: one batched product and one activation a step. Backward: one batched
product a step, then the gradients of the recurrent and the input weights as
one large product each over all times, or, of gated cells, over a span of
times. Autograd over a Python loop would record five nodes a step and form the
weight gradient T times.

Layout (network, time, trial, unit): each step is a strided batch that the
matrix product takes without a copy, all times together are one matrix, and
each network's numbers lie apart, so its results do not depend on who is beside
it.

The input comes with a last channel of ones, and the input weights with the
bias as their last column: the drive is then one product, and so is the
gradient of both.
"""

from rnnpipe.networks.cells.scan.ctrnn import ctrnn_scan
from rnnpipe.networks.cells.scan.gru import gru_scan
from rnnpipe.networks.cells.scan.leaky import leaky_scan
from rnnpipe.networks.cells.scan.lstm import lstm_scan
from rnnpipe.networks.cells.scan.ugrnn import ugrnn_scan

__all__ = ["ctrnn_scan", "gru_scan", "leaky_scan", "lstm_scan", "ugrnn_scan"]
