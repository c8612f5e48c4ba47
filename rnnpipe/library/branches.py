"""Branches of fixed points along an input as one object: a table, and a plot."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rnnpipe.dynamics.branches import Branches as Followed
from rnnpipe.figures.kinds.branches import handles, panel
from rnnpipe.figures.panels.found import ABOVE

Height = int | Callable[[np.ndarray], np.ndarray]
_COLUMNS = (
    *("branch", "position", "value", "event", "sampled", "unstable", "spectral_radius"),
    "proved",
)


@dataclass(frozen=True, repr=False)
class Branches(Followed):
    """Branches of fixed points along an input, and their bifurcations.

    Attributes
    ----------
    branch, position, value, states, sampled, unstable, spectral_radius, proved
        (row, ...), as in `rnnpipe.dynamics.branches.Branches`.
    ends
        (branch, 2), why each ends at either side.
    event_branch, event_position, event_kind, event_value, event_states
        (event, ...), of the bifurcations.
    """

    @classmethod
    def of(cls, followed: Followed) -> "Branches":
        """Make them of what was followed."""
        return cls(**{field.name: getattr(followed, field.name) for field in fields(Followed)})

    def __repr__(self) -> str:
        kinds, counts = np.unique(self.event_kind.astype(str), return_counts=True)
        named = [f"{number} {kind}" for kind, number in zip(kinds, counts, strict=True)]
        number = f"{len(self.ends)} {'branch' if len(self.ends) == 1 else 'branches'}"
        return f"{number} of {len(self.value)} points; bifurcations: {', '.join(named) or 'none'}"

    def to_frame(self) -> pd.DataFrame:
        """One row per point of a branch and per bifurcation, in order along each branch.

        Rows of bifurcations name their kind as `event`; their stability is missing.
        """
        rows = pd.DataFrame({**self.row_columns(), "state": list(self.states)}).assign(event="")
        found = {**self.event_columns(), "state": list(self.event_states)}
        events = (
            pd.DataFrame(found)
            .rename(columns={"kind": "event"})
            .assign(sampled=False, proved=False)
        )
        frame = pd.concat([rows, events], ignore_index=True) if len(events) else rows
        frame = frame.sort_values(["branch", "position"], kind="stable", ignore_index=True)
        return frame[[*_COLUMNS, "state"]].astype({"unstable": "Int64"})

    def plot(self, ax: Axes | None = None, height: Height | None = None) -> Axes:
        """Plot branches against the value of the input, stable ones solid, unstable ones dashed.

        Parameters
        ----------
        ax
            Where to draw; new axes if None.
        height
            What is drawn: a state variable by its number, or a function of states (row, unit)
            that returns one number each (row,); None: the first principal component of
            the states along the branches, or the state where it is one number.

        Raises
        ------
        ValueError
            If there is no such state variable, or the function returns another shape.
        """
        ax = plt.figure(layout="constrained").add_subplot() if ax is None else ax
        frame = self.to_frame()
        heights, label = self._heights(np.stack(frame["state"]), height) if len(frame) else ([], "")
        event = frame["event"] != ""
        rows = frame.assign(
            sweep="",
            layer=np.where(event, "event", "branch"),
            stable=(frame["unstable"] == 0).fillna(False).astype(object).where(~event, None),
            height=heights,
        )
        panel(ax, rows, "height")
        ax.set(xlabel="input", ylabel=label)
        if len(rows):
            ax.legend(handles=handles(rows), **ABOVE)
        return ax

    def _heights(self, states: np.ndarray, height: Height | None) -> tuple[np.ndarray, str]:
        """What is drawn of states (row, unit), (row,), and its name."""
        units = states.shape[1]
        if height is None and units > 1:
            centred = states - states.mean(0)
            return centred @ np.linalg.svd(centred, full_matrices=False)[2][0], "PC 1"
        if height is None or isinstance(height, int):
            number = height or 0
            if number not in range(units):
                raise ValueError(f"there is no state variable {number}; there are {units}, from 0")
            return states[:, number], f"state variable {number}" if units > 1 else "state"
        heights = np.asarray(height(states), dtype=np.float64)
        if heights.shape != (len(states),):
            raise ValueError(
                f"height returns shape {heights.shape}; ({len(states)},) is needed, one a state"
            )
        return heights, getattr(height, "__name__", "height").replace("<lambda>", "")
