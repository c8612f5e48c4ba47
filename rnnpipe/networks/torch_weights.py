"""Weights of `torch.nn` modules, read from a state_dict into the layout of rnnpipe's cells."""

from collections.abc import Mapping

import numpy as np
from torch import Tensor

# Number of blocks of rows in a weight of torch's: GRU r, z, n; LSTM i, f, g, o.
GATES: Mapping[str, int] = {"vanilla": 1, "gru": 3, "lstm": 4}


def recurrent_parts(
    state: Mapping[str, Tensor], cell: str, prefix: str = ""
) -> dict[str, np.ndarray]:
    """Weights of one recurrent layer: `nn.RNN`, `nn.GRU`, `nn.LSTM` or their Cell variants.

    Parameters
    ----------
    state
        The state_dict.
    cell
        ``vanilla``, ``gru`` or ``lstm``.
    prefix
        Prefix of the layer's keys, such as ``rnn.``.

    Returns
    -------
    dict
        float64: ``input`` (gate · unit, input), ``recurrent`` (gate · unit,
        unit), ``bias`` (bias row,). Torch's two biases are summed, but for the
        candidate of the GRU, whose recurrent one comes last.

    Raises
    ------
    ValueError
        If a key is missing, has another shape than the cell needs, is not
        finite, or belongs to a second layer, a second direction or a projection.
    """
    if cell not in GATES:
        raise ValueError(f"torch has no module of cell {cell!r}; it has {', '.join(GATES)}")
    suffix = "" if f"{prefix}weight_hh" in state else "_l0"
    for name in ("weight_hh_l1", "weight_hh_l0_reverse", "weight_hr_l0"):
        if prefix + name in state:
            raise ValueError(
                f"{prefix + name} belongs to a second layer, a second direction or a "
                "projection; one plain layer is needed"
            )
    recurrent = _array(state, f"{prefix}weight_hh{suffix}")
    rows = GATES[cell] * recurrent.shape[-1]
    _check(f"{prefix}weight_hh{suffix}", recurrent, (rows, recurrent.shape[-1]), cell)
    weights = _array(state, f"{prefix}weight_ih{suffix}")
    _check(f"{prefix}weight_ih{suffix}", weights, (rows, weights.shape[-1]), cell)
    biases = []
    for name in (f"{prefix}bias_ih{suffix}", f"{prefix}bias_hh{suffix}"):
        bias = _array(state, name) if name in state else np.zeros(rows)
        _check(name, bias, (rows,), cell)
        biases.append(bias)
    return {"input": weights, "recurrent": recurrent, "bias": _joined(cell, *biases)}


def readout_parts(state: Mapping[str, Tensor], prefix: str = "") -> dict[str, np.ndarray]:
    """Weights of a linear readout (`nn.Linear`).

    Returns
    -------
    dict
        float64: ``output`` (output, unit), ``output_bias`` (output,).

    Raises
    ------
    ValueError
        If the weight is missing, is no matrix, or its bias does not fit it.
    """
    output = _array(state, f"{prefix}weight")
    if output.ndim != 2:
        raise ValueError(f"{prefix}weight has shape {output.shape}; (outputs, units) is needed")
    name = f"{prefix}bias"
    bias = _array(state, name) if name in state else np.zeros(len(output))
    _check(name, bias, (len(output),), "readout")
    return {"output": output, "output_bias": bias}


def _joined(cell: str, input_bias: np.ndarray, recurrent_bias: np.ndarray) -> np.ndarray:
    if cell != "gru":
        return input_bias + recurrent_bias
    gates = 2 * len(input_bias) // 3
    summed = input_bias[:gates] + recurrent_bias[:gates]
    return np.concatenate([summed, input_bias[gates:], recurrent_bias[gates:]])


def _array(state: Mapping[str, Tensor], name: str) -> np.ndarray:
    if name not in state:
        raise ValueError(f"lacks {name}; its keys are {', '.join(map(str, state)) or 'none'}")
    value = state[name]
    if not isinstance(value, Tensor):
        raise ValueError(f"{name} is no tensor but {type(value).__name__}")
    if value.is_complex():
        raise ValueError(f"{name} is complex; real weights are needed")
    array = value.detach().cpu().double().numpy()
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds NaN or infinity")
    return array


def _check(name: str, array: np.ndarray, shape: tuple[int, ...], cell: str) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}; the {cell} needs {shape}")
