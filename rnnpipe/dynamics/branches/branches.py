"""Branches as rows: points at the values of the sweep, stability along branches, bifurcations."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnpipe.dynamics.branches.bifurcations import (
    Spectra,
    eigenvalues,
    find_bifurcations,
    orientation,
)
from rnnpipe.dynamics.branches.chain import Chain
from rnnpipe.dynamics.branches.curve import Curve
from rnnpipe.dynamics.branches.segment import Segments, points_at

# Points this close to each other are the same, in units of the spread.
SAME = 1e-4


@dataclass(frozen=True)
class Branches:
    """Branches of fixed points, row by row, and their bifurcations.

    Attributes
    ----------
    branch
        (row,), number of the branch; rows of one are in order.
    position
        (row,), length along the branch: states in units of their spread, values of the sweep.
    value
        (row,), of the swept channel.
    states
        (row, unit).
    sampled
        (row,), whether the value is one of the sweep's; the last row of a closed branch, which
        repeats the first, never counts.
    unstable
        (row,), modes with |lambda| > 1.
    spectral_radius
        (row,), the largest |lambda|.
    proved
        (row,), whether the points sampled at the same value are proved to be all there are.
    ends
        (branch, 2), why each branch ends at either side, as in `Chain`.
    event_branch, event_position, event_kind, event_value, event_states
        (event, ...), the same of the bifurcations; kinds as in `Events`.
    """

    branch: np.ndarray
    position: np.ndarray
    value: np.ndarray
    states: np.ndarray
    sampled: np.ndarray
    unstable: np.ndarray
    spectral_radius: np.ndarray
    proved: np.ndarray
    ends: np.ndarray
    event_branch: np.ndarray
    event_position: np.ndarray
    event_kind: np.ndarray
    event_value: np.ndarray
    event_states: np.ndarray

    def row_columns(self) -> dict[str, np.ndarray]:
        """Columns of one row per point of a branch."""
        first = np.searchsorted(self.branch, self.branch)
        return {
            "branch": self.branch,
            "step": np.arange(len(self.branch)) - first,
            "position": self.position,
            "value": self.value,
            "sampled": self.sampled,
            "state": self.states,
            "unstable": self.unstable,
            "stable": self.unstable == 0,
            "spectral_radius": self.spectral_radius,
            "proved": self.proved,
        }

    def event_columns(self) -> dict[str, np.ndarray]:
        """Columns of one row per bifurcation."""
        return {
            "branch": self.event_branch,
            "kind": self.event_kind,
            "position": self.event_position,
            "value": self.event_value,
            "state": self.event_states,
        }


def assemble(curve: Curve, chains: list[Chain], values: np.ndarray) -> Branches:
    """Turn chains into rows: add points at the values of the sweep, stability, bifurcations."""
    grid = (torch.from_numpy(np.asarray(values, dtype=np.float64)) - curve.low) / curve.range
    places, tangents, number = _joined(curve, chains)
    position = _positions(places, number)
    first = (number[1:] == number[:-1]).nonzero()[:, 0]
    segments = Segments(places[first], places[first + 1], tangents[first], tangents[first + 1])
    known = Spectra(eigenvalues(curve, places), orientation(curve, places, tangents))
    segment, landed = points_at(curve, segments, grid)
    events = find_bifurcations(curve, segments, known.take(first), known.take(first + 1))

    def along(which: Tensor, found: Tensor) -> Tensor:
        return position[first[which]] + (found - segments.start[which]).norm(dim=1)

    everything = torch.cat([places, landed])
    sampled = _sampled(everything, grid, number, chains)
    branch = torch.cat([number, number[first[segment]]])
    length = torch.cat([position, along(segment, landed)])
    modulus = torch.cat([known.eigenvalues, eigenvalues(curve, landed)]).abs()
    order = torch.from_numpy(np.lexsort((length.numpy(), branch.numpy())))
    order = order[_in_sweep(everything[order])]
    events = events.take(_in_sweep(events.places))
    return drop_covered(
        Branches(
            branch=branch[order].numpy(),
            position=length[order].numpy(),
            value=curve.values(everything[order]).numpy(),
            states=curve.states(everything[order]).numpy(),
            sampled=sampled[order].numpy(),
            unstable=(modulus[order] > 1).sum(1).numpy(),
            spectral_radius=modulus[order, 0].numpy(),
            proved=np.zeros(len(order), dtype=bool),
            ends=np.array([chain.ends for chain in chains], dtype=object).reshape(-1, 2),
            event_branch=number[first[events.segment]].numpy(),
            event_position=along(events.segment, events.places).numpy(),
            event_kind=events.kind,
            event_value=curve.values(events.places).numpy(),
            event_states=curve.states(events.places).numpy(),
        ),
        SAME * curve.scale,
    )


def _sampled(places: Tensor, grid: Tensor, number: Tensor, chains: list[Chain]) -> Tensor:
    """Whether each point has a value of the sweep (point,); those of chains, by number, first."""
    sampled = torch.isin(places[:, -1], grid)
    # The last point of a closed branch repeats the first.
    closed = [i for i, chain in enumerate(chains) if chain.ends[0] == "closed"]
    sampled[[int((number == i).nonzero()[-1]) for i in closed]] = False
    return sampled


def _in_sweep(places: Tensor) -> Tensor:
    """Whether places lie between the ends of the sweep, (point,)."""
    return (places[:, -1] >= 0) & (places[:, -1] <= 1)


def _joined(curve: Curve, chains: list[Chain]) -> tuple[Tensor, Tensor, Tensor]:
    """Points and tangents of all chains, and the chain number of each point."""
    empty = torch.empty((0, curve.driven.units + 1), dtype=torch.float64)
    number = [torch.full((len(chain.places),), i) for i, chain in enumerate(chains)]
    return (
        torch.cat([empty, *(chain.places for chain in chains)]),
        torch.cat([empty, *(chain.tangents for chain in chains)]),
        torch.cat([torch.empty(0, dtype=torch.long), *number]),
    )


def _positions(places: Tensor, number: Tensor) -> Tensor:
    """Length along each chain from its first point to every point."""
    steps = (places[1:] - places[:-1]).norm(dim=1)
    steps = torch.where(number[1:] == number[:-1], steps, 0.0)
    total = torch.cat([steps.new_zeros(min(len(places), 1)), steps]).cumsum(0)
    starts = torch.searchsorted(number, number)
    return total - total[starts]


def drop_covered(found: Branches, distance: float) -> Branches:
    """Drop branches all of whose points at the values of the sweep lie on another branch.

    Where a trace missed a known point, the point is followed as well, and the two overlap.
    """
    count = len(found.ends)
    rows = [np.flatnonzero((found.branch == b) & found.sampled) for b in range(count)]
    kept: list[int] = []
    for b in sorted(range(count), key=lambda b: (-len(rows[b]), b)):
        mine = found.states[rows[b]], found.value[rows[b]]
        others = [(found.states[rows[k]], found.value[rows[k]]) for k in kept]
        if not len(rows[b]) or not any(_covered(*mine, *other, distance) for other in others):
            kept.append(b)
    kept.sort()
    renumbered = np.full(count, -1)
    renumbered[kept] = np.arange(len(kept))
    columns = {name: getattr(found, name) for name in Branches.__dataclass_fields__}
    rows_kept = np.isin(found.branch, kept)
    events_kept = np.isin(found.event_branch, kept)
    for name, column in columns.items():
        if name != "ends":
            columns[name] = column[events_kept if name.startswith("event_") else rows_kept]
    columns["ends"] = found.ends[kept]
    columns["branch"] = renumbered[columns["branch"]]
    columns["event_branch"] = renumbered[columns["event_branch"]]
    return Branches(**columns)


def _covered(
    states: np.ndarray,
    values: np.ndarray,
    other_states: np.ndarray,
    other_values: np.ndarray,
    distance: float,
) -> bool:
    """Whether one of the other states lies near each state at the same value."""
    for state, value in zip(states, values, strict=True):
        there = other_states[other_values == value]
        if not len(there) or np.linalg.norm(there - state, axis=1).min() > distance:
            return False
    return True
