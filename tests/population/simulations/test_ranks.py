"""F13d and F13e: whether networks of low rank are more alike than those of full rank.

Networks of two models lie in Gaussian clouds of two places; those of low rank scatter less, by what
is planted. Topologies of one model are also drawn of a common kind and of kinds of their own, as
for F6e: few networks may be alike by chance.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.special import gamma, hyp1f1

from rnnpipe.population.findings.every_task import TOPOLOGY
from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import FAILS, HOLDS, Finding
from rnnpipe.population.findings.ranks import judge_ranks
from rnnpipe.streams import stream
from rnnpipe.tables.schemas import FACTORS, NETWORK
from rnnpipe.tasks import FlipFlop
from tests.population.simulations import sections
from tests.population.simulations.designs import SIZES
from tests.population.simulations.populations import DIMENSIONS, euclidean
from tests.population.simulations.rates import ANY, COVERAGE, FALSE, Bounds
from tests.population.simulations.report import Simulated
from tests.population.simulations.simulate import few, many
from tests.population.simulations.test_differences import holding, said

# More than the ranks at which points are proved, which is another claim.
RANK = 4
# How far the clouds of the models lie from each other.
APART = 2.0
Distances = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]


def of_clouds(networks: pd.DataFrame, planted: float, rng: np.random.Generator) -> np.ndarray:
    """Distances of places in clouds; those of low rank are narrower by a share of the width."""
    width = np.where(networks["rank"] == RANK, 1 - planted, 1.0)
    places = width[:, None] * rng.standard_normal((len(networks), DIMENSIONS))
    places[:, 0] += APART * (networks["model"] == "b")
    return euclidean(places)


def true_of_clouds(planted: float) -> float:
    """How much farther from each other networks of full rank lie, of infinitely many."""
    ratio = 2 * gamma((DIMENSIONS + 1) / 2) / gamma(DIMENSIONS / 2)

    def mean(width: float) -> float:
        between = hyp1f1(-0.5, DIMENSIONS / 2, -((APART / width) ** 2) / 4)
        return width * ratio * (1 + between) / 2

    return mean(1.0) - mean(1 - planted)


def of_kinds(networks: pd.DataFrame, planted: float, rng: np.random.Generator) -> np.ndarray:
    """Distances of topologies: 0 of two networks of the common kind, 1 of any others.

    Of the common kind are seven in ten networks of full rank, and more of those of low rank.
    """
    common = rng.random(len(networks)) < 0.7 + planted * (networks["rank"] == RANK)
    return np.where(np.outer(common, common), 0.0, 1.0 - np.eye(len(networks)))


# Models, how distances are drawn, what is planted, what the number then is, and the bounds of the
# interval's coverage then: of networks that are nearly all alike, few show no other kind.
CASES: dict[str, tuple[int, Distances, float, Callable[[float], float], Bounds]] = {
    "clouds": (2, of_clouds, 0.4, true_of_clouds, COVERAGE),
    "kinds": (1, of_kinds, 0.2, lambda planted: planted * (1.4 + planted), ANY),
}


def networks_of(models: int, size: str) -> pd.DataFrame:
    """Networks of some models, at a rank and without one; of "4 and 20" the first have twenty."""
    cohorts = pd.DataFrame(
        {
            "model": np.repeat([*"ab"][:models], 2),
            "constraint": ["low", "full"] * models,
            "rank": [RANK, np.nan] * models,
        }
    )
    count = len(cohorts)
    sizes = (20, *[4] * (count - 1)) if size == "4 and 20" else (int(size),) * count
    rows = cohorts.iloc[np.repeat(np.arange(count), sizes)].reset_index(drop=True)
    free = dict.fromkeys([*FACTORS, "least_rank", "least_change_rank"], np.nan)
    free |= {"density": 1.0, "modules": 1, "autapses": True, "solved": True}
    new = {name: value for name, value in free.items() if name not in rows}
    return rows.assign(seed=np.concatenate([np.arange(one) for one in sizes]), **new)


def findings(case: str, size: str, planted: float, count: int) -> list[Finding]:
    """F13d of populations in which so much is planted; F13e is the same of another distance."""
    models, draw, *_ = CASES[case]
    networks = networks_of(models, size)
    rows = networks[NETWORK].assign(metric=TOPOLOGY)
    rng, found = stream(0, f"ranks {case} {size} {planted}"), []
    for _ in range(count):
        distances = rows.assign(distances=list(draw(networks, planted, rng)))
        evidence = Evidence(FlipFlop(), {"networks": networks, "distances": distances})
        found += [one for one in judge_ranks(evidence) if one.claim == "F13d"]
    return found


@pytest.mark.parametrize(
    ("case", "size", "count"),
    [*many(CASES, SIZES), few("clouds", "6"), few("kinds", "4 and 20")],
)
def test_scatter_that_is_equal_is_not_told_and_that_which_differs_is(
    case: str, size: str, count: int, simulated: Simulated
):
    *_, effect, truth, coverage = CASES[case]
    for planted in (0.0, effect):
        found = findings(case, size, planted, count)
        assert len(found) == count
        claim, right = f"F13d, F13e, {case}", truth(planted)
        for verdict in (HOLDS, FAILS):
            rate = said(found, verdict)
            if planted and verdict == HOLDS:
                row = f"{claim}: “{HOLDS}”, a difference of {right:.2f}"
                simulated.rate(sections.POWER, row, size, rate, ANY)
            else:
                simulated.rate(sections.FALSE, f"{claim}: “{verdict}”", size, rate, FALSE)
        row = f"{claim}, a difference of {right:.2g}"
        bounds = coverage if planted else COVERAGE
        simulated.rate(sections.INTERVALS, row, size, holding(found, right), bounds)
    assert simulated.broken == []
