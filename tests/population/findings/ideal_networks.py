"""Populations as the textbook has them: tables of blocks, gathered by the real functions."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.state_machine import state_machine_table
from rnnpipe.population.tables import networks_table
from rnnpipe.tables.schemas import FACTORS, SCHEMAS
from rnnpipe.tasks import Context, FlipFlop, Integrator, Interval, SineWave, Task

# Tables of blocks by name, each of all networks of a task.
Blocks = Mapping[str, pd.DataFrame]
# What is planted in the tables of some networks.
Change = Callable[[dict[str, pd.DataFrame]], Mapping[str, pd.DataFrame]]

COHORT = {"task": "t", "model": "m", "constraint": "none"}
READ = (
    "training",
    "dimensionality",
    "searches",
    "behaviour",
    "fixed_points",
    "stability",
    "responses",
    "continua",
    "edges",
    "attractors",
    "ends",
    "trajectories",
)
# Runs from visited states and from the box, under every probe.
RUNS = 24
_NEUTRAL = {"string": "", "int64": 0, "double": 0.0, "bool": False}


def complete(table: str, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """All columns of a table of blocks and its cohort's; what `rows` lack is zero or empty."""
    schema, rows = SCHEMAS[table], pd.DataFrame() if rows is None else rows
    unknown = set(rows) - set(schema.names) - set(COHORT)
    assert not unknown, f"{table} has no {unknown}"
    whole = {
        field.name: rows[field.name] if field.name in rows else _NEUTRAL.get(str(field.type))
        for field in schema
    }
    return pd.DataFrame({**COHORT, **whole, **rows}, index=rows.index)


def gather(task: Task, blocks: Blocks, factors: pd.DataFrame | None = None) -> Evidence:
    """The evidence on a population: its tables of blocks, and the table ``networks`` of them.

    Parameters
    ----------
    task
        Says which networks are solved.
    blocks
        Tables of blocks; those of `READ` that are not given are empty.
    factors
        One row per cohort, as for `networks_table`.
    """
    tables = {name: complete(name) for name in READ if name not in blocks} | dict(blocks)
    if factors is None:
        design = {name: [None] for name in FACTORS if name not in COHORT}
        factors = pd.DataFrame({**design, "cell": ["gru"]}).assign(**COHORT)
    networks = networks_table(task, tables, state_machine_table(task, tables), factors)
    none = {name: pd.DataFrame(columns=SCHEMAS[name].names) for name in ("distances", "unrelated")}
    return Evidence(task, {**none, **tables, "networks": networks})


def spoil(blocks: Blocks, seeds: Sequence[int], change: Change) -> Blocks:
    """Change the tables of some networks, if any, and leave those of the others as they are."""
    if not len(seeds):
        return blocks
    spoilt = change({name: rows[rows["seed"].isin(seeds)] for name, rows in blocks.items()})
    return {
        name: pd.concat([rows[~rows["seed"].isin(seeds)], spoilt[name]], ignore_index=True)
        for name, rows in blocks.items()
    }


