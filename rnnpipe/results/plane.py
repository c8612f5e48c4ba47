"""One network of low rank in its variables κ: its directions, trials and skeleton from its tables.

κ of a point or an attractor is that of its states under its own probe.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch

from rnnpipe.dynamics.attractors.targets import Moving
from rnnpipe.dynamics.classes import FIXED
from rnnpipe.dynamics.distances import distances_between
from rnnpipe.dynamics.plane import ReducedMap, View, directions, ends, view
from rnnpipe.dynamics.plane.grid import PLANE
from rnnpipe.dynamics.plane.reduced_map import trial_kappa
from rnnpipe.networks.stack import NetworkStack
from rnnpipe.results.block_loop import Block, BlockTable, Case
from rnnpipe.tables.parquet import matrix


@dataclass(frozen=True)
class BlockTables:
    """What is read of a block: trials (all steps of some), points, attractors and their states."""

    trials: BlockTable
    points: BlockTable
    attractors: BlockTable
    curves: BlockTable


@dataclass(frozen=True)
class ProbePlane:
    """A network under one probe, in κ.

    Attributes
    ----------
    reduced
        The map of κ.
    points, curves
        Columns of the tables `plane_points` and `plane_curves`.
    attractors
        Numbers of the attractors at which runs can settle, and κ of their states.
    unstable
        κ of the fixed points that are no attractors, (point, direction).
    """

    reduced: ReducedMap
    points: dict[str, np.ndarray]
    curves: dict[str, np.ndarray]
    attractors: tuple[np.ndarray, list[Moving]]
    unstable: np.ndarray

    def settled(self, nodes: np.ndarray, extent: float, steps: int) -> np.ndarray:
        """Numbers of the attractors at which runs from κ (node, direction) settle, -1 of none."""
        numbers, moving = self.attractors
        places = ends(self.reduced, nodes, moving, self.unstable, extent, steps)
        return np.append(numbers, -1)[places]

    @property
    def ends(self) -> np.ndarray:
        """κ of all states of attractors, (state, direction)."""
        rank = self.reduced.m.shape[1]
        return np.concatenate([np.empty((0, rank)), *(one.states for one in self.attractors[1])])


class NetworkPlane:
    """A network in κ, under every probe.

    Attributes
    ----------
    found
        Its directions.
    probes
        The network under each probe.
    trials
        Columns of the table `plane_trials`.
    view
        The part of the plane in which all of this lies.

    Raises
    ------
    ValueError
        If the recurrent weights have a rank above 3.
    """

    def __init__(self, block: Block, case: Case, tables: BlockTables) -> None:
        networks = block.networks.select([case.network]).double()
        self.readout = networks.weights().output[0]
        inputs = {name: _held(networks, x) for name, x in block.task.probes().items()}
        rates = next(iter(inputs.values()))
        found = directions(rates.recurrent, self.readout, factors=rates.factors)
        if found is None:
            raise ValueError(f"seed {case.seed} has recurrent weights of a rank above 3")
        self.found = found
        self.probes = {
            name: _probe_plane(
                ReducedMap.of(found, held, networks.cell.alpha),
                Case(case.network, case.seed, "probe", name),
                tables,
            )
            for name, held in inputs.items()
        }
        reduced = next(iter(self.probes.values())).reduced
        self.trials = _trials(networks, reduced, tables.trials, case, block.task.probes())

    @cached_property
    def view(self) -> View:
        """The part of the plane in which trials, attractors and points near them lie."""
        visited = self.trials["kappa"]
        seen = [visited, *(own.ends for own in self.probes.values())]
        others = [own.points["kappa"] for own in self.probes.values()]
        return view(np.concatenate(seen), np.concatenate(others), visited)

    def axes(self) -> dict[str, np.ndarray]:
        """Columns of the table `plane_axes`."""
        rank, beyond = self.found.rank, max(self.found.rank - PLANE, 0)
        nothing = np.full(beyond, np.nan)
        return {
            "direction": np.arange(rank),
            "singular_value": self.found.singular_values.numpy(),
            "low": np.append(self.view.low, nothing),
            "high": np.append(self.view.high, nothing),
            "slice": np.append(np.full(rank - beyond, np.nan), self.view.slice),
            "readout": (self.readout @ self.found.m).mT.numpy(),
        }


def _held(networks: NetworkStack, x: np.ndarray) -> Any:
    return networks.dynamics(0, x).rates


def _probe_plane(reduced: ReducedMap, case: Case, tables: BlockTables) -> ProbePlane:
    def kappa(table: BlockTable, rows: Any) -> np.ndarray:
        return reduced.kappa(torch.from_numpy(table.states(rows))).numpy()

    points, attractors = tables.points.of(case), tables.attractors.of(case)
    curves = tables.curves.of(case).sort_values(["attractor", "phase"])
    places, along = kappa(tables.points, points), kappa(tables.curves, curves)
    first = kappa(tables.attractors, attractors)
    moving = []
    for row, state in zip(attractors.itertuples(), first, strict=True):
        own = along[(curves["attractor"] == row.attractor).to_numpy()]
        moving.append(Moving(row.kind, own if len(own) else state[None], row.period))
    told = [one.settled for one in moving]
    at_rest = (points["kind"] == FIXED) & ~points["point"].isin(attractors["node"])
    names = ("attractor", "node", "phase")
    return ProbePlane(
        reduced,
        {"point": points["point"].to_numpy(), "kappa": places},
        {**{name: curves[name].to_numpy() for name in names}, "kappa": along},
        (attractors["attractor"].to_numpy()[told], [one for one in moving if one.settled]),
        places[at_rest.to_numpy()],
    )


def _trials(
    networks: NetworkStack,
    reduced: ReducedMap,
    table: BlockTable,
    case: Case,
    probes: Mapping[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Columns of the table `plane_trials`."""
    rows = table.of(case).sort_values(["trial", "time"])
    weights, number = networks.weights(), rows["trial"].nunique()
    inputs = matrix(rows["input"]).reshape(number, len(rows) // number, -1)
    states = torch.from_numpy(table.states(rows)).unflatten(0, (number, -1))
    drives = torch.from_numpy(inputs) @ weights.input[0].mT + weights.bias[0]
    kappa = trial_kappa(reduced, states, drives, weights.initial_state[0])
    nearest = distances_between(inputs.mean(1), np.stack(list(probes.values()))).argmin(1)
    return {
        "trial": rows["trial"].to_numpy(),
        "time": rows["time"].to_numpy(),
        "probe": np.array(list(probes), dtype=object)[nearest].repeat(inputs.shape[1]),
        "kappa": kappa.flatten(0, 1).numpy(),
    }
