"""A trained network of an experiment: weights, runs, and what the analysis found of it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rnnpipe.faults import suggestion
from rnnpipe.library.attractors import Attractors
from rnnpipe.library.network import Network
from rnnpipe.library.points import FixedPoints
from rnnpipe.library.trained_arrays import EffectiveWeights, Trajectories
from rnnpipe.library.trained_skeleton import stored_attractors, stored_graph, stored_points
from rnnpipe.networks.constraints import Connectivity
from rnnpipe.networks.harvest import Components
from rnnpipe.results.network_files import NetworkFiles
from rnnpipe.results.network_panel import draw_network
from rnnpipe.settings.sections.training import PARTS


class TrainedNetwork:
    """A network of an experiment, as `rnnpipe.open(folder).network(...)` gives it.

    Its files are read when they are asked for. The functions of `rnnpipe` take it as they take
    an `rnnpipe.network`.

    Attributes
    ----------
    files
        Its files: `files.path(table)`, `files.table(table)`, `files.settings(stage)`.
    facts
        Its row of the table of networks.
    """

    def __init__(self, files: NetworkFiles, facts: pd.Series) -> None:
        self.files, self.facts = files, facts

    def __repr__(self) -> str:
        solved = {True: "solved", False: "not solved"}.get(self.solved, "not yet judged")
        return f"TrainedNetwork({self.files}; score {self.score:.4g}, {solved})"

    @property
    def task(self) -> str:
        """Name of its task."""
        return self.files.cohort.task

    @property
    def model(self) -> str:
        """Name of its model."""
        return self.files.cohort.model

    @property
    def constraint(self) -> str:
        """Name of its constraint."""
        return self.files.cohort.constraint

    @property
    def seed(self) -> int:
        """Its seed."""
        return self.files.seed

    @property
    def score(self) -> float:
        """Score on held-out trials, in the units of the task."""
        return float(self.facts["score"])

    @property
    def solved(self) -> bool | None:
        """Whether it solved its task; None until the stage ``population`` has judged it."""
        solved = self.facts["solved"]
        return None if pd.isna(solved) else bool(solved)

    @property
    def least_rank(self) -> int | None:
        """Least rank to which its recurrent weights can be cut such that it still does its task.

        None where ranks are not asked for (the section `ranks` of the experiment file; the rows by
        rank are `files.table("ranks")`), and of a network that does not do its task uncut.
        """
        rank = self.facts.get("least_rank")
        return None if pd.isna(rank) else int(rank)

    @cached_property
    def map(self) -> Network:
        """The network as a map of state and input, with its readout, in float64."""
        stack = self.files.stack()
        return Network(stack.cell, stack.weights())

    @cached_property
    def weights(self) -> EffectiveWeights:
        """Effective weights, float64."""
        weights, factors = self.map.weights, self.files.stack().factors() or ()
        tensors = {name: getattr(weights, name) for name in PARTS}
        tensors |= dict(zip("mn", factors, strict=False))
        # Adding 0 leaves no minus before a zero.
        return EffectiveWeights(**{name: part[0].numpy() + 0.0 for name, part in tensors.items()})

    @cached_property
    def connectivity(self) -> Connectivity:
        """Masks of the connections, signs of the units, names of their regions."""
        return self.files.stack().connectivity(0)

    @property
    def history(self) -> pd.DataFrame:
        """One row per step of training that was looked at: loss, validation, gradient norm."""
        return self.files.table("history")

    def run(self, inputs: Any = None, states: Any = None, steps: int | None = None) -> np.ndarray:
        """Run the network without noise; see `rnnpipe.Network.run`.

        Parameters
        ----------
        inputs
            (time, input), or for each trial (trial, time, input); None: zero for `steps`.
        states
            States before the first step, (state,) or (trial, state); None: the initial state.
        steps
            How long without `inputs`.

        Returns
        -------
        ndarray
            (trial, time, state), the state after each step.

        Raises
        ------
        ValueError
            If shapes do not fit, or neither inputs nor steps are given, or both.
        """
        return self.map.run(inputs, states, steps)

    def readout(self, states: Any) -> np.ndarray:
        """Outputs (..., output) of states (..., state)."""
        return self.map.readout(states)

    @cached_property
    def trajectories(self) -> Trajectories:
        """States, inputs, outputs, targets and conditions of the held-out trials that were kept.

        Raises
        ------
        ArtifactError
            If the file is missing or damaged.
        ValueError
            If the network was not harvested, since its training diverged.
        """
        rows = self.files.table("trajectories").sort_values(["trial", "time"], kind="stable")
        if rows.empty:
            raise ValueError(f"{self.files} has no trajectories: {self._reason()}")
        trials = rows["trial"].nunique()
        columns = ("state", "input", "output", "target")
        arrays = [self.files.matrix(rows, "trajectories", name) for name in columns]
        shaped = [array.reshape(trials, -1, array.shape[1]) for array in arrays]
        return Trajectories(*shaped, rows["condition"].to_numpy().reshape(trials, -1))

    @cached_property
    def components(self) -> Components:
        """Principal components of its states on all held-out trials.

        Raises
        ------
        ArtifactError, ValueError
            As `trajectories`.
        """
        rows = self.files.table("components").sort_values("component")
        if rows.empty:
            raise ValueError(f"{self.files} has no components: {self._reason()}")
        directions, means = (
            self.files.matrix(rows, "components", name) for name in ("direction", "mean")
        )
        return Components(rows["variance"].to_numpy(), directions, means[0])

    @cached_property
    def probes(self) -> Mapping[str, np.ndarray]:
        """The inputs (input,) under which the network was analysed, by name."""
        return dict(self.files.settings("fixed_points").task.probes())

    def fixed_points(self, probe: str | None = None) -> FixedPoints:
        """The fixed points and slow points that the experiment found, with their certificate.

        Parameters
        ----------
        probe
            Name of the probe; may be left out where there is one only.

        Returns
        -------
        FixedPoints
            As of `rnnpipe.find_fixed_points`, with the map.

        Raises
        ------
        ArtifactError
            If a file is missing or damaged.
        ValueError
            If there is no such probe or several, or the network was not harvested.
        """
        name = self._searched(probe)
        return stored_points(self.files, name, self.probes[name], self.map.driven)

    def attractors(self, probe: str | None = None) -> Attractors:
        """What its runs end in, as of `rnnpipe.find_attractors`; parameter and errors as above.

        Parameters
        ----------
        probe
            Name of the probe; may be left out where there is one only.

        Raises
        ------
        ArtifactError, ValueError
            As `fixed_points`.
        """
        name = self._probe(probe)
        return stored_attractors(self.files, name, self.fixed_points(name))

    def transitions(self, probe: str | None = None) -> nx.DiGraph:
        """Where the state settles when it is pushed off each fixed point and attractor.

        Parameters
        ----------
        probe
            Name of the probe; may be left out where there is one only.

        Returns
        -------
        networkx.DiGraph
            Nodes are the numbers of the points in `fixed_points`, then of the attractors that
            are no points; see `rnnpipe.dynamics.transition_graph.to_digraph`.

        Raises
        ------
        ArtifactError, ValueError
            As `fixed_points`.
        """
        name = self._searched(probe)
        return stored_graph(self.files, name)

    def plot(
        self,
        probe: str | None = None,
        dimensions: int = 2,
        trials: int = 40,
        ax: Axes | None = None,
    ) -> Axes:
        """Plot states on held-out trials with the skeleton, along two or three components.

        Fixed points are coloured by their unstable modes, whose directions are short lines;
        attractors that move are curves or clouds.

        Parameters
        ----------
        probe
            Name of the probe; may be left out where there is one only.
        dimensions
            2 or 3.
        trials
            Number of trials drawn.
        ax
            Where to draw, of as many dimensions; new axes if None.

        Raises
        ------
        ArtifactError, ValueError
            As `fixed_points`, and if dimensions are others or not those of the axes.
        """
        name = self._searched(probe)
        task = self.files.settings("fixed_points").task
        return draw_network(self.files, task, name, dimensions, trials, ax)

    def _probe(self, probe: str | None) -> str:
        names = list(self.probes)
        if probe is None and len(names) == 1:
            return names[0]
        if probe not in names:
            said = "name one of" if probe is None else f"{probe!r}: there is no such probe; name"
            near = "" if probe is None else suggestion(probe, names)
            raise ValueError(f"probe: {said} {', '.join(names)}{near}")
        return probe

    def _searched(self, probe: str | None) -> str:
        """Name a probe; refuse a network that was not harvested, of which there is no skeleton."""
        name = self._probe(probe)
        if pd.isna(self.files.row("searches", name)["spread"]):
            raise ValueError(f"{self.files} has no fixed points: {self._reason()}")
        return name

    def _reason(self) -> str:
        stop = self.facts["stop_reason"]
        return f"its training ended as {stop!r}, so that it was not harvested"
