"""What models have whose networks are trained here or imported: files of weights by pattern."""

import string
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, field_validator, model_validator

from rnnpipe.faults import Fault, SettingsError, shown, suggestion
from rnnpipe.settings.grid import Block, Cohort
from rnnpipe.settings.sections.arrays import PLACE, ArraySettings
from rnnpipe.settings.sections.training import Trainable

# What may stand in braces in the name of a file of weights.
PLACEHOLDERS = ("seed", "seeds", "task", "model", "constraint", "array")
# Keys on where in the files of `from` weights lie.
PLACES = ("recurrent", "readout", "arrays")
# Keys on how networks are made and trained, which mean nothing for imported ones.
OF_TRAINING = ("training", "gain", "noise")


class Importable(Trainable):
    """A model whose networks are trained here or, with `from`, imported."""

    weights_from: str | None = Field(
        None,
        alias="from",
        min_length=1,
        description="Files of trained weights, one a seed, with {seed} in the name; null: trained.",
    )
    recurrent: str | None = Field(
        None,
        description="What the recurrent weights' names in a state_dict begin with; null: found.",
    )
    readout: str | None = Field(
        None, description="What the readout's names in a state_dict begin with; null: found."
    )
    arrays: ClassVar[ArraySettings | None]

    @field_validator("weights_from")
    @classmethod
    def _known_placeholders(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            _check_pattern(pattern)
        return pattern

    @model_validator(mode="after")
    def _either_trained_or_imported(self) -> "Importable":
        places = [key for key in PLACES if getattr(self, key) is not None]
        if not self.imported:
            message = "says where in the files of `from` weights lie, and there is no `from`"
            faults = [Fault(key, message) for key in places]
        else:
            faults = [Fault(*fault) for fault in self._places_faults(places)]
            message = "says nothing of imported networks; leave it out"
            given = self.model_fields_set & type(self).model_fields.keys()
            faults += [Fault(key, message) for key in OF_TRAINING if key in given]
        if faults:
            raise SettingsError(faults)
        return self

    def _places_faults(self, places: list[str]) -> Iterator[tuple[str, str]]:
        """Find keys and names that say in two ways, or in none, where weights lie."""
        if self.arrays is None:
            if PLACE in self.weights_from:
                message = f"{PLACE} stands for a name of `arrays`, and there are none"
                yield "from", f"{shown(self.weights_from)}: {message}"
            return
        for key in places:
            if key != "arrays":
                yield key, "is for a state_dict; `arrays` names every array by itself"

    @property
    def imported(self) -> bool:
        """Whether the networks are imported, not trained."""
        return self.weights_from is not None

    def network_file(self, cohort: Cohort, block: Block, seed: int) -> str:
        """Return the file of one network's weights, relative to the working directory.

        Where every array has a file of its own, `{array}` is left for their names.
        """
        return _filled(self.weights_from, cohort, block.label, seed)

    def network_files(self, cohort: Cohort, blocks: Iterable[Block]) -> tuple[str, ...]:
        """Return the files of the networks of some blocks, each file once."""
        files = (self.network_file(cohort, block, seed) for block in blocks for seed in block.seeds)
        if self.arrays is not None:
            files = (own for file in files for own in self.arrays.files(file))
        return tuple(dict.fromkeys(files))

    def definition(self) -> dict[str, Any]:
        """Return what makes the networks what they are, without the places of their files."""
        places = {"weights_from", *PLACES}
        # What makes up alpha is in alpha.
        return self.model_dump(mode="json", exclude={"training", "dt", "tau", *places})


def missing_file_fault(files: Iterable[str]) -> str:
    """Describe the files that are missing; empty if none is."""
    files = tuple(files)
    missing = [file for file in files if not Path(file).is_file()]
    if not missing:
        return ""
    rest = f" (of {len(files)} files {len(missing)} are missing)" if len(missing) > 1 else ""
    what = "there is no such file in the working directory"
    if Path(missing[0]).exists():
        what = "is a folder, a pipe or a device, not a file"
    return f"{shown(missing[0])}: {what}{rest}"


def _check_pattern(pattern: str) -> None:
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None]
        for name in names:
            if name not in PLACEHOLDERS:
                raise ValueError(
                    f"{{{name}}} is not one of {known}{suggestion(name, PLACEHOLDERS)}"
                )
        _filled(pattern, Cohort("t", "m", "c"), "0-0", 0)
    except (ValueError, LookupError) as error:
        text = str(error)
        if "is not one of" not in text:
            text = f"is not a pattern ({text}); placeholders are {known}"
        raise SettingsError([Fault("", f'"{pattern}": {text}')]) from None


def _filled(pattern: str, cohort: Cohort, block: str, seed: int) -> str:
    return pattern.format(seed=seed, seeds=block, array=PLACE, **vars(cohort))
