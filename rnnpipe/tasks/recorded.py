"""Trials from a file: recorded or exotic tasks without code.

An .npz file holds arrays `inputs`, `targets` and, if wanted, `mask` and `conditions`.
"""

import io
import zipfile
from functools import cached_property, lru_cache
from typing import Literal, Self

import numpy as np
from pydantic import Field, PrivateAttr, field_validator

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.given_files import GivenFileError, content, version
from rnnpipe.parameters import NonZeroFraction, OpenFraction
from rnnpipe.tasks.base import Quantity, TaskError, Trials, r_squared, targets_vary
from rnnpipe.tasks.files import TaskFromFile

# The parts belong to the task, as its file does: they are the same for every network.
SPLIT_SEED = 0
REQUIRED, OPTIONAL = ("inputs", "targets"), ("mask", "conditions")
# A part each for training, validation and test.
FEWEST_TRIALS = 3
AXES = ("trial", "time", "channel")


class Recorded(TaskFromFile):
    """Trials are drawn from a file, so that recorded or unusual tasks need no code.

    A part of the trials is kept from training. Channels: ``input1``, ``input2``, … Fixed
    points are sought under zero where there are no `probes`.
    """

    score_quantity = Quantity("R²")

    kind: Literal["file"] = Field("file", description="Trials from a file.")
    path: str = Field(
        min_length=1,
        description=".npz file, relative to the working directory, of `inputs`, `targets` and, if "
        "wanted, `mask` and `conditions`.",
    )
    held_out: OpenFraction = Field(
        0.2,
        description="Share of the trials kept from training: one half for validation, one half "
        "for the test, the harvest and all that follows. Which trials depends on their number "
        "alone.",
    )
    condition_kind: Literal["linear", "circular", "categorical"] = Field(
        "linear",
        alias="condition",
        description="How `conditions` are coloured: linear, circular (radians) or categorical "
        "(not at all).",
    )
    solved: NonZeroFraction = Field(
        0.9, description="A network has solved the task from this R² on."
    )

    # Numbers of the trials that are drawn; all where not given.
    _rows: np.ndarray | None = PrivateAttr(None)

    @field_validator("path")
    @classmethod
    def _file_is_sound(cls, path: str) -> str:
        try:
            load_trials(path)
        except GivenFileError as error:
            raise SettingsError([Fault("", str(error))]) from None
        return path

    def learn(self) -> None:
        """Check that the targets of every part vary: no score could be told otherwise."""
        super().learn()
        for name, rows in self.parts.items():
            if not targets_vary(self.chosen(rows)):
                message = (
                    f"{self.path}: the targets of the trials for {name} ({len(rows)} of "
                    f"{len(self.trials.inputs)}) do not vary where the mask counts them"
                )
                raise SettingsError([Fault("held_out", message)])

    @property
    def file(self) -> str:
        """Path of the file, relative to the working directory."""
        return self.path

    @cached_property
    def trials(self) -> Trials:
        """All trials of the file."""
        return load_trials(self.path)

    @property
    def inputs(self) -> int:
        """As many as the file holds."""
        return self.trials.inputs.shape[2]

    @property
    def outputs(self) -> int:
        """As many as the file holds."""
        return self.trials.targets.shape[2]

    @property
    def time(self) -> int:
        """Steps per trial."""
        return self.trials.inputs.shape[1]

    @cached_property
    def condition(self) -> Quantity:
        """What the file says should be held in mind."""
        kind = self.condition_kind if has_conditions(self.path) else "categorical"
        return Quantity("condition", kind=kind)

    @property
    def parts(self) -> dict[str, np.ndarray]:
        """Numbers of the trials of each part."""
        return split(len(self.trials.inputs), self.held_out)

    def part(self, name: str) -> Self:
        """Return the same task on the trials of ``training``, ``validation`` or ``test`` alone."""
        chosen = self.model_copy()
        chosen._rows = self.parts[name]
        return chosen

    def sample(self, n_trials: int, rng: np.random.Generator) -> Trials:
        """Draw trials; none comes again before all others have."""
        rows = np.arange(len(self.trials.inputs)) if self._rows is None else self._rows
        rounds = -(-n_trials // len(rows))
        order = np.concatenate([rng.permutation(rows) for _ in range(rounds)])[:n_trials]
        return self.chosen(order)

    def chosen(self, rows: np.ndarray) -> Trials:
        """Return the trials of the file with these numbers."""
        return Trials(*(array[rows] for array in vars(self.trials).values()))

    def score(self, outputs: np.ndarray, trials: Trials) -> float:
        """Return R² over the given trials."""
        return r_squared(outputs, trials)


def split(n_trials: int, held_out: float) -> dict[str, np.ndarray]:
    """Return the numbers of the trials of each part, each ascending, none empty.

    They are chosen at random, so that no part follows what repeats in the file.
    """
    order = np.random.default_rng(SPLIT_SEED).permutation(n_trials)
    kept = min(max(round(held_out * n_trials), 2), n_trials - 1)
    ends = {"test": (0, kept // 2), "validation": (kept // 2, kept), "training": (kept, n_trials)}
    return {name: np.sort(order[first:last]) for name, (first, last) in ends.items()}


def load_trials(path: str) -> Trials:
    """Load all trials of a file; missing weights are 1 and missing conditions 0.

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
    with np.errstate(over="ignore"):
        single = [np.ascontiguousarray(array, np.float32) for array in (inputs, targets, mask)]
    for name, array in zip(("inputs", "targets", "mask"), single, strict=True):
        _check_finite(f"{path}: {name}", array, AXES, "finite in float32 (up to 3.4e38)")
    trials = Trials(*single, np.asarray(conditions, np.float64))
    if not targets_vary(trials):
        raise TaskError(f"{path}: targets do not vary where the mask counts them")
    return trials


def has_conditions(path: str) -> bool:
    """Return whether a file of trials says what should be held in mind."""
    return "conditions" in _arrays(path)


def _arrays(path: str) -> dict[str, np.ndarray]:
    try:
        archive = np.load(io.BytesIO(content(path)), allow_pickle=False)
        if isinstance(archive, np.ndarray):
            raise TaskError(f"{path}: is one array; save the arrays with numpy.savez")
        names = archive.files
        found = {name: archive[name] for name in names if name in REQUIRED + OPTIONAL}
    except GivenFileError:
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
    _check_finite(where, array, axes, "finite")


def _check_finite(where: str, array: np.ndarray, axes: tuple[str, ...], words: str) -> None:
    if not (finite := np.isfinite(array)).all():
        place = np.unravel_index(int(np.argmin(finite)), array.shape)
        named = ", ".join(f"{axis} {i}" for axis, i in zip(axes, place, strict=True))
        raise TaskError(
            f"{where} holds {int((~finite).sum())} values that are not {words}, first at {named}; "
            "give what does not count any finite value and a mask of 0"
        )


def _check_mask(where: str, mask: np.ndarray) -> None:
    if (mask < 0).any():
        raise TaskError(f"{where} holds negative weights; 0 leaves a target out")
    if not (counts := mask.any(axis=(1, 2))).all():
        raise TaskError(f"{where} is 0 all through trial {int(np.argmin(counts))}; leave it out")
