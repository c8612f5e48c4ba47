"""The few kept steps that tell most of how a skeleton arises."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

MOMENTS = 6


def telling_steps(kept: Sequence[int], points: pd.DataFrame) -> list[int]:
    """Choose steps: the ends, those of the largest changes, and others far from the chosen ones.

    There are `MOMENTS` of them, or all if there are not more.

    Parameters
    ----------
    kept
        Steps at which weights were kept, ascending.
    points
        Points of one network and probe: step, identity, unstable.

    Returns
    -------
    Steps, ascending: the first, the last, and between them the steps at which most points have
    been born, have died or have changed their stability since the step before; then the steps
    before these, last seen before the change; then the middles of the longest runs of other steps.
    """
    kept = [int(step) for step in kept]
    if len(kept) <= MOMENTS:
        return kept
    changes = _changes(kept, points)
    largest = sorted((i for i in range(len(kept)) if changes[i]), key=lambda i: (-changes[i], i))
    chosen = {0, len(kept) - 1}
    for moment in (*largest, *(i - 1 for i in largest)):
        if len(chosen) < MOMENTS:
            chosen.add(moment)
    while len(chosen) < MOMENTS:
        ordered = sorted(chosen)
        widest = int(np.argmax(np.diff(ordered)))
        chosen.add((ordered[widest] + ordered[widest + 1]) // 2)
    return [kept[i] for i in sorted(chosen)]


def _changes(kept: Sequence[int], points: pd.DataFrame) -> list[int]:
    """Points that are born, have died or have changed since the step before, per kept step."""
    states = {
        step: set(zip(own["identity"], own["unstable"], strict=True))
        for step, own in points.groupby("step")
    }
    found = [states.get(step, set()) for step in kept]
    changed = [{name for name, _ in before ^ after} for before, after in pairwise(found)]
    return [0, *map(len, changed)]
