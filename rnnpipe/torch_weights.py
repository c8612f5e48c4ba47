"""Weights of torch's modules, as arrays in the layout of rnnpipe's cells."""

from collections.abc import Mapping

import numpy as np
from torch import Tensor

GATES = {"vanilla": 1, "gru": 3, "lstm": 4}
MODULES = {"vanilla": "nn.RNN", "gru": "nn.GRU", "lstm": "nn.LSTM"}


def recurrent_parts(
    state: Mapping[str, Tensor], cell: str, prefix: str = ""
) -> dict[str, np.ndarray]:
    """Weights of an ``nn.RNN``, ``nn.GRU`` or ``nn.LSTM``, or of their Cell variants.

    Parameters
    ----------
    state
        A ``state_dict``.
    cell
        ``vanilla``, ``gru`` or ``lstm``.
    prefix
        What the module's names begin with: ``"rnn."``.

    Returns
    -------
    dict
        `input` (gates · units, input), `recurrent` (gates · units, units) and
        `bias`, float64: the sum of torch's two biases, zero where there is
        none; of a GRU (4 · units,), the candidate's recurrent bias by itself.

    Raises
    ------
    ValueError
        If a weight is missing or of the wrong shape, or there is more than
        one layer or direction; names the key.
    """
    if cell not in GATES:
        raise ValueError(f"no torch module is a {cell} cell; {', '.join(GATES)} are")
    own = {key.removeprefix(prefix): v for key, v in state.items() if key.startswith(prefix)}
    for key in own:
        if key.startswith("weight_") and (
            key.endswith("_reverse") or (key[-3:-1] == "_l" and key[-1] != "0")
        ):
            raise ValueError(f"{prefix}{key}: only one layer of one direction can be analysed")
        if key.startswith("weight_hr"):
            raise ValueError(
                f"{prefix}{key}: a projection (proj_size) has no place in a {cell} cell"
            )
    suffix = "_l0" if "weight_ih_l0" in own else ""
    recurrent = _array(state, f"{prefix}weight_hh{suffix}")
    units = recurrent.shape[-1]
    rows = GATES[cell] * units
    _check(f"{prefix}weight_hh{suffix}", recurrent, (rows, units), cell)
    weights = _array(state, f"{prefix}weight_ih{suffix}")
    _check(f"{prefix}weight_ih{suffix}", weights, (rows, weights.shape[-1]), cell)
    biases = []
    for side in ("ih", "hh"):
        key = f"{prefix}bias_{side}{suffix}"
        bias = _array(state, key) if key in state else np.zeros(rows)
        _check(key, bias, (rows,), cell)
        biases.append(bias)
    bias = biases[0] + biases[1]
    if cell == "gru":
        # b_hn stands inside the product with r.
        bias = np.concatenate([bias[: 2 * units], biases[0][2 * units :], biases[1][2 * units :]])
    return {"input": weights, "recurrent": recurrent, "bias": bias}


def readout_parts(state: Mapping[str, Tensor], prefix: str = "") -> dict[str, np.ndarray]:
    """Weights of an ``nn.Linear``: `output` (output, unit) and `output_bias` (output,), float64.

    Raises
    ------
    ValueError
        If the weight is missing or of the wrong shape; names the key.
    """
    output = _array(state, f"{prefix}weight")
    if output.ndim != 2:
        raise ValueError(f"{prefix}weight has shape {output.shape}; (outputs, units) is needed")
    key = f"{prefix}bias"
    bias = _array(state, key) if key in state else np.zeros(len(output))
    if bias.shape != (len(output),):
        raise ValueError(f"{key} has shape {bias.shape}; ({len(output)},) is needed")
    return {"output": output, "output_bias": bias}


def _array(state: Mapping[str, Tensor], key: str) -> np.ndarray:
    if key not in state:
        raise ValueError(f"lacks {key}; it holds {', '.join(state) or 'nothing'}")
    return state[key].detach().cpu().double().numpy()


def _check(key: str, array: np.ndarray, shape: tuple[int, ...], cell: str) -> None:
    if array.shape != shape:
        raise ValueError(f"{key} has shape {array.shape}; {shape} is needed ({MODULES[cell]})")
