"""Networks that come together, or not, on their way; ends that are foretold, or not."""

from itertools import product

import numpy as np
import pandas as pd

from rnnpipe.population.convergence import (
    FRACTIONS,
    MOST_STEPS,
    Course,
    Snapshot,
    convergence_table,
    foretold_table,
)
from rnnpipe.population.similarity.reduction import reduce
from rnnpipe.population.similarity.skeleton import Skeleton

KEPT = (0, 1, 10, 100)


def points(places: np.ndarray) -> Skeleton:
    """Stable points at some readouts."""
    none, count = np.zeros(len(places), int), len(places)
    leave = np.hstack([np.zeros((count, count)), np.ones((count, 1))])
    return Skeleton(places, none, none, none, leave)


def snapshot(states: np.ndarray, places: np.ndarray) -> Snapshot:
    basis, scale = reduce(states, 3)
    return Snapshot(basis, int(np.count_nonzero(scale)), points(places))


def courses(networks: int = 5, common: float = 1.0, own: int = 0) -> list[Course]:
    """Two cohorts whose states and points grow, in steps, from chance to what they share.

    With `own`, every network has a lasting point of its own and ends with so many of them.
    """
    rng, found = np.random.default_rng(0), []
    shared, corners = rng.normal(size=(40, 3)), np.array(list(product([-1.0, 1.0], repeat=2)))
    for model in ("a", "b"):
        for seed in range(networks):
            noise, kept = rng.normal(size=(40, 3)), []
            lasting = np.array([[3.0 + 2 * seed, 0.0]] * bool(own)).reshape(-1, 2)
            for number in range(len(KEPT)):
                along = common * number / (len(KEPT) - 1)
                places = np.vstack([corners[: 1 + number], lasting])
                kept.append(snapshot(along * shared + (1 - along) * noise, places))
            found.append(Course(model, "none", seed, np.array(KEPT), kept))
    return found


def means(table: pd.DataFrame, metric: str, kind: str) -> np.ndarray:
    rows = table[(table["metric"] == metric) & (table["pairs_of"] == kind)]
    return rows[rows["model"].isna()].sort_values("step")["mean"].to_numpy()


def test_networks_that_come_together_are_nearer_step_by_step():
    table = convergence_table(courses(), KEPT, 1.0)
    for kind in ("within", "between", "own end", "other ends"):
        distances = means(table, "svcca", kind)
        assert (np.diff(distances) < 0).all() and distances[-1] < 1e-6
    apart = means(convergence_table(courses(common=0.0), KEPT, 1.0), "svcca", "within")
    assert np.ptp(apart) < 1e-6 and apart[0] > 0.3
    assert (means(table, "topology", "within") == 0).all()
    np.testing.assert_allclose(means(table, "topology", "own end"), [3 / 4, 2 / 4, 1 / 4, 0])


def test_pairs_are_counted_once_and_intervals_need_four_networks():
    table = convergence_table(courses(5), KEPT, 1.0)
    at = table[(table["step"] == 10) & (table["metric"] == "svcca")]
    pairs = at.groupby(["pairs_of", at["model"].isna()])["pairs"].first()
    assert pairs.to_dict() == {
        ("between", True): 25,
        ("other ends", False): 20,
        ("other ends", True): 40,
        ("own end", False): 5,
        ("own end", True): 10,
        ("within", False): 10,
        ("within", True): 20,
    }
    assert at["low"].notna().all() and (at["low"] <= at["mean"]).all()
    few = convergence_table(courses(3), KEPT, 1.0)
    assert few["low"].isna().all() and few["mean"].notna().all()


def test_a_network_that_has_ended_counts_as_it_ended():
    early = [
        Course(own.model, own.constraint, own.seed, own.steps[:2], own.snapshots[:2])
        if own.seed == 0
        else own
        for own in courses()
    ]
    table = convergence_table(early, KEPT, 1.0)
    whole = table[table["model"].isna() & (table["pairs_of"] == "within")]
    assert set(whole["networks"]) == {10}
    training = whole[whole["metric"] == "svcca"].sort_values("step")["training"]
    assert training.tolist() == [10, 8, 8, 0]


def test_states_that_never_vary_are_compared_with_nothing():
    still = [
        Course(
            own.model,
            own.constraint,
            own.seed,
            own.steps,
            [snapshot(np.ones((40, 3)), np.zeros((1, 2))), *own.snapshots[1:]],
        )
        for own in courses()
    ]
    table = convergence_table(still, KEPT, 1.0)
    start = table[(table["step"] == 0) & (table["metric"] == "svcca")]
    assert (start["pairs"] == 0).all() and start["mean"].isna().all()


def test_steps_are_few_and_the_first_and_the_last_are_among_them():
    steps = range(0, 1000, 5)
    found = convergence_table(courses(2), steps, 1.0)["step"].unique()
    assert len(found) == MOST_STEPS and found[[0, -1]].tolist() == [0, 995]


def test_lasting_points_foretell_the_end_and_common_ones_nothing():
    for own, rank in ((1, 1.0), (0, 0.5)):
        table = foretold_table(courses(own=own), 1.0)
        topology = table[table["metric"] == "topology"]
        assert set(topology["fraction"]) == set(FRACTIONS)
        assert (topology["rank"] == rank).all()
        at = topology[topology["fraction"] == 0.125]
        assert set(at["step"]) == {10} and set(at["end"]) == {100}
        assert np.stack(at["distances"]).shape == (10, 5)


def test_no_network_gives_tables_without_rows():
    for table in (convergence_table([], KEPT, 1.0), foretold_table([], 1.0)):
        assert table.empty and "metric" in table
