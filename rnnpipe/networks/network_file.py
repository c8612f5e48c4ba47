"""One trained network from a file.

A torch module's `state_dict` or the arrays of one, arrays of other names, or rnnpipe's weights
file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor, from_numpy

from rnnpipe.networks.array_file import is_numeric, is_torch_file, read_arrays, read_named
from rnnpipe.networks.cells import CELLS
from rnnpipe.networks.rate_weights import rate_parts
from rnnpipe.networks.torch_file import read_tensors
from rnnpipe.networks.torch_weights import GATES, readout_parts, recurrent_parts
from rnnpipe.networks.weights_file import FORMAT, load_networks
from rnnpipe.settings.sections.arrays import ArraySettings
from rnnpipe.settings.sections.models import ModelSettings
from rnnpipe.settings.sections.training import PARTS
from rnnpipe.tables.artifacts import ArtifactError

# Ends of the names of input weights: of a module with layers, and of a single cell.
RECURRENT_ENDS = ("weight_ih_l0", "weight_ih")

REMEDY = "save weights alone: torch.save(module.state_dict(), file)"
# Names of what parametrizations and norms make weights from, of now and of former times.
MADE_FROM = re.compile(r"parametrizations\.\w+\.|(^|\.)weight(_hh|_ih)?(_l0)?_(g|v|orig)$")


@dataclass(frozen=True)
class Wanted:
    """What a file must hold.

    Attributes
    ----------
    model
        Cell, activation, step size and number of units.
    inputs, outputs
        Channels of the task.
    recurrent, readout
        Prefixes of the names in a `state_dict`; None: found in the file.
    shared
        Whether several seeds share the file, so that one network is too few.
    arrays
        Names of a rate network's weights; None: the file is a `state_dict`, or rnnpipe's.
    """

    model: ModelSettings
    inputs: int
    outputs: int
    recurrent: str | None = None
    readout: str | None = None
    shared: bool = False
    arrays: ArraySettings | None = None


def read_network(path: Path, seed: int, wanted: Wanted) -> dict[str, np.ndarray]:
    """Effective weights of one network, by the names of `PARTS`, float64.

    A network from a `state_dict` starts every trial at zero, as torch's
    modules do.

    Raises
    ------
    ArtifactError
        If the file is missing or no file of weights, or its weights are of
        another cell, of the wrong shape or not finite; names file and key.
    """
    if wanted.arrays is not None:
        return _from_arrays(path, seed, wanted, wanted.arrays)
    content = _read(path)
    if content.get("format") == FORMAT:
        parts = _from_block(path, seed, wanted)
    else:
        try:
            parts = _from_state(content, wanted)
        except ValueError as error:
            raise ArtifactError(f"{path}: {error}") from None
    for name, part in parts.items():
        if not np.isfinite(part).all():
            raise ArtifactError(f"{path}: {name} weights hold values that are not finite")
    return parts


def _from_arrays(
    path: Path, seed: int, wanted: Wanted, arrays: ArraySettings
) -> dict[str, np.ndarray]:
    if wanted.shared and not arrays.stacked:
        raise ArtifactError(
            f"{path}: several seeds name it; give {{seed}} in `from`, or `stacked: true` if its "
            "arrays are those of several networks"
        )
    given = read_named(path, arrays, seed if arrays.stacked else None)
    sizes = {
        "units": wanted.model.units,
        "inputs": wanted.inputs,
        "outputs": wanted.outputs,
    }
    labels = {key: f"{name} (arrays.{key})" for key, name in arrays.names.items()}
    try:
        return rate_parts(given, arrays.transposed, arrays.divided, sizes, labels)
    except ValueError as error:
        raise ArtifactError(f"{path}: {error}") from None


def _read(path: Path) -> Mapping[str, Any]:
    if is_torch_file(path):
        content = read_tensors(path, "file of weights", REMEDY)
        if not isinstance(content, Mapping):
            raise ArtifactError(f"{path}: holds a {type(content).__name__}; {REMEDY}")
        return content
    held = read_arrays(path)
    numeric = {key: value for key, value in held.items() if is_numeric(value)}
    return {key: from_numpy(np.ascontiguousarray(value)) for key, value in numeric.items()}


def _from_block(path: Path, seed: int, wanted: Wanted) -> dict[str, np.ndarray]:
    model = wanted.model
    expect = {
        "cell": model.cell,
        "activation": model.activation,
        "alpha": model.alpha,
        "units": model.units,
        "inputs": wanted.inputs,
        "outputs": wanted.outputs,
    }
    networks, seeds = load_networks(path, expect)
    if seed not in seeds:
        raise ArtifactError(
            f"{path}: holds networks of seeds {', '.join(map(str, seeds))}; {seed} is not there"
        )
    effective = networks.select([seeds.index(seed)]).double().weights()
    return {name: getattr(effective, name)[0].numpy() for name in PARTS}


def _from_state(state: Mapping[str, Any], wanted: Wanted) -> dict[str, np.ndarray]:
    cell, units = wanted.model.cell, wanted.model.units
    if cell not in GATES:
        raise ValueError(
            f"is no weights file of rnnpipe's, and torch has no {cell}; it has {', '.join(GATES)}"
            f"{_arrays_hint(cell)}"
        )
    if wanted.shared:
        raise ValueError("holds one network, and several seeds name it; give {seed} in `from`")
    named = {key for key, value in state.items() if isinstance(value, Tensor)}
    if strange := [key for key in state if key not in named or not isinstance(key, str)]:
        raise ValueError(
            f"holds {', '.join(map(str, strange))} beside or instead of weights; "
            "save module.state_dict() alone"
        )
    _check_effective(state, wanted)
    prefix = wanted.recurrent
    if prefix is None:
        prefix = _only(_prefixes(state), "recurrent", state, _arrays_hint(cell))
    _check_shapes(state, prefix, wanted)
    parts = recurrent_parts(state, cell, prefix)
    last = wanted.readout
    if last is None:
        found = _linear(state, (wanted.outputs, units))
        last = _only(found, "readout", state, _arrays_hint(cell))
    parts |= readout_parts(state, last)
    if parts["output"].shape != (wanted.outputs, units):
        raise ValueError(
            f"{last}weight has shape {parts['output'].shape}; {(wanted.outputs, units)} is "
            "needed, outputs of the task by units"
        )
    return {**parts, "initial_state": np.zeros(CELLS[cell].state_blocks * units)}


def _check_effective(state: Mapping[str, Tensor], wanted: Wanted) -> None:
    """Refuse weights that are made from others by what only the module knows."""
    named = (wanted.recurrent, wanted.readout)
    used = ("",) if None in named else named
    for key in state:
        if MADE_FROM.search(key) and key.startswith(used):
            raise ValueError(
                f"holds {key}, from which a parametrization or norm makes the weights; save the "
                "weights it makes: torch.nn.utils.parametrize.remove_parametrizations(part, name), "
                "or remove_weight_norm, remove_spectral_norm, then module.state_dict()"
            )


def _check_shapes(state: Mapping[str, Tensor], prefix: str, wanted: Wanted) -> None:
    cell, units = wanted.model.cell, wanted.model.units
    for side, columns in (("ih", wanted.inputs), ("hh", units)):
        needed = (GATES[cell] * units, columns)
        for key in (f"{prefix}weight_{side}_l0", f"{prefix}weight_{side}"):
            if key in state and (found := tuple(state[key].shape)) != needed:
                raise ValueError(
                    f"{key} has shape {found}; {needed} is needed by a {cell} cell of {units} "
                    f"units with {wanted.inputs} inputs"
                )


def _prefixes(state: Mapping[str, Tensor]) -> list[str]:
    found = (key.removesuffix(end) for key in state for end in RECURRENT_ENDS if key.endswith(end))
    return list(dict.fromkeys(found))


def _linear(state: Mapping[str, Tensor], shape: tuple[int, int]) -> list[str]:
    """Prefixes of linear layers; of several, those of the shape that is needed."""
    found = {
        key.removesuffix("weight"): value.shape
        for key, value in state.items()
        if (key == "weight" or key.endswith(".weight")) and value.ndim == 2
    }
    fitting = [prefix for prefix, size in found.items() if tuple(size) == shape]
    return list(found) if len(found) == 1 else fitting or list(found)


def _arrays_hint(cell: str) -> str:
    """Advice to name the arrays of a network that is not one of torch's."""
    rates = CELLS[cell].gates == 1
    return "; arrays of other names are named in the section `arrays`" if rates else ""


def _only(prefixes: list[str], what: str, state: Mapping[str, Tensor], hint: str) -> str:
    if len(prefixes) == 1:
        return prefixes[0]
    if prefixes:
        choices = ", ".join(repr(prefix) for prefix in prefixes)
        raise ValueError(f"has several candidates for `{what}`: give one of {choices}")
    kinds = {"recurrent": "an nn.RNN, nn.GRU or nn.LSTM", "readout": "a linear readout, nn.Linear"}
    raise ValueError(
        f"has no {what}, {kinds[what]}; it holds {', '.join(state) or 'nothing'}{hint}"
    )
