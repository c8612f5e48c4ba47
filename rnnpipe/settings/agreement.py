"""Whether the sections of an experiment file, each valid by itself, agree with each other."""

from collections.abc import Iterator, Mapping, Sequence

from rnnpipe.faults import Fault, join_keys
from rnnpipe.settings.contents import Contents
from rnnpipe.settings.grid import MOST_COHORTS, MOST_NETWORKS, Cohort, cut_blocks
from rnnpipe.settings.memory import memory_faults
from rnnpipe.settings.sections.constraints import (
    MASK_KEYS,
    ConstraintSettings,
    excitatory_units,
)
from rnnpipe.settings.sections.exclude import combine
from rnnpipe.settings.sections.importable import missing_file_fault
from rnnpipe.settings.sections.low_rank import KINDS, named_vectors, place
from rnnpipe.settings.sections.models import GATES, OwnCellSettings
from rnnpipe.settings.sections.optional import DevelopmentSettings
from rnnpipe.settings.sections.training import TrainingSettings, merge_training, training_faults
from rnnpipe.tables.masks import load_mask

# Of one part of a path, on every file system in use.
LONGEST_NAME = 255
# What a part may hold beside names: suffixes, dots, the mark of a file not yet finished.
BESIDE_NAMES = 40


def disagreements(contents: Contents) -> list[Fault]:
    """Return every fault that shows only when sections are combined."""
    names = (list(contents.tasks), contents.models, list(contents.constraints))
    if fault := _number_fault(len(contents.seeds), *map(len, names)):
        return [fault]
    cohorts, faults = combine(*names, contents.exclude)
    for cohort in cohorts:
        faults.extend(_name_faults(contents, cohort))
    faults.extend(memory_faults(contents, cohorts))
    trained = [
        pair
        for pair in dict.fromkeys((cohort.task, cohort.model) for cohort in cohorts)
        if not contents.models[pair[1]].imported
    ]
    for task, model in trained:
        faults.extend(_training_faults(contents, task, model))
    faults.extend(_override_faults(contents, trained))
    faults.extend(_development_faults(contents, trained))
    for model, constraint in dict.fromkeys((c.model, c.constraint) for c in cohorts):
        faults.extend(_size_faults(contents, model, constraint))
        faults.extend(_rank_faults(contents, model, constraint))
    for task, constraint in dict.fromkeys((c.task, c.constraint) for c in cohorts):
        faults.extend(_channel_faults(contents, task, constraint))
        faults.extend(_loading_faults(contents, task, constraint))
    faults.extend(_mask_faults(contents, cohorts))
    for cohort in cohorts:
        if contents.models[cohort.model].imported:
            faults.extend(_import_faults(contents, cohort))
    return faults


def _number_fault(seeds: int, tasks: int, models: int, constraints: int) -> Fault | None:
    """Return a fault if there are more networks than a workflow can plan."""
    cohorts = tasks * models * constraints
    product = f"{tasks} tasks × {models} models × {constraints} constraints"
    if cohorts > MOST_COHORTS:
        message = f"{product} are {cohorts} cohorts; at most {MOST_COHORTS} can be planned"
        return Fault("models", message)
    if cohorts * seeds > MOST_NETWORKS:
        networks = f"{seeds} seeds × {product} are {cohorts * seeds} networks"
        return Fault("seeds", f"{networks}; at most {MOST_NETWORKS} can be planned")
    return None


def _training_faults(contents: Contents, task: str, model: str) -> Iterator[Fault]:
    layers = {
        "training": contents.training,
        f"tasks.{task}.training": contents.tasks[task].training,
        f"models.{model}.training": contents.models[model].training,
        **{
            f"overrides[{i}].training": override.training
            for i, override in enumerate(contents.overrides)
            if override.matches(task, model, contents.models[model])
        },
    }
    for fault in training_faults(merge_training(*layers.values())):
        yield fault.below(_origin(fault.key, layers))


