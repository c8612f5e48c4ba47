"""Lives of points and attractors over training: from the dated birth through all kept steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rnnpipe.tables.schemas import NETWORK

# Named as an event where a life changes its stability.
CHANGE = "change"
_EVENT = [*NETWORK, "probe", "identity"]


def lifelines(
    rows: pd.DataFrame, events: pd.DataFrame, values: Sequence[str], of: str
) -> pd.DataFrame:
    """Begin and end lives at their births and deaths, where those meet who share an event.

    Parameters
    ----------
    rows
        One row per network, probe, kept step and identity, with the columns of `values`.
    events
        Rows of the table ``development_events`` of the same networks.
    values
        Columns of numbers that have a place at an event: the mean of one's own and the partner's
        at the kept step beside it, one's own without partner. Other columns are those at that step.
    of
        ``point`` or ``attractor``, whose lives they are.

    Returns
    -------
    DataFrame
        The rows and the ends of the lives, by identity and step; a column ``event`` has the kind
        of bifurcation at births and deaths that are dated, `CHANGE` where stability changes at
        such an event (its row has the stability after it), else null.
    """
    dated = events[(events["of"] == of) & np.isfinite(events["step"].astype(float))]
    parts = [rows.assign(event=None)]
    for event, beside in (("birth", "step_after"), ("death", "step_before")):
        own = dated[dated["event"] == event]
        columns = [*_EVENT, "partner", beside, "step", "kind"]
        own = own[columns].rename(columns={"step": "date", beside: "step", "kind": "event"})
        ends = rows.merge(own, on=[*_EVENT, "step"])
        partners = rows[[*_EVENT, "step", *values]].rename(columns={"identity": "partner"})
        key = [*NETWORK, "probe", "partner", "step"]
        met = ends.merge(partners, on=key, how="left", suffixes=("", " of the partner"))
        for value in values:
            other = met[f"{value} of the partner"].fillna(met[value])
            ends[value] = ((met[value] + other) / 2).to_numpy(float)
        parts.append(ends.assign(step=ends["date"]).drop(columns=["date", "partner"]))
    filled = [part for part in parts if len(part)]
    if not filled:
        return parts[0]
    lives = pd.concat(filled, ignore_index=True)
    lives = lives.sort_values([*_EVENT, "step"], kind="stable", ignore_index=True)
    if "unstable" not in lives or lives["event"].isna().all():
        return lives
    changed = pd.DataFrame(_changes(lives, values), columns=lives.columns)
    lives = pd.concat([part for part in (lives, changed) if len(part)], ignore_index=True)
    return lives.sort_values([*_EVENT, "step"], kind="stable", ignore_index=True)


def _changes(lives: pd.DataFrame, values: Sequence[str]) -> list[pd.Series]:
    """Rows at which lives change their stability: at the nearest event since the kept step before.

    A point that others branch from changes its stability where they are born.
    """
    found = []
    for _, own in lives.groupby([*NETWORK, "probe"], sort=False):
        events = own[own["event"].notna()]
        dates, there = events["step"].to_numpy(float), events[list(values)].to_numpy(float)
        for _, life in own.groupby("identity", sort=False):
            steps, orders = life["step"].to_numpy(float), life["unstable"].to_numpy()
            places = life[list(values)].to_numpy(float)
            for i in np.flatnonzero(orders[:-1] != orders[1:]):
                within = np.flatnonzero((dates > steps[i]) & (dates < steps[i + 1]))
                if not len(within):
                    continue
                share = ((dates[within] - steps[i]) / (steps[i + 1] - steps[i]))[:, None]
                here = (1 - share) * places[i] + share * places[i + 1]
                nearest = int(np.linalg.norm(here - there[within], axis=1).argmin())
                row = life.iloc[i + 1].copy()
                row["step"], row["event"] = dates[within][nearest], CHANGE
                row[list(values)] = here[nearest]
                found.append(row)
    return found
