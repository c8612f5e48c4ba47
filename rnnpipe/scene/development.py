"""How the skeleton of a network arises: lives of points along the final network's axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import FIXED, MARGINAL_CLASS
from rnnpipe.figures.panels.lifelines import lifelines
from rnnpipe.figures.panels.steps import along, first_of
from rnnpipe.figures.projection import PLACE, placed
from rnnpipe.jobs.plain_text import count
from rnnpipe.scene.contents import Development
from rnnpipe.scene.skeleton import near

TABLES = ("development", "development_points", "development_attractors", "development_events")
_KEY = ["of", "probe", "point"]
_COLUMNS = [*_KEY, "step", "event", "kind", "unstable", "marginal", "amplitude", *PLACE]


def development_of(
    tables: Mapping[str, pd.DataFrame],
    components: pd.DataFrame,
    probes: Sequence[str],
    paths: pd.DataFrame,
) -> Development | None:
    """Place the lives of one network's points, and of its other attractors, along its components.

    Parameters
    ----------
    tables
        Tables of the network; without those on development, or without rows in them, there is
        nothing to show.
    components
        Components of the trained network.
    probes
        The scene's probes.
    paths
        Trajectories of the trained network; points far off them at every step are left out.
    """
    if any(name not in tables for name in TABLES) or tables["development"].empty:
        return None
    own = {name: table[table["probe"].isin(list(probes))] for name, table in tables.items()
           if name in TABLES}  # fmt: skip
    points, moving = own["development_points"], own["development_attractors"]
    # The point of an attractor is none where it moves; here points are named by identities.
    moving = moving[moving["kind"] != FIXED].drop(columns="point")
    points = placed(points, components).assign(
        kind=FIXED, amplitude=0.0, marginal=points["class"].to_numpy() == MARGINAL_CLASS
    )
    moving = placed(moving, components).assign(unstable=0, marginal=False)
    events, values = own["development_events"], [*PLACE, "amplitude"]
    lives = [
        lifelines(near(rows, paths), events, values, of).assign(of=of)
        for rows, of in ((points, "point"), (moving, "attractor"))
    ]
    lives = pd.concat([rows for rows in lives if len(rows)] or lives[:1], ignore_index=True)
    kept = own["development"][["probe", "step", "test_loss", "score"]]
    return Development(
        kept=kept.sort_values(["step", "probe"], ignore_index=True),
        lives=lives.rename(columns={"identity": "point"}).reindex(columns=_COLUMNS),
    )


def skeleton_at(development: Development, step: float) -> pd.DataFrame:
    """The points, and other attractors, that live at a step.

    Between kept steps, and events, places are interpolated along the axis of `steps.along`;
    stability is as it was last.

    Returns
    -------
    The columns of `Development.lives` but ``step`` and ``event``.
    """
    first = first_of(development.kept["step"])
    values = [*PLACE, "amplitude"]
    rows = []
    for _, life in development.lives.groupby(_KEY, sort=False):
        steps = life["step"].to_numpy(float)
        before = int(np.searchsorted(steps, step, side="right")) - 1
        # A life of which nothing is known of its end lasts up to the last step it is seen at.
        if before < 0 or step > steps[-1]:
            continue
        one = life.iloc[before].copy()
        if before + 1 < len(life):
            ends, now = along(steps[before : before + 2], first), float(along(step, first))
            share = (now - ends[0]) / max(ends[1] - ends[0], np.finfo(float).tiny)
            after = life.iloc[before + 1]
            for name in values:
                one[name] = (1 - share) * one[name] + share * after[name]
        rows.append(one)
    found = pd.DataFrame(rows, columns=development.lives.columns)
    return found.drop(columns=["step", "event"]).reset_index(drop=True)


def times(development: Development, number: int) -> np.ndarray:
    """Steps (number,) from 0 to the last, evenly along the axis of `steps.along`."""
    first, last = first_of(development.kept["step"]), float(development.kept["step"].max())
    every = np.linspace(0, last, 20001) if last <= first else _fine(first, last)
    places = along(every, first)
    return np.interp(np.linspace(0, places[-1], number), places, every)


def _fine(first: float, last: float) -> np.ndarray:
    return np.concatenate([np.linspace(0, first, 200), np.geomspace(first, last, 20001)[1:]])


def described(development: Development, step: float, skeleton: pd.DataFrame) -> str:
    """Say in words what there is at a step: points by unstable modes, and the loss."""
    kept = development.kept[development.kept["step"] <= step]
    points = skeleton[skeleton["of"] == "point"]
    by_order = [f"{n} with {k}" for k, n in points.groupby("unstable").size().items() if k]
    stable = int((points["unstable"] == 0).sum())
    parts = [f"{stable} stable", *by_order] if len(points) else []
    if by_order:
        parts[-1] += " unstable mode" + ("s" if not by_order[-1].endswith(" 1") else "")
    text = f"step {step:,.0f}: {count(len(points), 'point')}"
    text += f" ({', '.join(parts)})" if parts else ""
    moving = skeleton[skeleton["of"] == "attractor"].groupby("kind", sort=False).size()
    text += "".join(f", {count(int(n), str(kind))}" for kind, n in moving.items())
    loss = kept["test_loss"].iloc[-1] if len(kept) else np.nan
    return f"{text}; test loss {loss:.3g}" if np.isfinite(loss) else text
