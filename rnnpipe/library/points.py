"""The fixed points of a network as one object: states, stability, selections, plots, a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import torch
from matplotlib.axes import Axes

from rnnpipe.dynamics.attractors.targets import Moving
from rnnpipe.dynamics.classes import MARGINAL_CLASS, STABLE
from rnnpipe.dynamics.continua import Continuum, find_continua
from rnnpipe.dynamics.fixed_points import Points
from rnnpipe.dynamics.maps import Driven, Dynamics
from rnnpipe.dynamics.stability import Stability, analyse
from rnnpipe.dynamics.summary import rank
from rnnpipe.figures.panels.found import draw_points, draw_spectrum
from rnnpipe.jobs.plain_text import count
from rnnpipe.library.options import options_of, read_options
from rnnpipe.library.pushes import Nodes, Pulses, transition_graph
from rnnpipe.library.saved import Saved, write_saved
from rnnpipe.settings.sections.analysis import ContinuaSettings, GraphSettings, HarvestSettings
from rnnpipe.streams import stream

FORMAT = "rnnpipe fixed points 2"
# States that are kept for plots.
KEPT = 2000
# Certificates of more inputs than this are only counted.
NAMED = 5
# What has one entry per point.
_PER_POINT = (*(field.name for field in fields(Points)), "inputs", "jacobians")

_SEED = {"seed": (HarvestSettings, "seed")}
_TRIAL = {"trial": (GraphSettings, "steps")}
CONTINUA_OPTIONS = {**_SEED, **_TRIAL, **options_of(find_continua, ContinuaSettings)}


@dataclass(frozen=True, repr=False)
class FixedPoints(Points):
    """Fixed points and slow points of a network, under one input or several.

    Attributes
    ----------
    states, q, kind, hits, inside, distance, beyond_visited
        (point, ...), as in `Points`.
    inputs
        (point, input), the input under which each point was sought; no columns for
        an autonomous network.
    jacobians
        (point, unit, unit).
    searches
        One row per input: what was sought and found, the certificate, and of some runs from
        states given (runs) how many end elsewhere than at these points (elsewhere).
    visited
        (state, unit), some of the states given, for orientation.
    spread
        Root mean square distance of the states given from their mean.
    tolerance
        |lambda| within this of 1 counts as marginal.
    driven
        The map itself; None once loaded from a file.
    """

    inputs: np.ndarray
    jacobians: np.ndarray
    searches: pd.DataFrame
    visited: np.ndarray
    spread: float
    tolerance: float = 1e-3
    driven: Driven | None = None

    def __len__(self) -> int:
        return len(self.states)

    def __repr__(self) -> str:
        return _summary(self)

    @cached_property
    def stability(self) -> Stability:
        """Eigenvalues, modes and classes, from the Jacobians."""
        return analyse(self.jacobians, self.tolerance)

    @property
    def speed(self) -> np.ndarray:
        """Speed of each point, |F(h) - h|; (point,)."""
        return np.sqrt(2 * self.q)

    @property
    def eigenvalues(self) -> np.ndarray:
        """Eigenvalues of each point, by falling modulus; (point, mode)."""
        return self.stability.eigenvalues

    @property
    def classes(self) -> np.ndarray:
        """Class of each point: ``stable``, ``1-saddle``, ... or ``marginal``; (point,)."""
        return self.stability.labels

    @property
    def unstable(self) -> np.ndarray:
        """Number of unstable modes of each point, (point,)."""
        return self.stability.unstable

    @property
    def index_sum(self) -> int:
        """Sum of the indices of all fixed points; 1 for each input of a complete bounded map."""
        return int(self.searches["index_sum"].sum())

    @property
    def dynamics(self) -> Dynamics:
        """The map under the one input under which the points were sought.

        Raises
        ------
        ValueError
            If the map is not at hand, or there are several inputs.
        """
        if self.driven is None:
            raise ValueError("points from a file come without their map; find them anew for this")
        if len(self.searches) != 1:
            raise ValueError("the points were sought under several inputs; choose one by `under`")
        return self.driven.held(torch.from_numpy(self.searches["input"].iloc[0]))

    def where(self, chosen: np.ndarray) -> "FixedPoints":
        """Select points by a mask (point,) or by number; certificates stay as they are."""
        numbers = np.arange(len(self))[chosen]
        rows = {name: getattr(self, name)[numbers] for name in _PER_POINT}
        return replace(self, **rows)

    def under(self, x: np.ndarray) -> "FixedPoints":
        """Select the points of one input (input,), with its certificate alone."""
        own = np.array([np.array_equal(x, other) for other in self.searches["input"]])
        if not own.any():
            raise ValueError(f"nothing was sought under the input {np.asarray(x)}")
        chosen = self.where((self.inputs == x).all(1))
        return replace(chosen, searches=self.searches[own].reset_index(drop=True))

    def fixed(self) -> "FixedPoints":
        """Select fixed points, without slow points."""
        return self.where(self.kind == "fixed")

    def stable(self) -> "FixedPoints":
        """Select stable fixed points; marginal ones are not."""
        return self.where((self.kind == "fixed") & (self.classes == STABLE))

    def saddles(self, unstable: int) -> "FixedPoints":
        """Select fixed points with the given number of unstable modes and no marginal one."""
        settled = (self.kind == "fixed") & (self.classes != MARGINAL_CLASS)
        return self.where(settled & (self.unstable == unstable))

    def slower_than(self, speed: float) -> "FixedPoints":
        """Select points with a speed |F(h) - h| below the given one."""
        return self.where(self.speed < speed)

    def to_frame(self) -> pd.DataFrame:
        """One row per point: kind, class, counts, speeds, input and state."""
        columns = {**self.point_columns(), **self.stability.point_columns()}
        lists = {"input": list(self.inputs), "state": list(self.states)}
        return pd.DataFrame({**columns, **lists}).rename_axis("point")

    def transitions(
        self,
        pulses: Pulses | None = None,
        seed: int = 0,
        **options: Any,
    ) -> nx.DiGraph:
        """Find where the state settles when it is pushed off each fixed point.

        Parameters
        ----------
        pulses
            Name to an input (input,) shown for one update.
        seed
            Of the random directions.
        options
            `perturbations`, `size` and `steps` of `rnnpipe.dynamics.transitions.find_transitions`.

        Returns
        -------
        networkx.DiGraph
            Nodes are the numbers of the points here; see
            `rnnpipe.dynamics.transition_graph.to_digraph`.

        Raises
        ------
        ValueError
            If the map is not at hand, the points were sought under several inputs, a pulse
            has another shape than the input, or an option is out of bounds.
        TypeError
            If an option is unknown, or pulses are no mapping.
        """
        return self.graph(pulses, {"seed": seed, **options})

    def graph(
        self,
        pulses: Pulses | None,
        options: Mapping[str, Any],
        moving: Sequence[Moving] = (),
        attracting: np.ndarray | None = None,
    ) -> nx.DiGraph:
        """Find `transitions` with their options, also of attractors that are no points.

        These are `moving`, numbered on after the last point; `attracting` (point,) says which
        points are attractors, by default by their eigenvalues.
        """
        numbers = np.flatnonzero(self.kind == "fixed")
        fixed = self.where(numbers)
        nodes = Nodes(
            points=fixed.states,
            stability=fixed.stability,
            attracting=None if attracting is None else attracting[numbers],
            moving=moving,
            numbers=np.append(numbers, len(self) + np.arange(len(moving))),
        )
        return transition_graph(self.driven, self.dynamics, nodes, self.spread, pulses, options)

    def continua(self, seed: int = 0, trial: int = 50, **options: Any) -> list[Continuum]:
        """Find curves or the surface of slow states; see `dynamics.continua.find_continua`.

        Parameters
        ----------
        seed
            Of the choice among the states.
        trial
            Updates for which the network has to hold what it stores: a curve whose fastest
            drift crosses it within few trials is a leak and no attractor.
        options
            `starts` and `step`.

        Returns
        -------
        list
            Longest first. Of each, `kind` is ``ring``, ``arc``, ``line`` or ``surface``, and
            `nature` says whether it is an ``attractor``.

        Raises
        ------
        ValueError, TypeError
            As `transitions`.
        """
        chosen = read_options({"seed": seed, "trial": trial, **options}, CONTINUA_OPTIONS)
        rng = stream(chosen.pop("seed"), "continua")
        return find_continua(self.dynamics, self.visited, self.states, self.spread, rng, **chosen)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot points along the first two principal components of the states given."""
        return draw_points(self.to_frame(), self.visited, ax)

    def plot_spectrum(self, ax: Axes | None = None) -> Axes:
        """Plot eigenvalues in the complex plane, with the unit circle."""
        return draw_spectrum(self.eigenvalues, self.unstable, ax)

    def save(self, path: str | Path) -> None:
        """Write everything but the map to one file (NumPy's npz)."""
        write_saved(Path(path), self.to_saved())

    def to_saved(self) -> Saved:
        """Everything but the map, as it is written to a file."""
        return Saved(
            FORMAT,
            {name: getattr(self, name) for name in (*_PER_POINT, "visited")},
            {"searches": self.searches},
            {"spread": self.spread, "tolerance": self.tolerance},
        )


