"""Networks as users of torch write them: torch's modules, and loops over autograd steps."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from rnnpipe.networks.cells import Weights


class TorchNetwork(nn.Module):
    """A recurrent module of torch with a linear readout and a learnt initial state."""

    def __init__(self, module: type[nn.RNNBase], weights: Weights) -> None:
        super().__init__()
        units, inputs = weights.recurrent.shape[2], weights.input.shape[2]
        self.rnn = module(inputs, units)
        self.readout = nn.Linear(units, weights.output.shape[1])
        self.initial_state = nn.Parameter(weights.initial_state[0].view(-1, 1, units).clone())
        rows = weights.input.shape[1]
        hidden = torch.zeros(rows)
        # The GRU's second bias is of use in its candidate; elsewhere two are as good as one.
        more = weights.bias[0, rows:]
        hidden[rows - len(more) :] = more
        start = {
            self.rnn.weight_ih_l0: weights.input[0],
            self.rnn.weight_hh_l0: weights.recurrent[0],
            self.rnn.bias_ih_l0: weights.bias[0, :rows],
            self.rnn.bias_hh_l0: hidden,
            self.readout.weight: weights.output[0],
            self.readout.bias: weights.output_bias[0],
        }
        with torch.no_grad():
            for parameter, value in start.items():
                parameter.copy_(value)
        self.rnn.bias_hh_l0.requires_grad_(len(more) > 0)

    def forward(self, x: Tensor) -> Tensor:
        """Outputs (time, trial, output) of inputs (time, trial, input)."""
        start = self.initial_state.expand(-1, x.shape[1], -1).contiguous()
        states, _ = self.rnn(x, start if len(start) == 1 else start.split(1))
        return self.readout(states)


class PythonLoop(nn.Module):
    """One autograd step after another, as the equation reads."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        for name, value in vars(weights).items():
            self.register_parameter(name, nn.Parameter(value[0].clone()))

    def step(self, h: Tensor, x: Tensor) -> Tensor:
        """The next state of h (trial, unit)."""
        return torch.tanh(x @ self.input.T + h @ self.recurrent.T + self.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Outputs (time, trial, output) of inputs (time, trial, input)."""
        h = self.initial_state.expand(x.shape[1], -1)
        states = []
        for x_t in x:
            h = self.step(h, x_t)
            states.append(h)
        return torch.stack(states) @ self.output.T + self.output_bias


class UGRNNLoop(PythonLoop):
    """The update gate network, for which torch has no module."""

    def step(self, h: Tensor, x: Tensor) -> Tensor:
        """The next state of h (trial, unit)."""
        current = x @ self.input.T + h @ self.recurrent.T + self.bias
        u, c = current.chunk(2, -1)
        u, c = torch.sigmoid(u), torch.tanh(c)
        return u * h + (1 - u) * c


TORCH_MODULES: Mapping[str, type[nn.RNNBase]] = {
    "vanilla": nn.RNN,
    "gru": nn.GRU,
    "lstm": nn.LSTM,
}
LOOPS: Mapping[str, type[PythonLoop]] = {"vanilla": PythonLoop, "ugrnn": UGRNNLoop}
