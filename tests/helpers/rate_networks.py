"""Rate networks as other groups keep them: their arrays, and their update written out."""

from pathlib import Path

import numpy as np
import scipy.io
import torch

UNITS, INPUTS, OUTPUTS, RANK = 6, 2, 3, 2
ALPHA = 0.2


def low_rank(seed: int = 0) -> dict[str, np.ndarray]:
    """Arrays of a network of rank 2, named and laid out as in Dubreuil et al. 2022."""
    rng = np.random.default_rng(seed)
    shapes = {
        "m": (UNITS, RANK),
        "n": (UNITS, RANK),
        "wi": (INPUTS, UNITS),
        "si": (INPUTS,),
        "wo": (UNITS, OUTPUTS),
        "so": (OUTPUTS,),
        "h0": (UNITS,),
    }
    return {name: 2 * rng.standard_normal(shape) for name, shape in shapes.items()}


# What the section `arrays` says of them.
LOW_RANK = {
    "m": "m",
    "n": "n",
    "input": "wi",
    "input_gain": "si",
    "output": "wo",
    "output_gain": "so",
    "initial_state": "h0",
    "transposed": ["input", "output"],
    "divided": ["recurrent", "output"],
}


def run_low_rank(arrays: dict[str, np.ndarray], x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """States (time, unit) and outputs (time, output) on inputs (time, input), sum by sum."""
    a, states, outputs = arrays, [], []
    h = a["h0"]
    for now in x:
        recurrent = a["m"] @ (a["n"].T @ np.tanh(h)) / UNITS
        h = h + ALPHA * (-h + recurrent + (now * a["si"]) @ a["wi"])
        states.append(h)
        outputs.append(np.tanh(h) @ (a["wo"] * a["so"]) / UNITS)
    return np.stack(states), np.stack(outputs)


def full(seed: int = 0) -> dict[str, np.ndarray]:
    """Weights of a network of full rank, with biases, by the keys of `rate_parts`."""
    rng = np.random.default_rng(seed)
    shapes = {
        "recurrent": (UNITS, UNITS),
        "input": (UNITS, INPUTS),
        "bias": (UNITS,),
        "output": (OUTPUTS, UNITS),
        "output_bias": (OUTPUTS,),
        "initial_state": (UNITS,),
    }
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def save(arrays: dict[str, np.ndarray], path: Path) -> None:
    """Write arrays as the end of the file's name says: `.pt`, `.npz` or `.mat`."""
    if path.suffix == ".npz":
        np.savez(path, **arrays)
    elif path.suffix == ".mat":
        scipy.io.savemat(path, arrays)
    else:
        torch.save({name: torch.from_numpy(array) for name, array in arrays.items()}, path)
