"""Effect sizes of constraints against a reference, as a forest."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from rnnpipe.figures import page, style
from rnnpipe.figures.factors import ACTIVATIONS, CELLS, Looks, ordered
from rnnpipe.figures.panels import intervals

COLUMNS = ["reference", "constraint", "model", "cell", "activation", "measure", "effect", "low"]
COLUMNS += ["high", "p_adjusted", "row", "place"]
MANY = 24
_SPREAD = 0.8
# A measure takes so much however few its marks, so that its name has room.
_MM_PER_MARK, _MM_PER_MEASURE = 0.8, 4.2
WIDEST = 8.0
# Marks of infinite effects, by whether they are positive.
INFINITE = {True: ">", False: "<"}
_WORDS = {
    "components_85": "components (85 %)",
    "found": "fixed points",
    "unstable_0": "stable points",
    "unstable_1": "1 unstable mode",
    "score_longer": "score, longer trials",
    "score_unseen": "score, unseen trials",
    "score_noise": "score, noise",
}


def prepare(effects: pd.DataFrame) -> pd.DataFrame:
    """Effects with their place: one row per measure, and in it by constraint, then model.

    Parameters
    ----------
    effects
        Columns reference, constraint, model, measure, effect, low, high, p_adjusted, cell,
        activation.
    """
    rows = effects.reset_index(drop=True)
    if rows["effect"].isna().all():
        return pd.DataFrame(columns=COLUMNS)
    rows["row"] = rows["measure"].map({m: i for i, m in enumerate(rows["measure"].unique())})
    orders = {"constraint": ordered(rows["constraint"]), "cell": ordered(rows["cell"], CELLS)}
    orders["activation"] = ordered(rows["activation"], ACTIVATIONS)
    keys = [rows[name].map({v: i for i, v in enumerate(o)}) for name, o in orders.items()]
    rows["_order"] = list(zip(*keys, rows["model"], strict=True))
    slots = {key: i for i, key in enumerate(sorted(rows["_order"].unique()))}
    share = (rows["_order"].map(slots) + 0.5) / len(slots) - 0.5
    return rows.assign(place=rows["row"] + _SPREAD * share)[COLUMNS]


def height_mm(rows: pd.DataFrame) -> float:
    """Height of the block that holds every mark and every name, from 58 to 140 mm."""
    needed = max(_MM_PER_MARK * len(rows), _MM_PER_MEASURE * rows["row"].nunique())
    return float(np.clip(24 + needed, 58, 140))


def panel(ax: Axes, rows: pd.DataFrame, looks: Looks) -> Axes:
    """Colour by constraint, marker by activation; hollow where not significant or not tested.

    Marks and intervals are cut where they leave the axis, which ends at ±8 at the latest; infinite
    effects are triangles at its ends, and those that are undefined are not drawn.
    """
    measures = rows.drop_duplicates("row").sort_values("row")["measure"]
    ax.axvline(0, color=style.GREY, lw=0.7, ls=style.DASHED, zorder=1)
    for edge in range(1, len(measures)):
        ax.axhline(edge - 0.5, color=style.PALE, lw=0.4, zorder=0)
    # Intervals of many models would hide the marks.
    strength = 1.0 if len(rows) <= MANY * len(measures) else 0.3
    rows = rows[rows["effect"].notna()]
    infinite = np.isinf(rows["effect"].astype(float))
    rows, beyond = rows[~infinite], rows[infinite]
    for (constraint, activation), own in rows.groupby(["constraint", "activation"], sort=False):
        colour = looks.colours[constraint]
        ax.hlines(
            own["place"],
            *(own[end].astype(float).clip(-2 * WIDEST, 2 * WIDEST) for end in ("low", "high")),
            color=colour,
            lw=0.7,
            zorder=2,
            alpha=strength,
        )
        # Where nothing could be tested the mark is hollow too.
        filled = own["p_adjusted"].to_numpy(float) < intervals.LIMIT
        effect = own["effect"].astype(float).clip(-WIDEST, WIDEST)
        look = {"marker": looks.markers.get(activation, "D"), "s": 7, "linewidths": 0.6}
        style.marks(ax, effect, own["place"], colour, filled, **look)
    reach = np.abs(rows[["effect", "low", "high"]].to_numpy(float))
    half = min(1.05 * float(np.nanmax(reach, initial=1.0)), 1.05 * WIDEST)
    for (constraint, positive), own in beyond.groupby(["constraint", beyond["effect"] > 0]):
        filled = own["p_adjusted"].to_numpy(float) < intervals.LIMIT
        look = {"marker": INFINITE[positive], "s": 11, "linewidths": 0.6}
        end = np.full(len(own), half if positive else -half)
        style.marks(ax, end, own["place"], looks.colours[constraint], filled, **look)
    room = half if beyond.empty else 1.03 * half
    ax.set(xlim=(-room, room), ylim=(len(measures) - 0.5, -0.5))
    ax.set_yticks(range(len(measures)), [_words(name) for name in measures])
    ax.tick_params(axis="y", length=0)
    return ax


def _words(measure: str) -> str:
    return _WORDS.get(measure, measure.replace("_", " "))


def draw(block: SubFigure, index: int, rows: pd.DataFrame, looks: Looks) -> None:
    """Draw the block of effect sizes, with the meaning of hollow marks."""
    page.title(block, index, "Effect of constraints")
    if rows.empty:
        page.note(block, "no effects: one constraint, or too few networks solved")
        return
    ax = panel(block.subplots(), rows, looks)
    ax.set_xlabel(f"Hedges' g against {rows['reference'].iloc[0]}")
    limit = f"{intervals.LIMIT:g}"
    labels = ((f"p < {limit} (adjusted)", style.INK), (f"p ≥ {limit}, or not told", "white"))
    entries = [style.entry(label, "o", mfc=c, mec=style.INK) for label, c in labels]
    if np.isinf(rows["effect"].astype(float)).any():
        entries.append(style.entry("infinite", INFINITE[True], color=style.INK))
    page.legend(block, entries)
