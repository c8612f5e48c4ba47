"""Tables on the distances between the networks of a task: maps, factors, Mantel tests."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from rnnpipe.population.similarity.matrix import comparable
from rnnpipe.population.statistics.clusters import (
    neighbour_accuracy,
    neighbour_chance,
    silhouette,
)
from rnnpipe.population.statistics.dispersion import dispersion_test
from rnnpipe.population.statistics.embedding import embed
from rnnpipe.population.statistics.explained import explained
from rnnpipe.population.statistics.factors import Question, questions
from rnnpipe.population.statistics.groups import within_between
from rnnpipe.population.statistics.jackknife import smallest
from rnnpipe.population.statistics.permutation_tests import adjusted, mantel
from rnnpipe.population.statistics.regression import marginal_test
from rnnpipe.settings.sections.analysis import StatisticsSettings
from rnnpipe.streams import stream
from rnnpipe.tables.schemas import FACTORS, NETWORK, SCHEMAS

# The networks of a matrix (network columns and factors), and the matrix (network, network).
Matrix = tuple[pd.DataFrame, np.ndarray]


def matrices(distances: pd.DataFrame) -> dict[str, Matrix]:
    """Read every metric's networks and square matrix from the table ``distances``."""
    return {
        metric: (rows[NETWORK].reset_index(drop=True), np.stack(rows["distances"]))
        for metric, rows in distances.groupby("metric", sort=False, observed=True)
    }


def solved_matrices(distances: pd.DataFrame, networks: pd.DataFrame) -> dict[str, Matrix]:
    """Select the networks that solved the task and can be compared with all others.

    Parameters
    ----------
    distances
        The table ``distances``.
    networks
        The table ``networks``, with one or more rows per network.

    Returns
    -------
    dict
        Metric -> networks with their columns of `FACTORS`, and their matrix.
    """
    facts = networks.drop_duplicates(NETWORK)[[*NETWORK, "solved", *_own_columns()]]
    found = {}
    for metric, (names, matrix) in matrices(distances).items():
        rows = names.merge(facts, on=NETWORK, how="left")
        solved = np.flatnonzero(rows["solved"].fillna(False).astype(bool))
        solved = solved[comparable(matrix[np.ix_(solved, solved)])]
        found[metric] = (
            rows.iloc[solved].reset_index(drop=True),
            matrix[np.ix_(solved, solved)],
        )
    return found


def shared_matrices(first: Matrix, second: Matrix) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Select the networks that two matrices share, and both matrices of these networks."""
    (networks, one), (others, two) = first, second
    both = (
        networks[NETWORK]
        .reset_index(names="i")
        .merge(others[NETWORK].reset_index(names="j"), on=NETWORK)
    )
    i, j = both["i"].to_numpy(), both["j"].to_numpy()
    return networks.iloc[i], one[np.ix_(i, i)], two[np.ix_(j, j)]


def _own_columns() -> list[str]:
    return [factor for factor in FACTORS if factor not in NETWORK]


def embedding_table(task: str, found: Mapping[str, Matrix], seed: int) -> pd.DataFrame:
    """Make the table ``embedding``: a map of the networks for every distance."""
    frames = []
    for metric, (networks, matrix) in found.items():
        if len(networks):
            plane = embed(matrix, seed)
            frames.append(
                networks[NETWORK].assign(
                    metric=metric,
                    x=plane.coordinates[:, 0],
                    y=plane.coordinates[:, 1],
                    stress=plane.stress,
                )
            )
    return _table("embedding", frames, task)


def statistics_table(
    task: str, found: Mapping[str, Matrix], settings: StatisticsSettings
) -> pd.DataFrame:
    """Make the table ``statistics``: what every factor explains of every distance.

    Each factor is tested given the others (`factors.questions`). Of one that cannot be told
    from others these are named, and nothing is claimed: what is estimated given the
    others is NaN. p values are corrected for the number of tests of the whole table,
    but for those of dispersion, which only warn.

    Parameters
    ----------
    task
        Name of the task.
    found
        From `solved_matrices`.
    settings
        Number of permutations, and their seed.
    """
    return _corrected("statistics", list(_statistics(found, settings)), task)


def _statistics(
    found: Mapping[str, Matrix], settings: StatisticsSettings
) -> Iterator[dict[str, Any]]:
    for metric, (networks, matrix) in found.items():
        for question in questions(networks).values():
            yield {"metric": metric, **_answer(matrix, question, metric, settings)}


def _answer(
    matrix: np.ndarray, question: Question, metric: str, settings: StatisticsSettings
) -> dict[str, Any]:
    """Make one row of the table, of one factor and distance."""
    labels, design = question.labels, question.design
    permutations = settings.permutations
    tested, scattered = (
        stream(settings.seed, f"{purpose} {metric} {question.factor}")
        for purpose in ("permutations", "dispersion")
    )
    return {
        "factor": question.factor,
        "adjusted_for": ", ".join(question.adjusted_for),
        "confounded_with": ", ".join(question.confounded_with),
        "networks": len(labels),
        "groups": len(set(labels)),
        "smallest": smallest(labels),
        **vars(explained(matrix, labels, design)),
        **vars(marginal_test(matrix, design, tested, permutations, question.strata)),
        **vars(dispersion_test(matrix, design, scattered, permutations, question.strata)),
        "silhouette": silhouette(matrix, labels),
        "neighbour": neighbour_accuracy(matrix, labels),
        "neighbour_chance": neighbour_chance(labels),
        **vars(within_between(matrix, labels)),
    }


def mantel_table(
    task: str, found: Mapping[str, Matrix], settings: StatisticsSettings
) -> pd.DataFrame:
    """Make the table ``mantel``: how alike any two distances order the pairs of networks."""
    rows = []
    for first, second in combinations(found, 2):
        _, one, two = shared_matrices(found[first], found[second])
        result = mantel(one, two, settings.seed, permutations=settings.permutations)
        rows.append({"first": first, "second": second, **vars(result)})
    return _corrected("mantel", rows, task)


def _corrected(name: str, rows: list[dict[str, Any]], task: str) -> pd.DataFrame:
    """Make a table of tests, with p values corrected for their number."""
    frame = pd.DataFrame(rows)
    if frame.empty:
        return _table(name, [], task)
    return _table(name, [frame.assign(p_adjusted=adjusted(frame["p"].to_numpy()))], task)


def _table(name: str, frames: list[pd.DataFrame], task: str) -> pd.DataFrame:
    """Join frames into a table with the columns of its schema."""
    columns = SCHEMAS[name].names
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames, ignore_index=True).assign(task=task)[columns]
