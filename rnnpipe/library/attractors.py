"""What the runs of a network end in, as one object: kinds, shares, curves, plots, a file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rnnpipe.dynamics.attractors import Attractor
from rnnpipe.dynamics.attractors.targets import Moving
from rnnpipe.dynamics.classes import CYCLE, FIXED, LIMIT_CYCLE, SLOW
from rnnpipe.dynamics.summary import summary
from rnnpipe.figures.panels.found import draw_attractors
from rnnpipe.jobs.plain_text import table
from rnnpipe.library.points import FixedPoints, points_from
from rnnpipe.library.pushes import Pulses
from rnnpipe.library.saved import Saved, write_saved

FORMAT = "rnnpipe attractors 1"
# Inputs, and attractors of each, that a summary names.
INPUTS_NAMED, NAMED = 5, 12
SOURCES = {"visited": "states given", "box": "the box"}
# Fields of an attractor with as many entries as it happens to have.
_RAGGED = ("states", "times", "frequencies")
_PLAIN = tuple(field.name for field in fields(Attractor) if field.name not in _RAGGED)


@dataclass(frozen=True, repr=False)
class Attractors:
    """What the runs of a network end in, under one input or several.

    A sequence of `Attractor`: ``attractors[0]`` has the kind, the states in order along it and
    all numbers of the first one.

    Attributes
    ----------
    found
        (attractor,), points first, then by kind; of each, `point` is its number among `points`,
        -1 where it is no point.
    inputs
        (attractor, input), the input held.
    shares
        One row per attractor: the runs from states given that end in it (visited), their share
        of all these runs, and its interval of 95 % (visited_low, visited_high); the same of runs
        from the box.
    ends
        One row per input: numbers of runs, those that ended in no attractor that could be told
        (unassigned) and those that left for infinity (diverged), updates of the longest run,
        the share of the runs from states given that do not end at rest.
    points
        The fixed points, attracting or not.
    """

    found: tuple[Attractor, ...]
    inputs: np.ndarray
    shares: pd.DataFrame
    ends: pd.DataFrame
    points: FixedPoints

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, number: int) -> Attractor:
        return self.found[number]

    def __iter__(self) -> Iterator[Attractor]:
        return iter(self.found)

    def __repr__(self) -> str:
        return _summary(self)

    @property
    def kind(self) -> np.ndarray:
        """Kind of each: ``fixed``, ``cycle``, ``limit cycle``, ``torus``, ``chaotic``, ``slow``."""
        return np.array([one.kind for one in self.found], dtype=object)

    @property
    def period(self) -> np.ndarray:
        """Updates per turn (attractor,): 1 of a point, NaN where there are no turns."""
        return np.array([one.period for one in self.found], dtype=np.float64)

    @property
    def exponents(self) -> np.ndarray:
        """The three largest Lyapunov exponents of each, per update; (attractor, 3)."""
        return np.array([one.exponents for one in self.found]).reshape(-1, 3)

    @property
    def exponent_errors(self) -> np.ndarray:
        """Standard errors of `exponents`, (attractor, 3)."""
        return np.array([one.exponent_errors for one in self.found]).reshape(-1, 3)

    def where(self, chosen: np.ndarray) -> "Attractors":
        """Select attractors by a mask (attractor,) or by number; runs stay as they are."""
        numbers = np.arange(len(self))[chosen]
        return replace(
            self,
            found=tuple(self.found[number] for number in numbers),
            inputs=self.inputs[numbers],
            shares=self.shares.iloc[numbers].reset_index(drop=True),
        )

    def of_kind(self, kind: str) -> "Attractors":
        """Select those of one kind."""
        return self.where(self.kind == kind)

    def moving(self) -> "Attractors":
        """Select those that are no points."""
        return self.where(self.kind != FIXED)

    def under(self, x: np.ndarray) -> "Attractors":
        """Select those under one input (input,), with its points and its runs alone."""
        own = np.array([np.array_equal(x, other) for other in self.ends["input"]])
        if not own.any():
            raise ValueError(f"no runs were made under the input {np.asarray(x)}")
        chosen = self.where((self.inputs == x).all(1))
        before = np.flatnonzero((self.points.inputs == x).all(1))
        found = [
            replace(one, point=int(np.searchsorted(before, one.point))) if one.point >= 0 else one
            for one in chosen.found
        ]
        return replace(
            chosen,
            found=tuple(found),
            ends=self.ends[own].reset_index(drop=True),
            points=self.points.under(x),
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per attractor: kind, numbers, shares, input, and its states (phase, unit)."""
        columns = {name: [getattr(one, name) for one in self.found] for name in _PLAIN}
        for source in SOURCES:
            del columns[source]
        lists = {"frequencies": [one.frequencies for one in self.found]}
        lists |= {"input": list(self.inputs), "states": [one.states for one in self.found]}
        frame = pd.DataFrame({**columns, **self.shares.to_dict(orient="list"), **lists})
        return frame.rename_axis("attractor")

    def transitions(
        self,
        pulses: Pulses | None = None,
        seed: int = 0,
        **options: Any,
    ) -> nx.DiGraph:
        """Find where the state settles when it is pushed off each fixed point and attractor.

        Parameters
        ----------
        pulses, seed, options
            As of `FixedPoints.transitions`.

        Returns
        -------
        networkx.DiGraph
            Nodes are the numbers of the fixed points in `points`; attractors that are no points
            are numbered on after the last of all points there, and their ``class`` is their kind.

        Raises
        ------
        ValueError, TypeError
            As `FixedPoints.transitions`.
        """
        moving = [Moving(one.kind, one.states, one.period) for one in self.moving()]
        attracting = np.isin(np.arange(len(self.points)), [one.point for one in self.found])
        return self.points.graph(pulses, {"seed": seed, **options}, moving, attracting)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot attractors and points along the first two principal components of the states."""
        rows = [
            {"point": number, "kind": one.kind, "phase": phase, "state": state}
            for number, one in enumerate(self.found)
            if one.kind != FIXED
            for phase, state in enumerate(one.states)
        ]
        frame = pd.DataFrame(rows, columns=["point", "kind", "phase", "state"])
        return draw_attractors(self.points.to_frame(), frame, self.points.visited, ax)

    def save(self, path: str | Path) -> None:
        """Write everything but the map to one file (NumPy's npz), which `rnnpipe.load` reads."""
        points = self.points.to_saved()
        arrays = {f"points {name}": array for name, array in points.arrays.items()}
        arrays |= {f"plain {name}": np.array([getattr(a, name) for a in self]) for name in _PLAIN}
        for name in _RAGGED if self.found else ():
            arrays[f"ragged {name}"] = np.concatenate([getattr(one, name) for one in self.found])
            arrays[f"length {name}"] = np.array([len(getattr(one, name)) for one in self.found])
        shares = {f"share {name}": column.to_numpy() for name, column in self.shares.items()}
        tables = {"ends": self.ends, **points.tables}
        saved = Saved(FORMAT, {**arrays, **shares, "inputs": self.inputs}, tables, points.numbers)
        write_saved(Path(path), saved)


def attractors_from(saved: Saved) -> Attractors:
    """Make the attractors that a file holds."""
    tables = dict(saved.tables)
    ends = tables.pop("ends")
    plain, share = _named(saved.arrays, "plain"), _named(saved.arrays, "share")
    values = {name: array.tolist() for name, array in plain.items()}
    for name in ("exponents", "exponent_errors"):
        values[name] = list(plain[name])
    for name, array in _named(saved.arrays, "ragged").items():
        values[name] = np.split(array, saved.arrays[f"length {name}"].cumsum()[:-1])
    found = [
        Attractor(**dict(zip(values, row, strict=True)))
        for row in zip(*values.values(), strict=True)
    ]
    points = Saved("", _named(saved.arrays, "points"), tables, saved.numbers)
    return Attractors(
        tuple(found), saved.arrays["inputs"], pd.DataFrame(share), ends, points_from(points)
    )


def _named(arrays: Mapping[str, np.ndarray], kind: str) -> dict[str, np.ndarray]:
    """Arrays of one kind, by the rest of their names."""
    start = f"{kind} "
    return {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}


def _summary(attractors: Attractors) -> str:
    """Describe attractors first, then points, then the runs that ended in each, by input."""
    inputs = list(attractors.ends["input"])
    lines = []
    for x in inputs[:INPUTS_NAMED]:
        own = attractors if len(inputs) == 1 else attractors.under(x)
        if len(inputs) > 1:
            lines.append(f"under the input {' '.join(f'{value:g}' for value in x)}:")
        fixed, (facts,) = own.points.fixed(), own.ends.to_dict(orient="records")
        (certificate,) = own.points.searches["certificate"]
        lines.append(summary(own.kind, own.period, fixed.classes.tolist(), certificate))
        lines += [table(_rows(own, facts), 0), *_elsewhere(facts)]
    if len(inputs) > INPUTS_NAMED:
        lines.append(f"... and {len(inputs) - INPUTS_NAMED} more inputs, see .ends")
    return "\n".join(lines)


def _rows(own: Attractors, facts: Mapping[str, Any]) -> list[list[str]]:
    """A row per attractor under one input: its name, runs, share and exponents."""
    sources = [source for source in SOURCES if facts[f"{source}_runs"]]
    head = ["", "attractor", *(f"runs from {SOURCES[source]}" for source in sources)]
    rows = [[*head, "exponents"]]
    shares = own.shares.to_dict(orient="records")
    for number, (one, share) in enumerate(zip(own, shares, strict=True)):
        if number == NAMED:
            rows.append(["…", f"and {len(own) - NAMED} more, see .to_frame()"])
            rows[-1] += [""] * (len(head) - 1)
            break
        ran = [_share(share, source, facts[f"{source}_runs"]) for source in sources]
        known = one.exponents[np.isfinite(one.exponents)]
        # Adding 0 leaves no minus before a zero.
        exponents = ", ".join(f"{value:.4f}" for value in known.round(4) + 0.0)
        rows.append([str(number), named(one), *ran, exponents])
    return rows


def named(one: Attractor) -> str:
    """The kind of an attractor, with its number among the points or its steps per turn."""
    parts: dict[str, Callable[[], str]] = {
        FIXED: lambda: f"point {one.point}" if one.point >= 0 else "a point",
        CYCLE: lambda: f"cycle of {one.period:g} steps",
        LIMIT_CYCLE: lambda: f"limit cycle of {one.period:.4g} steps a turn",
        SLOW: lambda: f"slow, drifting by {one.drift:.2g} per step",
    }
    return parts.get(one.kind, lambda: one.kind)()


def _share(share: Mapping[str, float], source: str, runs: int) -> str:
    """Runs that end in an attractor, with the interval of their share, in per cent."""
    low, high = (round(100 * share[f"{source}_{end}"]) for end in ("low", "high"))
    return f"{share[source]} of {runs} ({low} to {high} %)"


def _elsewhere(facts: Mapping[str, Any]) -> list[str]:
    """Lines on runs that end in no attractor."""
    what = {"unassigned": "end in nothing that could be told", "diverged": "leave for infinity"}
    lines = []
    for end, said in what.items():
        counts = [
            f"{facts[f'{source}_{end}']} of {facts[f'{source}_runs']} runs from {name}"
            for source, name in SOURCES.items()
            if facts[f"{source}_{end}"]
        ]
        if counts:
            lines.append(f"{' and '.join(counts)} {said}")
    return lines
