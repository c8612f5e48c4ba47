"""F10e and F12b to F12e: costs of memories that die, cells that differ, ends that are foretold.

Costs are of as many networks as lose a memory, which are the networks of the columns. Networks
start somewhere in a Gaussian cloud, and keep of their start as much as is planted where they end.
Cells differ within two constraints, which differ themselves.
"""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from rnnpipe.population.findings.development import judged_cost
from rnnpipe.population.findings.finding import FAILS, HOLDS, Finding, difference
from rnnpipe.population.statistics.matched import matched_effect
from rnnpipe.population.statistics.own_end import foretelling, ranks
from rnnpipe.streams import stream
from tests.population.simulations import sections
from tests.population.simulations.designs import SIZES
from tests.population.simulations.rates import ANY, COVERAGE, FALSE
from tests.population.simulations.report import Simulated
from tests.population.simulations.simulate import few, many
from tests.population.simulations.test_differences import holding, said

# Dimensions of states, and networks of two cohorts by the columns of the table.
DIMENSIONS = 4
COHORTS = {size: (20, 4) if size == "4 and 20" else (int(size),) * 2 for size in SIZES}
Population = Callable[[tuple[int, ...], float, np.random.Generator], Finding]


def to_ends(size: int, kept: float, rng: np.random.Generator) -> np.ndarray:
    """Distances (network, end) of a cohort: a share of the variance of ends is that of starts."""
    start, own = rng.standard_normal((2, size, DIMENSIONS))
    end = np.sqrt(kept) * start + np.sqrt(1 - kept) * own
    return cdist(start, end)


def ends(sizes: tuple[int, ...], kept: float, rng: np.random.Generator) -> Finding:
    """F12d or F12e of cohorts of which ends keep so much."""
    value, interval = foretelling([to_ends(size, kept, rng) for size in sizes])
    fewest = min(sizes)
    return difference("F12d", "s", "q", value, interval, sum(sizes), fewest, threshold=0.5)


def cells(sizes: tuple[int, ...], g: float, rng: np.random.Generator) -> Finding:
    """F12b or F12c of two constraints that differ, in each of which cells differ by g."""
    count = sum(sizes)
    places = np.repeat([0, 1], count)
    sample = np.tile(np.repeat([False, True], sizes), 2)
    values = 2.0 * places + g * sample + rng.standard_normal(2 * count)
    value, *interval = matched_effect(values, sample, places)
    fewest = min(sizes)
    return difference("F12c", "s", "q", value, tuple(interval), 2 * count, fewest)


def costs(sizes: tuple[int, ...], mean: float, rng: np.random.Generator) -> Finding:
    """F10e of networks whose costs have a standard deviation of 1."""
    return judged_cost(rng.normal(mean, 1.0, sizes[0]), unit="")


def rank_of(kept: float) -> float:
    """The rank of the own end, of very many networks."""
    every = to_ends(2000, kept, stream(0, "ranks"))
    return float(ranks(every, np.arange(len(every))).mean())


# What is planted, what is no effect, and what the number then is.
CASES: dict[str, tuple[Population, float, Callable[[float], float]]] = {
    "F12d, F12e": (ends, 0.3, lambda kept: rank_of(kept) if kept else 0.5),
    "F12b, F12c": (cells, 1.5, float),
    "F10e": (costs, 1.0, float),
}


@pytest.mark.parametrize(
    ("claim", "size", "count"),
    [*many(CASES, SIZES), few("F12d, F12e", "4"), few("F12b, F12c", "6"), few("F10e", "10")],
)
def test_no_effect_is_not_told_and_an_effect_lies_in_its_interval(
    claim: str, size: str, count: int, simulated: Simulated
):
    draw, effect, truth = CASES[claim]
    sizes = COHORTS[size]
    for planted in (0.0, effect):
        rng = stream(0, f"development {claim} {size} {planted}")
        found = [draw(sizes, planted, rng) for _ in range(count)]
        for verdict in (HOLDS, FAILS):
            rate = said(found, verdict)
            if planted and verdict == HOLDS:
                row = f"{claim}: “{HOLDS}”, {planted:g} planted"
                simulated.rate(sections.POWER, row, size, rate, ANY)
            else:
                simulated.rate(sections.FALSE, f"{claim}: “{verdict}”", size, rate, FALSE)
        row = f"{claim}, {planted:g} planted"
        simulated.rate(sections.INTERVALS, row, size, holding(found, truth(planted)), COVERAGE)
    assert simulated.broken == []
