"""The experiment file: read, and validated as a whole."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError, model_validator

from rnnpipe.faults import Fault, SettingsError, shown
from rnnpipe.parameters import Settings
from rnnpipe.settings.agreement import disagreements
from rnnpipe.settings.contents import Contents
from rnnpipe.settings.grid import Cohort
from rnnpipe.settings.reading.pydantic_faults import read_faults
from rnnpipe.settings.reading.schema import json_schema
from rnnpipe.settings.reading.yaml_file import read_yaml
from rnnpipe.settings.sections.constraints import ResolvedConstraint
from rnnpipe.settings.sections.model_grid import with_grid
from rnnpipe.settings.sections.models import NON_NEGATIVE_ACTIVATIONS

NO_MODELS = Fault("models", "is missing: cells, activations and sizes, by name; or give a grid")


class Experiment(Contents):
    """Everything that one experiment file says."""

    @model_validator(mode="after")
    def _sections_agree(self) -> "Experiment":
        # Only reached once every section is valid by itself.
        if faults := disagreements(self) if self.models else [NO_MODELS]:
            raise SettingsError(faults)
        return self

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> "Experiment":
        """Validate an experiment given as a mapping of the same shape as the file.

        Raises
        ------
        SettingsError
            If anything is wrong: every fault of every section, or, once all sections
            are valid, everything in which they disagree.
        """
        if not isinstance(mapping, Mapping):
            raise SettingsError([Fault("", f"must be a mapping, not {shown(mapping)}")])
        mapping = with_grid(mapping)
        try:
            return cls.model_validate(mapping)
        except ValidationError as error:
            faults = read_faults(error, json_schema(cls))
            if not {"models", "grid"} & mapping.keys():
                faults.append(NO_MODELS)
            raise SettingsError(faults) from None

    def warnings(self) -> tuple[str, ...]:
        """Return warnings on what is allowed but may not be intended, one sentence each."""
        pairs = dict.fromkeys((cohort.model, cohort.constraint) for cohort in self.cohorts())
        signs = (
            self._sign_warning(model, constraint)
            for model, constraint in pairs
            if self.constraints[constraint].uses_signs()
            and self.models[model].activation not in NON_NEGATIVE_ACTIVATIONS
        )
        return (*signs, *self._rank_warnings())

    def _rank_warnings(self) -> Iterator[str]:
        largest = max(model.units for model in self.models.values())
        for rank in () if self.ranks is None else self.ranks.skeletons:
            if rank > largest:
                yield (
                    f"ranks.skeletons: no network has a rank of {rank}, since none has more than "
                    f"{largest} units; nothing is searched there"
                )

    def _sign_warning(self, model: str, constraint: str) -> str:
        settings = self.models[model]
        others = settings.non_negative_activations()
        return (
            f"constraints.{constraint} with models.{model}: activations of "
            f"{settings.activation} go negative, so a unit's effect can have the opposite of its "
            f"sign; {', '.join(others)} {'does' if len(others) == 1 else 'do'} not"
        )


class Factors(Settings):
    """The factors of a cohort beside its names, as `tables.schemas.FACTORS` lists them.

    A factor without meaning is None: leak and noise of cells without a leak,
    penalty and gain of imported networks, Dale's ratio without signs. With
    several regions, Dale's ratio is the mean over the units of regions with
    signs, density the mean over all units, and `autapses` tells whether all
    regions have them. The rank is None where no rank is given.
    """

    cell: str
    activation: str
    units: int
    l2: float | None
    gain: float | None
    alpha: float | None
    noise: float | None
    dale_ratio: float | None
    autapses: bool
    density: float
    modules: int
    rank: int | None


def factors(experiment: Experiment, cohort: Cohort) -> Factors:
    """Return the factors of a cohort."""
    model = experiment.models[cohort.model]
    constraint = experiment.constraints[cohort.constraint].resolved(model.units)
    leaky = "alpha" in type(model).model_fields
    trained = not model.imported
    penalty = experiment.training_for(cohort.task, cohort.model).weight_decay
    return Factors(
        cell=model.cell,
        activation=model.activation,
        units=model.units,
        l2=penalty if trained else None,
        gain=model.gain if trained else None,
        alpha=model.alpha if leaky else None,
        noise=model.noise if leaky and trained else None,
        dale_ratio=_dale_ratio(constraint),
        autapses=all(region.autapses for region in constraint.regions),
        density=sum(region.units * (region.density or 1.0) for region in constraint.regions)
        / sum(region.units for region in constraint.regions),
        modules=len(constraint.regions),
        rank=constraint.rank,
    )


def _dale_ratio(constraint: ResolvedConstraint) -> float | None:
    """Share of excitatory units in the regions that have signs."""
    signed = [region for region in constraint.regions if region.excitatory]
    if not signed:
        return None
    excitatory = sum(region.excitatory for region in signed)
    return round(excitatory / sum(region.units for region in signed), 2)


def load_experiment(path: str | Path) -> Experiment:
    """Read and validate an experiment file.

    Raises
    ------
    SettingsError
        If the file cannot be read or anything in it is wrong; names every fault.
    """
    mapping, faults = read_yaml(path)
    return _validated(mapping, faults, str(path))


def read_experiment(mapping: Mapping[str, Any], files: Sequence[str | Path]) -> Experiment:
    """Validate a mapping that was read from files.

    Parameters
    ----------
    mapping
        What the files say together, values from a command line included.
    files
        Read again for keys given twice, which no mapping shows.

    Raises
    ------
    SettingsError
        If a file cannot be read or anything is wrong; names every fault.
    """
    faults = [fault for file in files for fault in read_yaml(file)[1]]
    return _validated(mapping, faults, ", ".join(map(str, files)))


def _validated(mapping: Mapping[str, Any], faults: list[Fault], source: str) -> Experiment:
    try:
        experiment = Experiment.from_mapping(mapping)
    except SettingsError as error:
        raise SettingsError([*faults, *error.faults], source) from None
    if faults:
        raise SettingsError(faults, source)
    return experiment
