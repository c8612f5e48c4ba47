"""Flip-flops as they arise in the textbook: pairs of points out of one, a memory lost and found."""

from collections.abc import Mapping
from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from rnnpipe.population.findings.evidence import Evidence
from tests.population.findings.ideal_networks import (
    COHORT,
    FLIPFLOP,
    Blocks,
    complete,
    flipflops,
    gather,
    of_all,
)

# Kept steps, and the score at each.
SCORES = {0: 0.5, 10: 0.5, 100: 1.0, 200: 0.7, 300: 1.0, 1000: 1.0}
PLACES = np.array(list(product((-1.0, 0.0, 1.0), repeat=FLIPFLOP.bits)))
MODES = (PLACES == 0).sum(1)
CENTRE, LOST, BESIDE = 4, 8, 7
# Every corner is born with a point between two of them. One pair dies after step 100, and another
# pair takes its place.
PAIRS = {0: 1, 6: 3, 2: 5, 8: 7}
AGAIN = {LOST: 9, BESIDE: 10}


@cache
def developing(seeds: int = 12) -> Blocks:
    """All points arise between steps 10 and 100; one memory is away at step 200."""
    steps = pd.DataFrame({"step": SCORES.keys(), "score": SCORES.values(), "probe": "zero"})
    points = pd.concat([_points_at(step) for step in SCORES], ignore_index=True)
    stable = points[points["class"] == "stable"]
    tables = {
        # The first weights have an eigenvalue of 1: a point that has no index.
        "development": steps.assign(
            index_sum=np.where(steps["step"] == 0, 2, 1),
            certificate=np.where(steps["step"] == 0, "not applicable", "consistent"),
        ),
        "development_points": points.assign(spectral_radius=0.5),
        "development_attractors": stable[["probe", "step", "identity", "readout"]].assign(
            point=stable["identity"], kind="fixed"
        ),
        "development_events": _events(),
    }
    own = {name: of_all(seeds, complete(name, rows)) for name, rows in tables.items()}
    return {**flipflops(seeds), **own, "foretold": foretold(1 - np.eye(seeds))}


@cache
def _gathered(seeds: int) -> Evidence:
    return gather(FLIPFLOP, flipflops(seeds))


def developed(blocks: Blocks) -> Evidence:
    """The evidence on networks that differ in their development alone from `flipflops`."""
    return Evidence(FLIPFLOP, {**_gathered(len(blocks["training"])).tables, **blocks})


def _points_at(step: int) -> pd.DataFrame:
    """The points at a step: at first the centre alone."""
    at = [CENTRE] if step < 100 else [i for i in range(9) if step != 200 or i not in AGAIN]
    modes = np.zeros(1, int) if step < 100 else MODES[at]
    identity = [AGAIN.get(i, i) if step > 200 else i for i in at]
    names = [f"{k}-saddle" if k else "stable" for k in modes]
    rows = {"identity": identity, "readout": list(0.9 * PLACES[at]), "unstable": modes}
    return pd.DataFrame({**rows, "class": names, "index": (-1) ** modes}).assign(
        step=step, probe="zero"
    )


def _events() -> pd.DataFrame:
    """Births and deaths of points by folds."""
    rows = []
    for corner, between in PAIRS.items():
        rows += _fold("birth", corner, between, (10, 100), 55.0)
    rows += _fold("death", LOST, BESIDE, (100, 200), 150.0)
    rows += _fold("birth", AGAIN[LOST], AGAIN[BESIDE], (200, 300), 250.0)
    return pd.DataFrame(rows).assign(of="point", kind="fold", probe="zero")


def _fold(
    event: str, stable: int, saddle: int, steps: tuple[int, int], at: float
) -> list[dict[str, object]]:
    """Both points of a fold."""
    when = {"event": event, "step_before": steps[0], "step_after": steps[1], "step": at}
    return [
        {**when, "identity": stable, "partner": saddle, "index": 1, "unstable": 0},
        {**when, "identity": saddle, "partner": stable, "index": -1, "unstable": 1},
    ]


def foretold(distances: np.ndarray, cohort: Mapping[str, str] = COHORT) -> pd.DataFrame:
    """Rows of the table of one cohort, from distances (network, end), the same by both metrics."""
    rows = pd.DataFrame({"seed": np.arange(len(distances)), "distances": list(distances)})
    rows = rows.assign(fraction=0.25, **cohort)
    both = [rows.assign(metric=metric) for metric in ("topology", "svcca")]
    return complete("foretold", pd.concat(both, ignore_index=True))
