"""Whether the sections of an experiment file agree with each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rnnpipe.faults import Fault, join_keys
from rnnpipe.settings.block_sizes import seeds_per_job
from rnnpipe.settings.grid import Block, Cohort, Exclusion, combine, cut_blocks
from rnnpipe.settings.sections.analysis import ComputeSettings
from rnnpipe.settings.sections.constraints import (
    MASK_KEYS,
    ConstraintSettings,
    excitatory_units,
)
from rnnpipe.settings.sections.models import CellSettings, OverrideSettings, missing_file_fault
from rnnpipe.settings.sections.tasks import TaskSettings
from rnnpipe.settings.sections.training import TrainingSettings, merge_training, training_faults
from rnnpipe.tables.masks import load_mask


@dataclass(frozen=True)
class Sections:
    """The sections that depend on each other; ``None`` stands for a faulty one.

    What is faulty by itself cannot be compared with anything, but the rest
    can, so that one reading of a file finds every fault.
    """

    tasks: Mapping[str, TaskSettings | None]
    models: Mapping[str, CellSettings | None]
    constraints: Mapping[str, ConstraintSettings | None]
    exclude: tuple[Exclusion, ...] | None
    training: TrainingSettings | None
    overrides: tuple[OverrideSettings, ...] | None
    seeds: tuple[int, ...] | None
    compute: ComputeSettings | None

    def blocks(self, cohort: Cohort) -> tuple[Block, ...]:
        """Return the blocks of a cohort of imported networks; none where there is no saying."""
        task, model = self.tasks[cohort.task], self.models[cohort.model]
        if task is None or model is None or self.seeds is None or self.compute is None:
            return ()
        untrained = TrainingSettings()
        return cut_blocks(self.seeds, seeds_per_job(self.compute, task, model, untrained))


def disagreements(sections: Sections) -> list[Fault]:
    """Return every fault that shows only when sections are combined."""
    if sections.exclude is None:
        return []
    cohorts, faults = combine(
        list(sections.tasks), list(sections.models), list(sections.constraints), sections.exclude
    )
    pairs = list(dict.fromkeys((cohort.task, cohort.model) for cohort in cohorts))
    for task, model in pairs:
        faults.extend(_training_faults(sections, task, model))
    if all(sections.models.values()):
        faults.extend(_override_faults(sections, pairs))
    for model, constraint in dict.fromkeys((c.model, c.constraint) for c in cohorts):
        faults.extend(_size_faults(sections, model, constraint))
    for task, constraint in dict.fromkeys((c.task, c.constraint) for c in cohorts):
        faults.extend(_channel_faults(sections, task, constraint))
    faults.extend(_mask_faults(sections, cohorts))
    for cohort in cohorts:
        faults.extend(_import_faults(sections, cohort))
    return list(dict.fromkeys(faults))


def _training_faults(sections: Sections, task: str, model: str) -> list[Fault]:
    task_settings, model_settings = sections.tasks[task], sections.models[model]
    if task_settings is None or model_settings is None or sections.training is None:
        return []
    if model_settings.imported:
        return []
    layers = {
        "training": sections.training,
        f"tasks.{task}.training": task_settings.training,
        f"models.{model}.training": model_settings.training,
        **{
            f"overrides[{i}].training": override.training
            for i, override in enumerate(sections.overrides or ())
            if override.matches(task, model, model_settings)
        },
    }
    faults = training_faults(merge_training(*layers.values()))
    return [fault.below(_origin(fault.key, layers)) for fault in faults]


def _override_faults(sections: Sections, pairs: Sequence[tuple[str, str]]) -> list[Fault]:
    return [
        Fault(f"overrides[{i}]", "matches no task and model that are combined and trained")
        for i, override in enumerate(sections.overrides or ())
        if not any(
            override.matches(task, model, sections.models[model])
            for task, model in pairs
            if not sections.models[model].imported
        )
    ]


def _origin(key: str, layers: Mapping[str, TrainingSettings]) -> str:
    """Return the last layer that gives a key: the one whose value holds."""
    given = [name for name, layer in layers.items() if key in layer.model_fields_set]
    return given[-1] if given else "training"


def _import_faults(sections: Sections, cohort: Cohort) -> list[Fault]:
    """Imported networks are there, and not expected to obey what only training could impose."""
    model, constraint = sections.models[cohort.model], sections.constraints[cohort.constraint]
    if model is None or not model.imported:
        return []
    faults = []
    free = ConstraintSettings().resolved(model.units)
    if constraint is not None and constraint.resolved(model.units) != free:
        message = (
            f"constrains weights in training, and the networks of models.{cohort.model} are "
            f"imported; exclude {{model: {cohort.model}, constraint: {cohort.constraint}}}"
        )
        faults.append(Fault(f"constraints.{cohort.constraint}", message))
    elif message := missing_file_fault(model.network_files(cohort, sections.blocks(cohort))):
        faults.append(Fault(f"models.{cohort.model}.from", message))
    return faults


def _size_faults(sections: Sections, model: str, constraint: str) -> list[Fault]:
    settings, model_settings = sections.constraints[constraint], sections.models[model]
    if settings is None or model_settings is None:
        return []
    units = model_settings.units
    whole = f"the {units} units of models.{model}"
    faults = []
    if settings.dale_ratio is not None:
        faults.extend(_sign_faults(settings.dale_ratio, units, whole, ""))
    sizes = settings.region_units(units) if settings.regions else (units,)
    if sum(sizes) != units:
        faults.append(Fault("regions", f"sum to {sum(sizes)} units and must sum to {whole}"))
    for i, (region, size) in enumerate(zip(settings.regions, sizes, strict=False)):
        if size == 0:
            message = f"{region.fraction:g} of {whole} is less than one unit"
            faults.append(Fault(f"regions[{i}].fraction", message))
        elif region.dale_ratio is not None:
            where = f"{size} units of region {region.name} (models.{model})"
            faults.extend(_sign_faults(region.dale_ratio, size, where, f"regions[{i}]"))
    return [fault.below(f"constraints.{constraint}") for fault in faults]


def _sign_faults(dale_ratio: float, units: int, whole: str, key: str) -> list[Fault]:
    excitatory = excitatory_units(dale_ratio, units)
    if 1 <= excitatory < units:
        return []
    kind = "inhibitory" if excitatory else "excitatory"
    message = f"{dale_ratio:g} of {whole} leaves no {kind} unit; one of each kind is needed"
    return [Fault(join_keys(key, "dale_ratio"), message)]


def _channel_faults(sections: Sections, task: str, constraint: str) -> list[Fault]:
    settings, task_settings = sections.constraints[constraint], sections.tasks[task]
    if settings is None or task_settings is None:
        return []
    counts = {"inputs": task_settings.inputs, "outputs": task_settings.outputs}
    return [
        Fault(
            f"constraints.{constraint}.{key}.{region}",
            f"channel {channels[-1]} is not among the {count} {key} of tasks.{task}, "
            f"counted from 0",
        )
        for key, count in counts.items()
        for region, channels in getattr(settings, key).items()
        if channels != "all" and channels[-1] >= count
    ]


def _mask_faults(sections: Sections, cohorts: tuple[Cohort, ...]) -> list[Fault]:
    faults = []
    for name, settings in sections.constraints.items():
        for key in MASK_KEYS if settings is not None else ():
            path = getattr(settings, key)
            if path is None:
                continue
            dotted = f"constraints.{name}.{key}"
            try:
                shape = load_mask(path).shape
            except ValueError as error:
                faults.append(Fault(dotted, f'"{path}": {error}'))
                continue
            users = [cohort for cohort in cohorts if cohort.constraint == name]
            faults.extend(
                Fault(dotted, message)
                for cohort in users
                if (message := _shape_message(sections, cohort, key, path, shape))
            )
    return faults


def _shape_message(
    sections: Sections, cohort: Cohort, key: str, path: str, shape: tuple[int, ...]
) -> str:
    task, model = sections.tasks[cohort.task], sections.models[cohort.model]
    if model is None or (task is None and key != "mask"):
        return ""
    needed = {
        "mask": (model.units, model.units),
        "input_mask": (model.units, task.inputs if task else 0),
        "output_mask": (task.outputs if task else 0, model.units),
    }[key]
    if shape == needed:
        return ""
    whose = f"models.{cohort.model}" + ("" if key == "mask" else f" with tasks.{cohort.task}")
    return f'"{path}" has shape {shape}; {whose} needs {needed}'
