"""Networks trained elsewhere: where their weights lie, and under which names."""

import string
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator, model_validator

from rnnpipe.faults import Fault, SettingsError, suggestion
from rnnpipe.settings.grid import Block, Cohort
from rnnpipe.settings.sections.training import Trainable

PLACEHOLDERS = ("seed", "seeds", "task", "model", "constraint")
# What says how networks are made and trained, and nothing of networks that are there already.
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

    @field_validator("weights_from")
    @classmethod
    def _known_placeholders(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            _check_pattern(pattern)
        return pattern

    @model_validator(mode="after")
    def _either_trained_or_imported(self) -> "Importable":
        given = self.model_fields_set
        if self.weights_from is None:
            message = "says where in the files of `from` weights lie, and there is no `from`"
            unused = [key for key in ("recurrent", "readout") if getattr(self, key) is not None]
        else:
            message = "says nothing of imported networks; leave it out"
            unused = [key for key in OF_TRAINING if key in given and key in type(self).model_fields]
        if unused:
            raise SettingsError(Fault(key, message) for key in unused)
        return self

    @property
    def imported(self) -> bool:
        """Whether the networks are imported, not trained."""
        return self.weights_from is not None

    def network_file(self, cohort: Cohort, block: Block, seed: int) -> str:
        """Return the file of one network's weights, relative to the working directory."""
        return _filled(self.weights_from, cohort, block.label, seed)

    def network_files(self, cohort: Cohort, blocks: Iterable[Block]) -> tuple[str, ...]:
        """Return the files of the networks of some blocks, each once."""
        files = (self.network_file(cohort, block, seed) for block in blocks for seed in block.seeds)
        return tuple(dict.fromkeys(files))

    def definition(self) -> dict[str, Any]:
        """Return what makes the networks what they are; where they lie, a job is told by seed."""
        places = ("from", "recurrent", "readout")
        return {key: v for key, v in super().definition().items() if key not in places}


def missing_file_fault(files: Iterable[str]) -> str:
    """Say which files are not there; nothing if all are."""
    files = tuple(files)
    missing = [file for file in files if not Path(file).is_file()]
    if not missing:
        return ""
    rest = f" (of {len(files)} files {len(missing)} are missing)" if len(missing) > 1 else ""
    return f'"{missing[0]}": there is no such file in the working directory{rest}'


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
            text = f"is no pattern ({text}); placeholders are {known}"
        raise SettingsError([Fault("", f'"{pattern}": {text}')]) from None


def _filled(pattern: str, cohort: Cohort, block: str, seed: int) -> str:
    return pattern.format(seed=seed, seeds=block, **vars(cohort))
