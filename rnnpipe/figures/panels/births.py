"""Births and deaths in a population: counts over steps, the last memory, losses around them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnpipe.figures.options import FigureOptions
from rnnpipe.figures.panels.steps import first_of
from rnnpipe.tables.schemas import COHORT, NETWORK

# Losses are aligned from a fourth of a birth's step to four times it, at so many places.
AROUND, _PLACES = 4.0, 41
# Births are counted up to so many steps, beside the kept ones.
_STEPS = 200
# The training loss is averaged over steps that differ by up to this factor.
_SMOOTHED = 1.1


def dated(events: pd.DataFrame) -> pd.DataFrame:
    """Events with a column ``date``: their step, or the middle of the kept steps around them."""
    middle = (events["step_before"] + events["step_after"]) / 2
    return events.assign(date=events["step"].astype(float).fillna(middle.astype(float)))


def points_over_steps(kept: pd.DataFrame, events: pd.DataFrame, event: str) -> pd.DataFrame:
    """Count the points of each network that are born (or have died) up to steps, by their dates.

    Returns
    -------
    Columns model, constraint, seed, step and points; steps are the kept ones and others between.
    """
    own = events[(events["of"] == "point") & (events["event"] == event)]
    dates = {key: np.sort(rows["date"]) for key, rows in own.groupby(NETWORK)}
    steps = np.unique(kept["step"].to_numpy(float))
    if len(steps) > 1:
        between = np.geomspace(first_of(steps), steps[-1], _STEPS)
        steps = np.unique(np.concatenate([steps, between[1:-1]]))
    frames = [
        pd.DataFrame(
            {
                **dict(zip(NETWORK, key, strict=True)),
                "step": steps,
                "points": np.searchsorted(dates.get(key, np.empty(0)), steps, side="right"),
            }
        )
        for key in kept[NETWORK].drop_duplicates().itertuples(index=False, name=None)
    ]
    return pd.concat(frames) if frames else pd.DataFrame(columns=[*NETWORK, "step", "points"])


def mean_and_spread(rows: pd.DataFrame, value: str, x: str = "step") -> pd.DataFrame:
    """Mean and standard deviation over the networks of a cohort that have a value there.

    Returns
    -------
    Columns model, constraint, `x`, mean, sd (NaN for one network), networks.
    """
    columns = [*COHORT, x, "mean", "sd", "networks"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    found = rows.assign(**{value: rows[value].astype(float)})
    grouped = found.groupby([*COHORT, x], sort=False)[value]
    return grouped.agg(mean="mean", sd="std", networks="size").reset_index()[columns]


def carried(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """Give every network a row at every step of its cohort: one that has ended stays as it ended.

    Returns
    -------
    Columns model, constraint, seed, step and `value`.
    """
    frames = []
    for key, own in rows.groupby(COHORT, sort=False):
        table = own.pivot(index="seed", columns="step", values=value).sort_index(axis=1)
        long = table.ffill(axis=1).stack().rename(value).reset_index()
        frames.append(long.assign(**dict(zip(COHORT, key, strict=True))))
    columns = [*NETWORK, "step", value]
    return pd.concat(frames)[columns] if frames else pd.DataFrame(columns=columns)


def last_memories(kept: pd.DataFrame, events: pd.DataFrame, options: FigureOptions) -> pd.DataFrame:
    """When each network solves the task for good, and when its last lasting attractor was born.

    Returns
    -------
    One row per network: model, constraint, seed; ``solved``, the kept step from which on its
    score counts as solved to the end, and ``unsolved``, the one before; ``born``, the date of the
    last birth of an attractor that does not die. NaN where there is none.
    """
    rows = []
    own = events[events["of"] == "attractor"]
    for key, table in kept.groupby(NETWORK, sort=False):
        table = table.sort_values("step")
        steps, scores = table["step"].to_numpy(float), table["score"].to_numpy(float)
        right = scores >= options.solved if options.higher_is_better else scores <= options.solved
        wrong = np.flatnonzero(~right)
        from_on = int(wrong[-1]) + 1 if len(wrong) else 0
        solved = steps[from_on] if from_on < len(steps) else np.nan
        mine = own[(own[NETWORK] == list(key)).all(axis=1)]
        dead = mine.loc[mine["event"] == "death", "identity"]
        lasting = mine[(mine["event"] == "birth") & ~mine["identity"].isin(dead)]
        rows.append(
            {
                **dict(zip(NETWORK, key, strict=True)),
                "solved": solved,
                "unsolved": steps[max(from_on - 1, 0)] if np.isfinite(solved) else np.nan,
                "born": lasting["date"].max() if len(lasting) else np.nan,
            }
        )
    return pd.DataFrame(rows, columns=[*NETWORK, "solved", "unsolved", "born"])


def aligned_falls(history: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Training losses around births of points, relative to the loss at the birth.

    Births of one network at one date count once; a network counts by the mean over its births.
    Ratios are averaged by their logarithms, where more than half of the cohort's networks
    with births have one.

    Returns
    -------
    As `mean_and_spread`, with ``around``, the step divided by the birth's; the mean is geometric,
    and ``sd`` is that of the natural logarithm.
    """
    births = events[(events["of"] == "point") & (events["event"] == "birth")]
    births = births[births["date"] > 0].drop_duplicates([*NETWORK, "date"])
    around = AROUND ** np.linspace(-1, 1, _PLACES)
    losses = {key: _smooth(own) for key, own in history.groupby(NETWORK)}
    frames = []
    for key, own in births.groupby(NETWORK, sort=False):
        if key not in losses:
            continue
        steps, values = losses[key]
        dates = own["date"].to_numpy(float)
        at = dates[:, None] * around
        known = (at >= steps[0]) & (at <= steps[-1])
        found = np.where(known, np.interp(np.log(at), np.log(steps), values), np.nan)
        found -= np.interp(np.log(dates), np.log(steps), values)[:, None]
        count = np.isfinite(found).sum(axis=0)
        mean = np.nansum(found, axis=0) / np.maximum(count, 1)
        frame = pd.DataFrame({"around": around, "fall": mean})[count > 0]
        frames.append(frame.assign(**dict(zip(NETWORK, key, strict=True))))
    rows = pd.concat(frames) if frames else pd.DataFrame(columns=[*NETWORK, "around", "fall"])
    found = mean_and_spread(rows, "fall", "around")
    most = found.groupby(COHORT, sort=False)["networks"].transform("max")
    found = found[2 * found["networks"] > most]
    return found.assign(mean=np.exp(found["mean"].astype(float)))


def _smooth(history: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Steps and the logarithm of the loss, averaged over neighbouring steps."""
    own = history[(history["loss"] > 0) & np.isfinite(history["loss"]) & (history["step"] > 0)]
    own = own.sort_values("step")
    steps, values = own["step"].to_numpy(float), np.log(own["loss"].to_numpy(float))
    if not len(steps):
        return np.array([1.0]), np.array([np.nan])
    sums = np.concatenate([[0.0], np.cumsum(values)])
    low = np.searchsorted(steps, steps / _SMOOTHED)
    high = np.searchsorted(steps, steps * _SMOOTHED, side="right")
    return steps, (sums[high] - sums[low]) / (high - low)
