"""A factor with an effect is found, and the others are not taken for it."""

import pytest

from rnnpipe.population.statistics.factors import questions
from tests.population.simulations import sections
from tests.population.simulations.designs import design
from tests.population.simulations.ideal import power_of_f, power_of_t
from tests.population.simulations.populations import Truth
from tests.population.simulations.rates import ANY, COVERAGE, COVERAGE_OF_EFFECT, SIZE, Bounds, Rate
from tests.population.simulations.report import Simulated
from tests.population.simulations.simulate import (
    covered,
    few,
    many,
    measured_omega2,
    planted,
    significant,
    simulate,
    true_omega2,
)

# Where the effect is: which design, and in which of its factors.
PLACES = (
    "twins constraint",
    "crossed cell",
    "default dale_ratio",
    "example cell",
    "example dale_ratio",
)
BIG_ENOUGH = ("4", "6", "10", "20", "4 and 20")
# Distances between the centres of the clouds, in standard deviations: ω² of two equal groups is
# 0.10 and 0.44.
WEAK, STRONG = 1.5, 4.0


def near(ideal: float) -> Bounds:
    """Bounds of the power of a test without assumptions, where that of the ideal test is given."""
    return Bounds(max(0.0, ideal - 0.1), min(1.0, ideal + 0.02))


@pytest.mark.parametrize(
    ("place", "far", "size", "count"),
    [
        *many(PLACES, (WEAK,), BIG_ENOUGH, part=0.75),
        *many(("twins constraint", "default dale_ratio"), (STRONG,), BIG_ENOUGH, part=0.75),
        few("default dale_ratio", WEAK, "10"),
        few("example cell", STRONG, "4"),
    ],
)
def test_a_factor_given_the_others(
    place: str, far: float, size: str, count: int, simulated: Simulated
):
    name, factor = place.split()
    effects = {factor: far}
    found = simulate(
        name, size, Truth({"svcca": effects, "topology": effects}), count, ("statistics",)
    )
    networks = design(name, size).networks
    asked = questions(networks)
    for (metric, of), rows in found["statistics"].groupby(["metric", "factor"]):
        own, _ = planted(networks, asked[of], effects)
        test, low, high = significant(rows["p"]), rows["omega2_low"], rows["omega2_high"]
        if not asked[of].design.df:
            assert not test.of
        elif own < 1e-9:
            row = f"{of} beside {factor}, {name}"
            simulated.rate(sections.CONFOUNDED, row, size, test, SIZE)
            share = covered(low, high, 0.0)
            simulated.rate(
                sections.INTERVALS, f"ω² = 0 beside an effect, {name}", size, share, COVERAGE
            )
        else:
            if metric == "svcca":
                truth = measured_omega2(networks, of, effects, metric)
            else:
                truth = true_omega2(networks, of, effects)
                if far == WEAK:
                    ideal = power_of_f(asked[of].design.df, asked[of].design.rest, own)
                    _note_power(simulated, f"{of} of {name}", size, test, ideal)
            row = f"ω² of {'a weak' if far == WEAK else 'a strong'} effect, {name}"
            simulated.rate(
                sections.INTERVALS, row, size, covered(low, high, truth), COVERAGE_OF_EFFECT
            )
    assert simulated.broken == []


def _note_power(simulated: Simulated, row: str, size: str, test: Rate, ideal: float) -> None:
    # With four networks a group there are too few permutations for a comparison.
    bounds = ANY if size.startswith("4") else near(ideal)
    simulated.rate(sections.POWER, row, size, test, bounds, shown="")
    simulated.number(sections.POWER, f"{row}: ideal test", size, ideal)


def test_the_truth_is_that_of_large_populations():
    networks, effects = design("default", "4 and 20").networks, {"dale_ratio": STRONG}
    exact = true_omega2(networks, "dale_ratio", effects)
    found = measured_omega2(networks, "dale_ratio", effects, "topology")
    assert found == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize(
    ("g", "size", "count"), [*many((1.0, 2.5), BIG_ENOUGH), few(1.0, "10"), few(2.5, "4")]
)
def test_hedges_g(g: float, size: str, count: int, simulated: Simulated):
    found = simulate("twins", size, Truth({"score": {"constraint": g}}), count, ("effects",))
    found = found["effects"]
    rows = found[found["measure"] == "score"]
    share = covered(rows["low"], rows["high"], g)
    simulated.rate(sections.INTERVALS, f"Hedges' g = {g:g}", size, share, COVERAGE_OF_EFFECT)
    ideal = power_of_t(*design("twins", size).sizes, g)
    _note_power(simulated, f"Hedges' g = {g:g}", size, significant(rows["p"]), ideal)
    assert simulated.broken == []


@pytest.mark.parametrize(("size", "count"), [*many(BIG_ENOUGH, part=0.5), few("4 and 20")])
def test_clouds_of_different_width(size: str, count: int, simulated: Simulated):
    """A narrow and a wide cloud around one centre; distance-based regression is printed alone."""
    found = simulate("twins", size, Truth(wide="constraint"), count, ("statistics",))
    found = found["statistics"]
    rows = found[found["metric"] == "topology"]
    row = "PERMDISP, one group three times as wide"
    simulated.rate(sections.POWER, row, size, significant(rows["dispersion_p"]), ANY)
    row = "distance-based regression, one group three times as wide"
    simulated.rate(sections.CONFOUNDED, row, size, significant(rows["p"]), ANY)
