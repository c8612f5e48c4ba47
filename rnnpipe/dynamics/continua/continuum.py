"""A slow curve or surface, with the numbers that say whether it is an attractor."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.dynamics.continua.nature import crossing, nature
from rnnpipe.dynamics.distances import distances_between

# A point lies on a continuum if a node is nearer than this, relative to the spread.
ON_IT = 0.05
# The ends of an arc are nearer to each other than this, relative to its length: of a
# circle more than 260 degrees.
ARC = 1 / 3


@dataclass(frozen=True)
class Continuum:
    """A curve or a surface of slow states.

    Attributes
    ----------
    kind
        ``ring``: a curve that was followed all round. ``arc``: a torn ring, whose ends are
        nearer to each other than a third of its length. ``line``: any other curve.
        ``surface``: states along two modes of equal slowness.
    states
        (node, unit); of a curve in order, of a surface in none.
    position
        (node,), arc length from the first node; NaN on a surface.
    drift
        (node,), displacement per update: along the curve in the direction of its order; on a
        surface the speed.
    eigenvalue
        (node,), of the slowest mode; NaN where it is complex.
    transversal
        (node,), largest |lambda| of the modes across the continuum.
    length
        Arc length without the closing step or the gap; of a surface, the largest distance
        of two of its states.
    gap
        Distance between the ends of a curve; 0 if it is closed, NaN of a surface.
    trial
        Updates for which the network has to hold what it stores.
    """

    kind: str
    states: np.ndarray
    position: np.ndarray
    drift: np.ndarray
    eigenvalue: np.ndarray
    transversal: np.ndarray
    length: float
    gap: float
    trial: int

    @property
    def closed(self) -> bool:
        """Whether it is a curve that was followed all round."""
        return self.kind == "ring"

    @property
    def fastest(self) -> float:
        """Uniform norm of the drift: the largest displacement per update."""
        return float(np.abs(self.drift).max())

    @property
    def crossing(self) -> float:
        """Trials that the fastest drift takes to cover the length; infinite at rest."""
        return crossing(self.length, self.drift, self.trial)

    @property
    def nature(self) -> str:
        """What it is: ``attractor``, ``repelling``, ``marginal`` or ``leak``."""
        return nature(self.transversal, self.crossing)

    def error_after(self, updates: int) -> float:
        """Bound how far a state held on it has drifted; Ságodi et al. 2024 (NeurIPS 37).

        The uniform norm of the drift, times the updates.
        """
        return updates * self.fastest

    def nodes_at(self, points: np.ndarray, spread: float) -> np.ndarray:
        """Node at which each point (point, unit) lies, -1 for points off it; (point,)."""
        distances = distances_between(points, self.states)
        on = distances.min(1, initial=np.inf) < ON_IT * spread
        return np.where(on, distances.argmin(1), -1)

    def node_columns(self, spread: float) -> dict[str, np.ndarray]:
        """Columns of one row per node; lengths relative to the spread of the visited states."""
        return {
            "node": np.arange(len(self.states)),
            "position": self.position / spread,
            "state": self.states,
            "drift": self.drift / spread,
            "eigenvalue": self.eigenvalue,
            "transversal": self.transversal,
        }

    def facts(self, spread: float) -> dict[str, bool | float | str]:
        """The continuum as one row; lengths relative to the spread of the visited states."""
        return {
            "kind": self.kind,
            "nature": self.nature,
            "closed": self.closed,
            "nodes": len(self.states),
            "length": self.length / spread,
            "gap": self.gap / spread,
            "drift": np.median(np.abs(self.drift)) / spread,
            "fastest": self.fastest / spread,
            "transversal": self.transversal.max(),
            "crossing": self.crossing,
            "error": self.error_after(self.trial) / spread,
        }


def curve_continuum(
    states: np.ndarray,
    drift: np.ndarray,
    eigenvalue: np.ndarray,
    transversal: np.ndarray,
    closed: bool,
    trial: int,
) -> Continuum:
    """Measure a curve and name its kind; the arguments are attributes of `Continuum`."""
    position = arc_length(states)
    gap = 0.0 if closed else float(np.linalg.norm(states[-1] - states[0]))
    torn = "arc" if gap < ARC * position[-1] else "line"
    return Continuum(
        kind="ring" if closed else torn,
        states=states,
        position=position,
        drift=drift,
        eigenvalue=eigenvalue,
        transversal=transversal,
        length=float(position[-1]),
        gap=gap,
        trial=trial,
    )


def arc_length(states: np.ndarray) -> np.ndarray:
    """Compute the length of the way from the first state to each; (node,)."""
    steps = np.linalg.norm(np.diff(states, axis=0), axis=1)
    return np.concatenate([[0.0], np.cumsum(steps)])


def condition_columns(
    condition: np.ndarray, later: np.ndarray, circular: bool
) -> dict[str, np.ndarray]:
    """Columns of a reported condition at every node, and of its change within one update."""
    drift = signed_angle(later, condition) if circular else later - condition
    return {"condition": condition, "condition_drift": drift}


def signed_angle(after: np.ndarray, before: np.ndarray) -> np.ndarray:
    """The signed angle from `before` to `after`, the shorter way, in [-pi, pi)."""
    return (after - before + np.pi) % (2 * np.pi) - np.pi


def count_turns(angles: np.ndarray, closed: bool) -> float:
    """Count the turns of an angle along a curve; of a torn one only what it covers.

    Parameters
    ----------
    angles
        (node,), radians, so densely sampled that no step is half a turn.
    closed
        Whether the last node is followed by the first: the number is then whole.
    """
    steps = signed_angle(angles[1:], angles[:-1])
    total = steps.sum() + (signed_angle(angles[0], angles[-1]) if closed else 0.0)
    return float(total / (2 * np.pi))
