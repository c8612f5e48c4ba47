"""Weights of a rate network from arrays as people keep them, in the layout of rnnpipe's cells."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from rnnpipe.settings.sections.arrays import MATRICES, VECTORS

# Axes of every array, by name.
AXES: Mapping[str, tuple[str, ...]] = {
    "recurrent": ("units", "units"),
    "m": ("units", "rank"),
    "n": ("units", "rank"),
    "input": ("units", "inputs"),
    "output": ("outputs", "units"),
    "input_gain": ("inputs",),
    "bias": ("units",),
    "output_gain": ("outputs",),
    "output_bias": ("outputs",),
    "initial_state": ("units",),
}


def rate_parts(
    given: Mapping[str, Any],
    transposed: Collection[str] = (),
    divided: Collection[str] = (),
    sizes: Mapping[str, int] | None = None,
    labels: Mapping[str, str] | None = None,
) -> dict[str, np.ndarray]:
    """Weights of a rate network, by the names of `PARTS`, float64.

    Parameters
    ----------
    given
        Arrays by the keys of `AXES`: `recurrent`, or `m` and `n`, whose product
        m nᵀ it is; the others are zero where they are not given, gains one. An
        axis of length 1 may be missing or added, as MATLAB does.
    transposed
        Matrices given with their axes exchanged.
    divided
        Of `recurrent` and `output`, those that the network divides by its number
        of units.
    sizes
        `units`, `inputs` and `outputs` that are needed; those that are not given
        are the arrays' own, without an array 0.
    labels
        What messages call the arrays, by key.

    Raises
    ------
    ValueError
        If arrays hold no finite real numbers, or do not fit each other or the sizes;
        names the key, its shape and the shape that is needed.
    """
    called = {key: (labels or {}).get(key, key) for key in given}
    arrays = {key: _numbers(called[key], value) for key, value in given.items()}
    for key in MATRICES:
        if key in arrays:
            arrays[key] = _matrix(key, arrays[key], key in transposed)
    known = {"units": 0, "inputs": 0, "outputs": 0, **_own_sizes(arrays), **(sizes or {})}
    fixed = {"units", "rank", *(sizes or {})}
    for key, array in arrays.items():
        try:
            arrays[key] = _fitting(key, array, known, fixed, key in transposed)
        except ValueError as error:
            raise ValueError(f"{called[key]} {error}") from None

    def get(key: str, default: float) -> np.ndarray:
        shape = tuple(known[axis] for axis in AXES[key])
        return arrays.get(key, np.full(shape, default))

    units = known["units"]
    recurrent = arrays["recurrent"] if "recurrent" in arrays else arrays["m"] @ arrays["n"].T
    output = get("output", 0.0) * get("output_gain", 1.0)[:, None]
    return {
        "input": get("input", 0.0) * get("input_gain", 1.0),
        "recurrent": recurrent / (units if "recurrent" in divided else 1),
        "bias": get("bias", 0.0),
        "output": output / (units if "output" in divided else 1),
        "output_bias": get("output_bias", 0.0),
        "initial_state": get("initial_state", 0.0),
    }


def _numbers(called: str, value: Any) -> np.ndarray:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        kind = "complex" if array.dtype.kind == "c" else f"of type {array.dtype}"
        raise ValueError(f"{called} is {kind}; real numbers are needed")
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{called} holds NaN or infinity")
    return array


def _matrix(key: str, array: np.ndarray, transposed: bool) -> np.ndarray:
    """A matrix as it is needed; a single axis is that of the units."""
    if array.ndim == 1:
        return array[None] if key == "output" else array[:, None]
    return array.T if transposed and array.ndim == 2 else array


def _own_sizes(arrays: Mapping[str, np.ndarray]) -> dict[str, int]:
    """Sizes that the matrices have: each axis that of the first matrix with it."""
    sizes: dict[str, int] = {}
    for key in MATRICES:
        if key in arrays and arrays[key].ndim == 2:
            for axis, size in zip(AXES[key], arrays[key].shape, strict=True):
                sizes.setdefault(axis, size)
    return sizes


def _fitting(
    key: str, array: np.ndarray, sizes: Mapping[str, int], fixed: Collection[str], turned: bool
) -> np.ndarray:
    """The array in the shape that is needed; sizes that are not fixed are its own."""
    axes = AXES[key]
    shape = tuple(sizes.get(axis, -1) for axis in axes)
    if key in VECTORS and array.size == shape[0] and max(array.shape, default=1) == array.size:
        return array.reshape(shape)
    if array.shape == shape:
        return array
    needed = [str(sizes[axis]) if axis in fixed else axis for axis in axes]
    hint = ""
    if turned:
        array, needed, axes = array.T, needed[::-1], axes[::-1]
        hint = ", since it is listed under transposed"
    elif len(axes) == array.ndim == 2 and axes[0] != axes[1]:
        pairs = zip(array.shape[::-1], axes, strict=True)
        if all(size == sizes[axis] or axis not in fixed for size, axis in pairs):
            hint = "; is it to be listed under transposed?"
    form = f"({', '.join(needed)}{',' * (len(needed) == 1)})"
    raise ValueError(f"has shape {array.shape}; {form} is needed, {' by '.join(axes)}{hint}")
