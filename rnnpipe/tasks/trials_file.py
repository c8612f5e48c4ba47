"""Trials in an .npz file: arrays `inputs`, `targets` and, if wanted, `mask` and `conditions`."""

import io
import zipfile
from functools import lru_cache

import numpy as np

from rnnpipe.tasks.base import TaskError, Trials
from rnnpipe.tasks.content import content, version

REQUIRED, OPTIONAL = ("inputs", "targets"), ("mask", "conditions")
# A part each for training, validation and test.
FEWEST_TRIALS = 3
AXES = ("trial", "time", "channel")


def load_trials(path: str) -> Trials:
    """All trials of a file; missing weights are 1 and missing conditions 0.

    Parameters
    ----------
    path
        ``.npz`` file, relative to the working directory, with `inputs` (trial,
        time, input), `targets` (trial, time, output), `mask` (trial, time,
        output), the weight of each target, and `conditions` (trial, time).

    Raises
    ------
    TaskError
        If there is no such file, an array is missing, of the wrong shape or
        type, or holds a value that is not finite; names file, array and place.
    """
    return _load(path, *version(path))


@lru_cache(maxsize=4)
def _load(path: str, changed: int, size: int) -> Trials:
    arrays = _arrays(path)
    for name, array in arrays.items():
        axes = AXES[:2] if name == "conditions" else AXES
        _check(f"{path}: {name}", array, axes)
    inputs, targets = arrays["inputs"], arrays["targets"]
    shapes = {"targets": targets.shape[:2], "mask": targets.shape, "conditions": targets.shape[:2]}
    if targets.shape[:2] != inputs.shape[:2]:
        raise TaskError(
            f"{path}: targets has shape {targets.shape}, inputs {inputs.shape}; "
            "trials and times must be as many"
        )
    for name in set(arrays) & set(OPTIONAL):
        if arrays[name].shape != shapes[name]:
            raise TaskError(
                f"{path}: {name} has shape {arrays[name].shape}; {shapes[name]} is needed "
                f"beside targets of {targets.shape}"
            )
    if len(inputs) < FEWEST_TRIALS:
        raise TaskError(f"{path}: holds {len(inputs)} trials; at least {FEWEST_TRIALS} are needed")
    mask = arrays.get("mask", np.ones(targets.shape))
    _check_mask(f"{path}: mask", mask)
    conditions = arrays.get("conditions", np.zeros(targets.shape[:2]))
    single = (np.ascontiguousarray(array, np.float32) for array in (inputs, targets, mask))
    return Trials(*single, np.asarray(conditions, np.float64))


def has_conditions(path: str) -> bool:
    """Whether a file of trials says what should be held in mind."""
    return "conditions" in _arrays(path)


def _arrays(path: str) -> dict[str, np.ndarray]:
    try:
        archive = np.load(io.BytesIO(content(path)), allow_pickle=False)
        if isinstance(archive, np.ndarray):
            raise TaskError(f"{path}: is one array; save the arrays with numpy.savez")
        names = archive.files
        found = {name: archive[name] for name in names if name in REQUIRED + OPTIONAL}
    except TaskError:
        raise
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise TaskError(f"{path}: cannot be read as an .npz file of arrays ({error})") from None
    if lacking := [name for name in REQUIRED if name not in found]:
        raise TaskError(
            f"{path}: lacks {' and '.join(lacking)}; it holds {', '.join(names) or 'nothing'}"
        )
    return found


def _check(where: str, array: np.ndarray, axes: tuple[str, ...]) -> None:
    if array.dtype.kind not in "biuf":
        raise TaskError(f"{where} is of type {array.dtype}; real numbers are needed")
    if array.ndim != len(axes) or 0 in array.shape:
        raise TaskError(f"{where} has shape {array.shape}; ({', '.join(axes)}) is needed")
    if not (finite := np.isfinite(array)).all():
        place = np.unravel_index(int(np.argmin(finite)), array.shape)
        named = ", ".join(f"{axis} {i}" for axis, i in zip(axes, place, strict=True))
        raise TaskError(
            f"{where} holds {int((~finite).sum())} values that are not finite, first at {named}; "
            "give what does not count any finite value and a mask of 0"
        )


def _check_mask(where: str, mask: np.ndarray) -> None:
    if (mask < 0).any():
        raise TaskError(f"{where} holds negative weights; 0 leaves a target out")
    if not (counts := mask.any(axis=(1, 2))).all():
        raise TaskError(f"{where} is 0 all through trial {int(np.argmin(counts))}; leave it out")
