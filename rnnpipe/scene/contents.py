"""What a scene holds: trajectories and skeleton of one network in three dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from rnnpipe.figures.projection import PLACE

# Place of the other end of what has two.
END = ["end1", "end2", "end3"]
# What axes are called that are no components, before their number.
TURNED = "axis"


@dataclass(frozen=True)
class Colouring:
    """What the colours of trajectories mean.

    Attributes
    ----------
    name, unit
        Of the quantity; the unit is empty where it has none.
    kind
        ``linear``, ``circular`` (radians) or ``categorical`` (numbers of the labels).
    low, high
        Range of the values.
    labels
        Names of the categories, in the order of their numbers.
    """

    name: str
    unit: str
    kind: str
    low: float
    high: float
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Development:
    """Skeletons of one network over training, along the components of the trained one.

    Attributes
    ----------
    kept
        Steps at which weights were kept: probe, step, test_loss, score.
    lives
        Points, and attractors that are none, at the kept steps and at their dated births and
        deaths, each life in order: of (``point``, ``attractor``), probe, point (its identity),
        step, event (kind of the bifurcation there, else null), kind, unstable, marginal, amplitude
        (0 of a point), pc1, pc2, pc3.
    """

    kept: pd.DataFrame
    lives: pd.DataFrame


@dataclass(frozen=True)
class Scene:
    """One network: every table has a place (pc1, pc2, pc3) along the principal components.

    Attributes
    ----------
    task, model, constraint, seed
        The network.
    status
        ``solved``, ``not solved`` or ``diverged``.
    facts
        Facts about the network, as text by name, in the order in which they are shown.
    axes
        Names of the three axes, with their share of the variance.
    probes
        The constant inputs under which points were searched, in the order of the task.
    plane
        Of a network of low rank: what lies in the plane of κ, as `figures.panels.plane.gather`
        gives it; else None.
    probe_values
        The condition that each probe stands for, where it stands for one.
    colouring
        What `paths.value` means; ``None``: trajectories are grey.
    paths
        Steps of trials: trial, time, value.
    points
        Fixed points and slow points: probe, point, kind (``fixed``, ``slow``), unstable (NaN where
        unknown), class, marginal, hits, q, time_constant (steps), frequency (radians per step),
        readout (a list).
    attractors
        Attractors beside the points, amid their states: probe, point (the number of the node),
        kind, period, amplitude, exponents (a list), dimension, visited_share, box_share, readout
        (a list, the mean), unstable (0).
    curves
        The states of these attractors, in order: probe, point, kind, phase.
    modes
        Unstable eigenvectors: probe, point, unstable, re, im, and dpc1, dpc2, dpc3 from the point
        to one end of a segment that reaches as far to the other side.
    spectrum
        Eigenvalues of all modes at every point: probe, point, re, im (no place).
    edges
        Transitions between different points and attractors, by input only from stable ones:
        probe, from, to, kind (``noise``, ``unstable manifold``, ``input``), input, probability,
        trials, median_steps, unstable (of `from`), and end1, end2, end3, the place of `to`. At an
        attractor with several states it is the one that is nearest to the other end.
    unstable_manifold_runs
        Runs of the network off a point along an unstable eigenvector: probe,
        point, unstable, run, step.
    continua
        Nodes of slow curves: probe, continuum, node, kind, nature, closed, drift; those whose
        nature is not ``attractor`` are drawn thin and pale.
    trial
        One of these trials against time, no place: trial, layer (``input``, ``target``,
        ``output``), time, channel, value.
    development
        How the skeleton arose; ``None`` where weights were not kept in training.
    """

    task: str
    model: str
    constraint: str
    seed: int
    status: str
    axes: tuple[str, str, str]
    probes: tuple[str, ...]
    paths: pd.DataFrame
    points: pd.DataFrame
    attractors: pd.DataFrame
    curves: pd.DataFrame
    modes: pd.DataFrame
    spectrum: pd.DataFrame
    edges: pd.DataFrame
    unstable_manifold_runs: pd.DataFrame
    continua: pd.DataFrame
    trial: pd.DataFrame
    colouring: Colouring | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    probe_values: Mapping[str, float] = field(default_factory=dict)
    plane: pd.DataFrame | None = None
    development: Development | None = None

    @property
    def title(self) -> str:
        """Name of the network."""
        return f"{self.task} · {self.model} · {self.constraint} · seed {self.seed}"

    @property
    def turned(self) -> bool:
        """Whether the axes are not principal components but directions in their space."""
        return self.axes[0].startswith(TURNED)

    @property
    def places(self) -> np.ndarray:
        """All places (place, 3) that the scene has to show."""
        tables = (self.paths, self.points, self.continua, self.curves)
        return pd.concat([table[PLACE] for table in tables]).to_numpy(float)

    @property
    def orders(self) -> list[int]:
        """Numbers of unstable modes that occur among the points."""
        return sorted({int(k) for k in self.points["unstable"].dropna()})

    def up_to(self, order: int) -> Scene:
        """The scene without points of more than `order` unstable modes and what belongs to them."""
        known = {
            name: (table := getattr(self, name))[table["unstable"] <= order]
            for name in ("modes", "edges", "unstable_manifold_runs")
        }
        kept = {"points": self.points[~(self.points["unstable"] > order)], **known}
        return replace(self, **{n: table.reset_index(drop=True) for n, table in kept.items()})
