"""Memory that an experiment asks for at once, and what no machine holds.

Estimates are lower bounds: the arrays that are there for certain. What is refused here
cannot run anywhere; what is not may still be too large for the machine at hand.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

from rnnpipe.faults import Fault
from rnnpipe.settings.asked import asked_of
from rnnpipe.settings.contents import Contents
from rnnpipe.settings.grid import Cohort
from rnnpipe.settings.sections.models import GATES, STATES
from rnnpipe.tasks import TaskWithSettings

MOST_BYTES = 10**12
FLOAT32, FLOAT64 = 4, 8


@dataclass(frozen=True)
class Length:
    """The length of an axis: what it counts, the key that sets it, and its usual length."""

    words: str
    count: int
    key: str
    usual: int


@dataclass(frozen=True)
class Demand:
    """Arrays that must fit into memory at once: what for, their axes, and bytes per value."""

    purpose: str
    axes: tuple[Length, ...]
    value_bytes: int

    @property
    def bytes(self) -> int:
        """Size of the arrays."""
        return self.value_bytes * prod(axis.count for axis in self.axes)

    def fault(self) -> Fault:
        """Name the key of the axis that is furthest from its usual length."""
        worst = max(self.axes, key=lambda axis: axis.count / axis.usual)
        product = " × ".join(f"{axis.count:,} {axis.words}" for axis in self.axes)
        return Fault(
            worst.key,
            f"{worst.count}: {self.purpose} need {_written(self.bytes)} of memory ({product}); "
            f"at most {_written(MOST_BYTES)} are allowed",
        )


def memory_faults(contents: Contents, cohorts: Sequence[Cohort]) -> Iterator[Fault]:
    """Yield one fault for each kind of arrays that no machine holds."""
    for cohort in {(cohort.task, cohort.model): cohort for cohort in cohorts}.values():
        yield from _too_large(_demands_of_cohort(contents, cohort))
    for model in dict.fromkeys(cohort.model for cohort in cohorts):
        yield from _too_large(_demands_of_model(contents, model))
    yield from _too_large(_demands_of_tables(contents, len(cohorts)))


def _too_large(demands: Iterable[Demand]) -> Iterator[Fault]:
    return (demand.fault() for demand in demands if demand.bytes > MOST_BYTES)


def _demands_of_cohort(contents: Contents, cohort: Cohort) -> Iterator[Demand]:
    task, model = contents.tasks[cohort.task], contents.models[cohort.model]
    units, state = _sizes(contents, cohort.model)
    gates = Length("gates", GATES.get(model.cell, 1), units.key, 4)
    time = Length("steps", task.time, _key_of_time(cohort.task, task), 100)
    channels = Length("inputs", task.inputs, f"tasks.{cohort.task}", 10)
    largest = min(contents.compute.seeds_per_job, len(contents.seeds))
    networks = Length("networks of a block", largest, "compute.seeds_per_job", 100)

    yield Demand("recurrent weights", (networks, gates, units, units), FLOAT32)
    yield Demand("input weights", (networks, gates, units, channels), FLOAT32)
    if not model.imported:
        training = contents.training_for(cohort.task, cohort.model)
        key = f"{_source_of_trials(contents, cohort)}.trials"
        trials = Length("trials", training.trials, key, 64)
        yield Demand("states in training", (networks, trials, time, units), FLOAT32)
        yield Demand("inputs in training", (networks, trials, time, channels), FLOAT32)
        every = training.validation.trials
        trials = Length("trials", every, "training.validation.trials", 128)
        yield Demand("states in validation", (networks, trials, time, units), FLOAT32)
    trials = Length("trials", contents.harvest.trials, "harvest.trials", 128)
    yield Demand("harvested states", (trials, time, state, units), FLOAT64)
    yield Demand("harvested inputs", (trials, time, channels), FLOAT64)
    if "low_rank" in asked_of(contents, cohort):
        drawn = contents.loadings
        larger = Length("times as many", max(drawn.times), "loadings.times", 16)
        on = Length("trials", drawn.trials, "loadings.trials", 128)
        yield Demand("states of networks that are drawn", (on, time, larger, units), FLOAT64)
        yield Demand("weights of networks that are drawn", (larger, units, larger, units), FLOAT64)
    trials = Length("trials", contents.behaviour.trials, "behaviour.trials", 256)
    times = max(contents.behaviour.longer, default=1)
    longest = Length("times as long", times, "behaviour.longer", 4)
    yield Demand("states of longer trials", (trials, longest, time, units), FLOAT32)


def _demands_of_model(contents: Contents, name: str) -> Iterator[Demand]:
    """What the analysis of a single network asks for, whatever it has learnt."""
    units, state = _sizes(contents, name)
    sources = dict.fromkeys(("fixed_points", "branches"), ("mixtures", "box"))
    for section, drawn in {**sources, "continua": ("starts",)}.items():
        for source in drawn:
            count = getattr(getattr(contents, section), source)
            starts = Length("starts", count, f"{section}.{source}", 128)
            yield Demand("starting states", (starts, state, units), FLOAT64)
    for source in ("visited", "box"):
        count = getattr(contents.attractors, source)
        runs = Length("runs", count, f"attractors.{source}", 64)
        yield Demand("running states", (runs, state, units), FLOAT64)
    perturbations = Length("perturbations", contents.graph.perturbations, "graph.perturbations", 64)
    yield Demand("perturbed states", (perturbations, state, units), FLOAT64)
    lags = Length("lags", contents.stability.lags, "stability.lags", 30)
    yield Demand("answers to a pulse", (lags, units), FLOAT64)


def _demands_of_tables(contents: Contents, cohorts: int) -> Iterator[Demand]:
    networks = len(contents.seeds) * cohorts
    permutations = contents.similarity.permutations
    draws = Length("permutations", permutations, "similarity.permutations", 1000)
    drawn = Length("networks", networks, "seeds", 1000)
    yield Demand("all permutations", (draws, drawn), FLOAT64)


def _sizes(contents: Contents, name: str) -> tuple[Length, Length]:
    """Return a model's units, and its states per unit."""
    model, key = contents.models[name], f"models.{name}.units"
    states = STATES.get(model.cell, 1)
    return Length("units", model.units, key, 64), Length("states per unit", states, key, 2)


def _key_of_time(name: str, task: TaskWithSettings) -> str:
    """Return the key that sets how long trials are: none of its own where they have epochs."""
    return f"tasks.{name}.time" if "time" in type(task).model_fields else f"tasks.{name}"


def _source_of_trials(contents: Contents, cohort: Cohort) -> str:
    """Return the section that sets the number of trials of a training step."""
    layers = {
        "training": contents.training,
        f"tasks.{cohort.task}.training": contents.tasks[cohort.task].training,
        f"models.{cohort.model}.training": contents.models[cohort.model].training,
    }
    given = [name for name, layer in layers.items() if "trials" in layer.model_fields_set]
    return given[-1] if given else "training"


def _written(size: int) -> str:
    return f"{size / 1e12:,.4g} TB"
