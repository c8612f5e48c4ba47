"""F9: equal cohorts are told apart by no test in more than 5 % of populations."""

import pytest

from tests.population.simulations import sections
from tests.population.simulations.designs import SIZES
from tests.population.simulations.populations import Truth
from tests.population.simulations.rates import ANY, COVERAGE, SIZE, SMALL_SIZE
from tests.population.simulations.report import Simulated
from tests.population.simulations.simulate import covered, few, many, significant, simulate

KINDS = {
    "score": "a normal measure",
    "test_loss": "a lognormal measure",
    "silent_units": "a count",
}


@pytest.mark.parametrize(
    ("design", "size", "count"),
    [
        *many(("twins", "default", "example"), SIZES),
        *many(("crossed",), ("4", "10")),
        few("default", "4"),
        few("example", "10"),
    ],
)
def test_no_test_tells_equal_cohorts_apart(
    design: str, size: str, count: int, simulated: Simulated
):
    found = simulate(design, size, Truth(), count)
    bounds = SMALL_SIZE if size in ("2", "3") else SIZE
    for _, rows in found["statistics"].groupby(["metric", "factor"]):
        row = f"distance-based regression, {design}"
        simulated.rate(sections.SIZE, row, size, significant(rows["p"]), bounds)
        row, share = f"PERMDISP, {design}", significant(rows["dispersion_p"])
        simulated.rate(sections.SIZE, row, size, share, bounds)
        share = covered(rows["omega2_low"], rows["omega2_high"], 0.0)
        simulated.rate(sections.INTERVALS, f"ω² = 0, {design}", size, share, COVERAGE)
    for (_, measure), rows in found["effects"].groupby(["constraint", "measure"]):
        share = significant(rows["p"])
        # Ties among counts make p larger.
        limits = SMALL_SIZE if measure == "silent_units" else bounds
        row = f"Hedges' g of {KINDS[measure]}, {design}"
        simulated.rate(sections.SIZE, row, size, share, limits)
        share = covered(rows["low"], rows["high"], 0.0)
        row = f"Hedges' g = 0 of {KINDS[measure]}, {design}"
        # Of so skewed a measure no interval of few networks covers what it should.
        limits = ANY if measure == "test_loss" else COVERAGE
        simulated.rate(sections.INTERVALS, row, size, share, limits)
    share = significant(found["mantel"]["p"])
    simulated.rate(sections.SIZE, f"Mantel, {design}", size, share, bounds)
    assert simulated.broken == []