def _override_faults(contents: Contents, trained: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    for i, override in enumerate(contents.overrides):
        if not any(override.matches(t, m, contents.models[m]) for t, m in trained):
            yield Fault(
                f"overrides[{i}]", "matches no task and model that are combined and trained"
            )


def _development_faults(contents: Contents, trained: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    """Weights are kept of networks that are trained, at steps that their training has."""
    if contents.development is None:
        return
    for model, of_model in contents.models.items():
        if of_model.imported:
            message = f"keeps weights in training, and the networks of models.{model} are imported"
            yield Fault("development", f"{message}; give them an experiment of their own")
    settings, spacing = contents.development, ("count", "first")
    listed = settings.steps != "logarithmic"
    for key in spacing if listed else ():
        if getattr(settings, key) != DevelopmentSettings.model_fields[key].default:
            message = "spaces steps logarithmically, and development.steps lists them"
            yield Fault(f"development.{key}", message)
    for task, model in trained:
        steps = contents.training_for(task, model).steps
        try:
            settings.kept_steps(steps)
        except ValueError as error:
            key = "steps" if listed else spacing[settings.first > steps]
            whose = f"of training models.{model} on tasks.{task}"
            yield Fault(f"development.{key}", f"{error} {whose}")


def _origin(key: str, layers: Mapping[str, TrainingSettings]) -> str:
    """Return the last layer that gives a key: the one whose value holds."""
    given = [name for name, layer in layers.items() if key in layer.model_fields_set]
    return given[-1] if given else "training"


def _import_faults(contents: Contents, cohort: Cohort) -> Iterator[Fault]:
    """Imported networks exist, and no constraint asks what only training could impose."""
    model, constraint = contents.models[cohort.model], contents.constraints[cohort.constraint]
    if constraint.resolved(model.units) != ConstraintSettings().resolved(model.units):
        message = (
            f"constrains weights in training, and the networks of models.{cohort.model} are "
            f"imported; exclude {{model: {cohort.model}, constraint: {cohort.constraint}}}"
        )
        yield Fault(f"constraints.{cohort.constraint}", message)
    elif message := missing_file_fault(model.network_files(cohort, contents.blocks())):
        yield Fault(f"models.{cohort.model}.from", message)


def _size_faults(contents: Contents, model: str, constraint: str) -> list[Fault]:
    settings, units = contents.constraints[constraint], contents.models[model].units
    whole = f"the {units} units of models.{model}"
    faults = []
    if settings.dale_ratio is not None:
        faults.extend(_sign_faults(settings.dale_ratio, units, whole, ""))
    if settings.rank != "full" and settings.rank > units:
        faults.append(Fault("rank", f"{settings.rank} is more than {whole}"))
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


def _rank_faults(contents: Contents, model: str, constraint: str) -> Iterator[Fault]:
    cell = contents.models[model].cell
    own = isinstance(contents.models[model], OwnCellSettings)
    if contents.constraints[constraint].rank != "full" and (cell in GATES or own):
        yield Fault(
            f"constraints.{constraint}.rank",
            f"is for known cells without gates, and models.{model} is a {cell}; exclude "
            f"{{model: {model}, constraint: {constraint}}}",
        )


def _sign_faults(dale_ratio: float, units: int, whole: str, key: str) -> Iterator[Fault]:
    excitatory = excitatory_units(dale_ratio, units)
    if not 1 <= excitatory < units:
        kind = "inhibitory" if excitatory else "excitatory"
        message = f"{dale_ratio:g} of {whole} leaves no {kind} unit; one of each kind is needed"
        yield Fault(join_keys(key, "dale_ratio"), message)


def _channel_faults(contents: Contents, task: str, constraint: str) -> Iterator[Fault]:
    for key in ("inputs", "outputs"):
        count = getattr(contents.tasks[task], key)
        for region, channels in getattr(contents.constraints[constraint], key).items():
            if channels != "all" and channels[-1] >= count:
                yield Fault(
                    f"constraints.{constraint}.{key}.{region}",
                    f"channel {channels[-1]} is not among the {count} {key} of tasks.{task}, "
                    f"counted from 0",
                )


def _loading_faults(contents: Contents, task: str, constraint: str) -> Iterator[Fault]:
    loadings = contents.constraints[constraint].loadings
    channels = {"input": contents.tasks[task].inputs, "output": contents.tasks[task].outputs}
    for vector in () if loadings == "gaussian" else named_vectors(loadings):
        kind, number = place(vector)
        count = channels.get(KINDS[kind], number + 1)
        if number >= count:
            yield Fault(
                f"constraints.{constraint}.loadings",
                f"{vector} is not among the {count} {KINDS[kind]}s of tasks.{task}, counted from 0",
            )


def _mask_faults(contents: Contents, cohorts: Sequence[Cohort]) -> Iterator[Fault]:
    for name, settings in contents.constraints.items():
        for key in MASK_KEYS:
            path = getattr(settings, key)
            if path is None:
                continue
            dotted = f"constraints.{name}.{key}"
            try:
                shape = load_mask(path).shape
            except ValueError as error:
                yield Fault(dotted, f'"{path}": {error}')
                continue
            for cohort in cohorts:
                needed, whose = _mask_shape(contents, cohort, key)
                if cohort.constraint == name and shape != needed:
                    yield Fault(dotted, f'"{path}" has shape {shape}; {whose} needs {needed}')


def _mask_shape(contents: Contents, cohort: Cohort, key: str) -> tuple[tuple[int, int], str]:
    """Return the shape that a cohort needs of a mask, and who needs it."""
    task, units = contents.tasks[cohort.task], contents.models[cohort.model].units
    needed = {
        "mask": (units, units),
        "input_mask": (units, task.inputs),
        "output_mask": (task.outputs, units),
    }[key]
    whose = f"models.{cohort.model}"
    return needed, whose if key == "mask" else f"{whose} with tasks.{cohort.task}"


def _name_faults(contents: Contents, cohort: Cohort) -> Iterator[Fault]:
    """Yield a fault if logs and pages of a cohort, which bear all its names, cannot be written."""
    names = {
        f"tasks.{cohort.task}": cohort.task,
        f"models.{cohort.model}": cohort.model,
        f"constraints.{cohort.constraint}": cohort.constraint,
    }
    last = cut_blocks(contents.seeds[-1:], contents.compute.seeds_per_job)[-1].label
    length = len(".".join([*names.values(), last]))
    if length + BESIDE_NAMES > LONGEST_NAME:
        key = max(names, key=lambda key: len(names[key]))
        allowed = LONGEST_NAME - BESIDE_NAMES - len(last) - 3
        total = sum(map(len, names.values()))
        yield Fault(
            key,
            f"names of task, model and constraint have {total} letters together; files that "
            f"bear them and the seeds {last} have room for {allowed}",
        )
