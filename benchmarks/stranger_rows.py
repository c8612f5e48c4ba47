"""The networks of a folder of files, analysed one by one: a row per network, input and seed.

A folder holds `.npz` files of three forms, told by their arrays:

- a module of torch's with a readout, by the names of its state_dict (`rnn.weight_hh_l0`, …);
  `states`: some that it visits; if known, `points`: its fixed points without input, and `moving`:
  the share of 16 runs that were not at rest after a long time;
- a network of low rank, h' = h + α (−h + m nᵀ tanh(h) / N + Σ xᵢ sᵢ wᵢ): `m`, `n`, `alpha`, `wi`,
  `si`; `inputs`: those held, one per row; `points_by_unstable`: the numbers of points under
  each, by their number of unstable modes;
- several networks x' = −x + W tanh x: `W` (network, unit, unit); `points`: how many each has, and
  `stable`: how many of these are stable. Of two units and a single point that is unstable, a
  limit cycle must exist (Poincaré and Bendixson).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import torch
from torch import nn

import rnnpipe
from rnnpipe.dynamics.classes import CYCLE, FIXED, KINDS, LIMIT_CYCLE
from rnnpipe.dynamics.shares import wilson_interval

# A point that is as near as this to a known one, relative to the spread of the states, is it.
SAME = 1e-3
# Euler's step of networks in continuous time, over their time constant.
ALPHA = 0.1
# Number of states of the box from which those that come with no visited ones are searched.
STATES = 256
MODULES = {1: nn.RNN, 3: nn.GRU, 4: nn.LSTM}
PERIODIC = (CYCLE, LIMIT_CYCLE)
# Number of the runs from which it is known whether a network moves.
KNOWN_FROM = 16

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Row:
    """What was found of one network under one input with one seed.

    Attributes
    ----------
    network, input, seed, variables
        Which network; the input held; seed of the searches; number of its state variables.
    known, found, beyond
        Points known of it (NaN: none are told), those of them that were found, and other ones.
    index_sum, certificate
        Of all points found; 1 and ``consistent`` where none is seen to be missing,
        ``proved`` where it is proved that none is.
    added, refuted
        Points that only the proof found, and points that it does not know.
    motion
        What is known of its runs: ``rest``, ``motion``, ``turns`` or nothing.
    attractors
        Kinds, numbers and, of the runs from states given, shares.
    told
        Whether the attractors are those of the motion known, and no run is left unassigned.
    unassigned
        Runs that end in nothing that could be told, or diverge.
    seconds, attractor_seconds
        Processor time of the search for points, and of the attractors.
    """

    network: str
    input: str
    seed: int
    variables: int
    known: float
    found: float
    beyond: float
    index_sum: float
    certificate: str
    added: int
    refuted: int
    motion: str
    attractors: str
    told: bool
    unassigned: int
    seconds: float
    attractor_seconds: float


@dataclass(frozen=True)
class Known:
    """What is known: number of points (NaN: nothing), how many were met, and the motion."""

    points: float
    met: int
    motion: str = ""


@dataclass(frozen=True)
class Found:
    """What was found, and the processor seconds that it took."""

    points: rnnpipe.FixedPoints
    attractors: rnnpipe.Attractors
    seconds: tuple[float, float]


def module_of(arrays: Arrays) -> nn.RNNBase:
    """The recurrent module of torch's whose weights a file holds."""
    own = {
        key.removeprefix("rnn."): torch.from_numpy(array)
        for key, array in arrays.items()
        if key.startswith("rnn.")
    }
    rows, units = own["weight_hh_l0"].shape
    module = MODULES[rows // units](own["weight_ih_l0"].shape[1], units)
    module.load_state_dict(own)
    return module


def low_rank_of(arrays: Arrays) -> rnnpipe.Network:
    """The network of low rank whose arrays a file holds."""
    return rnnpipe.network(
        "ctrnn",
        m=arrays["m"],
        n=arrays["n"],
        input=arrays["wi"],
        input_gain=arrays["si"],
        alpha=arrays["alpha"].item(),
        transposed=["input"],
        divided=["recurrent"],
    )


def searched(step: Any, states: np.ndarray, x: Any, seed: int) -> Found:
    """Find points, then attractors."""
    begin = process_time()
    points = rnnpipe.find_fixed_points(step, states, x, seed=seed)
    middle = process_time()
    attractors = rnnpipe.find_attractors(step, states, x, seed=seed, points=points)
    return Found(points, attractors, (middle - begin, process_time() - middle))


def row_of(name: str, x: Any, seed: int, found: Found, known: Known) -> Row:
    """One row."""
    fixed = found.points.fixed()
    runs = found.attractors.ends.iloc[0]
    ends = ("visited_unassigned", "box_unassigned", "visited_diverged", "box_diverged")
    unassigned = int(runs[list(ends)].sum())
    counted = known.points == known.points
    return Row(
        network=name,
        input="none" if x is None else " ".join(f"{value:g}" for value in x),
        seed=seed,
        variables=fixed.states.shape[1],
        known=known.points,
        found=known.met if counted else np.nan,
        beyond=len(fixed) - known.met if counted else np.nan,
        index_sum=found.points.index_sum,
        certificate=", ".join(found.points.searches["certificate"]),
        added=int(found.points.searches["missed"].sum()),
        refuted=int(found.points.searches["refuted"].sum()),
        motion=known.motion,
        attractors=described(found.attractors),
        told=unassigned == 0 and is_told(found.attractors, known.motion),
        unassigned=unassigned,
        seconds=found.seconds[0],
        attractor_seconds=found.seconds[1],
    )


def is_told(attractors: rnnpipe.Attractors, motion: str) -> bool:
    """Whether attractors are of the motion known.

    Where no run is known to move, the share of those that do is no larger than the few runs
    that it is known from allow; cycles, which may count as rest there, aside.
    """
    counts, runs = attractors.shares["visited"].to_numpy(), attractors.ends["visited_runs"].item()
    moving = counts[attractors.kind != FIXED].sum()
    lasting = counts[~np.isin(attractors.kind, (FIXED, CYCLE))].sum()
    low = wilson_interval(np.array([lasting]), runs)[0].item()
    most = wilson_interval(np.array([0]), KNOWN_FROM)[1].item()
    return {
        "": True,
        "rest": low < most,
        "motion": bool(moving > 0),
        "turns": bool(np.isin(attractors.kind, PERIODIC).any()),
    }[motion]


def described(attractors: rnnpipe.Attractors) -> str:
    """Attractors by kind, with steps per turn, and the share of runs from states given."""
    shares, parts = attractors.shares["visited_share"].to_numpy(), []
    for kind in (kind for kind in KINDS if kind in attractors.kind):
        own = attractors.kind == kind
        periods = sorted({f"{period:.3g}" for period in attractors.period[own]}, key=float)
        turns = f" ({', '.join(periods)})" if kind in PERIODIC else ""
        name = "point" if kind == FIXED else kind
        parts.append(f"{own.sum()} {name}{turns} {100 * shares[own].sum():.0f} %")
    return " + ".join(parts) or "none"


def rows_of_module(name: str, arrays: Arrays, seed: int) -> Iterator[Row]:
    """The row of a module of torch's."""
    module = module_of(arrays)
    states = arrays.get("states")
    if states is None:
        state_size = module.hidden_size * (1 + isinstance(module, nn.LSTM))
        states = np.random.default_rng(seed).uniform(-1, 1, (STATES, state_size))
    found = searched(module, states, None, seed)
    motion = ""
    if "moving" in arrays:
        motion = "motion" if arrays["moving"] > 0 else "rest"
    if "points" not in arrays:
        yield row_of(name, None, seed, found, Known(np.nan, 0, motion))
        return
    known, fixed = arrays["points"], found.points.fixed().states
    distance = np.linalg.norm(known[:, None] - fixed[None], axis=-1)
    met = int((distance.min(axis=1, initial=np.inf) < SAME * found.points.spread).sum())
    yield row_of(name, None, seed, found, Known(len(known), met, motion))


def rows_of_low_rank(name: str, arrays: Arrays, seed: int) -> Iterator[Row]:
    """A row per input of a network of low rank."""
    network = low_rank_of(arrays)
    for x, known in zip(arrays["inputs"], arrays["points_by_unstable"], strict=True):
        found = searched(network, network.random_states(STATES, x, seed), x, seed)
        counts = np.bincount(found.points.fixed().unstable, minlength=len(known))[: len(known)]
        met = int(np.minimum(counts, known).sum())
        yield row_of(name, x, seed, found, Known(int(known.sum()), met))


def rows_of_stack(name: str, arrays: Arrays, seed: int) -> Iterator[Row]:
    """A row per network of a stack."""
    for number, (W, known) in enumerate(zip(arrays["W"], arrays["points"], strict=True)):
        network = rnnpipe.network("ctrnn", recurrent=W, alpha=ALPHA)
        found = searched(network, network.random_states(STATES, seed=seed), None, seed)
        met = min(len(found.points.fixed()), int(known))
        turns = len(W) == 2 and known == 1 and "stable" in arrays and arrays["stable"][number] == 0
        motion = "turns" if turns else ""
        yield row_of(f"{name} {number}", None, seed, found, Known(int(known), met, motion))


def rows_of(path: Path, seed: int, first: int | None) -> Iterator[Row]:
    """The rows of one file; of a stack, of the first networks."""
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    forms = {"rnn.weight_hh_l0": rows_of_module, "m": rows_of_low_rank, "W": rows_of_stack}
    for key, form in forms.items():
        if key == "W" and key in arrays:
            arrays = {name: array[:first] for name, array in arrays.items()}
        if key in arrays:
            yield from form(path.stem, arrays, seed)