def of_all(seeds: int, rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows for every network."""
    every = rows.iloc[np.tile(np.arange(len(rows)), seeds)].reset_index(drop=True)
    return every.assign(seed=np.repeat(np.arange(seeds), len(rows)))


def trained(task: Task, seeds: int, **tables: pd.DataFrame) -> Blocks:
    """Networks that solve the task, on longer trials too; `tables` are those of one network.

    All runs end in the attractors that `tables` name, by default in one stable point.
    """
    probes = pd.DataFrame({"probe": list(task.probes())})
    attractors = tables.get("attractors", probes)
    each = RUNS // attractors.groupby("probe")["probe"].transform("size")
    by_default = {"attractor": 0, "node": 0, "kind": "fixed", "visited": each, "box": each}
    tables["attractors"] = attractors.assign(**{**by_default, **attractors})
    score = 1.0 if task.higher_is_better else 0.0
    rows = {
        "training": pd.DataFrame({"score": [score], "stop_reason": ["steps"]}),
        "dimensionality": pd.DataFrame({"components_85": [2]}),
        "searches": probes.assign(certificate="consistent"),
        "ends": probes.assign(visited_runs=RUNS, box_runs=RUNS),
        "behaviour": pd.DataFrame({"setting": ["longer"] * 2, "level": [2.0, 4.0], "score": score}),
    }
    of_one = {name: complete(name, (rows | tables).get(name)) for name in READ}
    return {name: of_all(seeds, own) for name, own in of_one.items()}


FLIPFLOP = FlipFlop(bits=2)


@cache
def flipflops(seeds: int = 12) -> Blocks:
    """{-1, 0, 1}^K, unstable along the zeros; noise leads to all neighbours, pulses to one."""
    places = np.array(list(product((-1.0, 0.0, 1.0), repeat=FLIPFLOP.bits)))
    unstable = (places == 0).sum(1)
    names = [f"{k}-saddle" if k else "stable" for k in unstable]
    points = pd.DataFrame({"probe": "zero", "point": range(len(places)), "kind": "fixed"})
    ends = np.flatnonzero(unstable == 0)
    edges = []
    for start, place in enumerate(places):
        near = [end for end in ends if (places[end] == place)[place != 0].all()]
        noise = {"kind": "noise", "input": "", "from": start, "probability": 1 / len(near)}
        edges += [{**noise, "to": end} for end in near]
    for pulse in FLIPFLOP.pulses():
        goals = FLIPFLOP.after_pulse(places[ends], pulse)
        pushed = {"kind": "input", "input": pulse, "probability": 1.0}
        for start, goal in zip(ends, goals, strict=True):
            end = int(np.flatnonzero((places == goal).all(1))[0])
            edges.append({**pushed, "from": start, "to": end})
    return trained(
        FLIPFLOP,
        seeds,
        fixed_points=points.assign(readout=list(0.9 * places)),
        stability=points[["probe", "point"]].assign(
            unstable=unstable,
            spectral_radius=np.where(unstable > 0, 1.5, 0.5),
            **{"class": names},
        ),
        edges=pd.DataFrame(edges).assign(probe="zero", trials=64),
        attractors=pd.DataFrame({"node": ends, "readout": list(0.9 * places[ends])}).assign(
            probe="zero", attractor=range(len(ends))
        ),
    )


INTEGRATOR = Integrator()


@cache
def integrators(seeds: int = 12) -> Blocks:
    """One closed ring, read once around."""
    ring = {"kind": "ring", "nature": "attractor", "closed": True, "turns": -1.001}
    return trained(INTEGRATOR, seeds, continua=pd.DataFrame([ring]).assign(probe="zero"))


SINE = SineWave()


@cache
def oscillators(seeds: int = 12) -> Blocks:
    """Under every input a point and a limit cycle round it, which turn at the frequency asked."""
    targets = pd.Series(SINE.probe_conditions())
    points = pd.DataFrame({"probe": targets.index, "point": 0})
    return trained(
        SINE,
        seeds,
        fixed_points=points.assign(kind="fixed"),
        stability=points.assign(
            unstable=2,
            spectral_radius=1.1,
            frequency=targets.to_numpy() / (2 * np.pi),
            **{"class": "2-saddle"},
        ),
        attractors=pd.DataFrame(
            {
                "probe": targets.index,
                "kind": "limit cycle",
                "node": 1,
                "period": 2 * np.pi / targets.to_numpy(),
                "rotation": targets.to_numpy() / (2 * np.pi),
            }
        ),
    )


INTERVAL = Interval()


@cache
def timers(seeds: int = 12) -> Blocks:
    """Networks that respond when they should, and rest."""
    trials = INTERVAL.sample(6, np.random.default_rng(0))
    trial, time = (axis.ravel() for axis in np.indices(trials.conditions.shape))
    shown = {"output": list(trials.targets.reshape(-1, 1)), "condition": trials.conditions.ravel()}
    rows = pd.DataFrame({"trial": trial, "time": time, **shown})
    return trained(INTERVAL, seeds, trajectories=rows.assign(target=rows["output"]))


CONTEXT = Context()


@cache
def integrators_of_context(seeds: int = 12) -> Blocks:
    """In either context five points with an eigenvalue of 0.99 that the cued stream drives."""
    points = pd.DataFrame(
        [(probe, point) for probe in CONTEXT.probes() for point in range(5)],
        columns=["probe", "point"],
    )
    cued, other = [1.0, 0.1, 0.0, 0.0], [0.1, 1.0, 0.0, 0.0]
    gains = [np.array(cued if probe == "context1" else other) for probe in points["probe"]]
    return trained(
        CONTEXT,
        seeds,
        fixed_points=points.assign(kind="fixed"),
        stability=points.assign(spectral_radius=0.99, **{"class": "stable"}),
        responses=points.assign(mode=0, re=0.99, im=0.0, input_gain=gains),
    )


# Of which task ideal networks are.
TASKS: Mapping[Callable[[int], Blocks], Task] = {
    flipflops: FLIPFLOP,
    integrators: INTEGRATOR,
    oscillators: SINE,
    timers: INTERVAL,
    integrators_of_context: CONTEXT,
}