def some_states(states: np.ndarray) -> np.ndarray:
    """Choose some of the states given (state, unit), evenly, to keep beside the points."""
    return states[:: max(1, len(states) // KEPT)]


def points_from(saved: Saved) -> FixedPoints:
    """Make the points that a file holds."""
    return FixedPoints(**saved.arrays, **saved.tables, **saved.numbers)


def _summary(points: FixedPoints) -> str:
    """Describe points by class, slow points, certificates, and the runs that end elsewhere."""
    fixed = points.classes[points.kind == "fixed"]
    counts = [f"{(fixed == name).sum()} {name}" for name in sorted(set(fixed), key=rank)]
    lines = [count(len(fixed), "fixed point") + (f": {', '.join(counts)}" if counts else "")]
    if number := int((points.kind == "slow").sum()):
        lines.append(count(number, "slow point"))
    if points.beyond_visited.any():
        lines.append(f"{points.beyond_visited.sum()} beyond all states given (beyond_visited)")
    for row in points.searches.head(NAMED).itertuples():
        lines.append(f"certificate: {row.certificate}, {row.reason}")
    if len(points.searches) > NAMED:
        lines.append(f"... and {len(points.searches) - NAMED} more inputs, see .searches")
    runs, elsewhere = points.searches[["runs", "elsewhere"]].sum()
    if elsewhere:
        lines.append(
            f"{elsewhere} of {runs} runs end elsewhere: rnnpipe.find_attractors names what they "
            "end in"
        )
    return "\n".join(lines)
