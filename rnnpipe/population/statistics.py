"""What explains the distances between the networks of a task, factor by factor."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from rnnpipe.population.similarity.bootstrap import intervals
from rnnpipe.population.similarity.correction import adjusted
from rnnpipe.population.similarity.embedding import embed
from rnnpipe.population.similarity.finite import comparable
from rnnpipe.population.similarity.mantel import mantel
from rnnpipe.population.similarity.neighbours import neighbour_accuracy, neighbour_chance
from rnnpipe.population.similarity.permanova import permanova
from rnnpipe.population.similarity.silhouette import silhouette
from rnnpipe.population.similarity.within_between import within_between
from rnnpipe.streams import stream
from rnnpipe.tables.schemas import FACTORS, NETWORK, SCHEMAS


def matrices(distances: pd.DataFrame) -> dict[str, tuple[pd.DataFrame, np.ndarray]]:
    """Every metric's networks and square matrix, from the table ``distances``."""
    return {
        metric: (rows[NETWORK].reset_index(drop=True), np.stack(rows["distances"]))
        for metric, rows in distances.groupby("metric", sort=False, observed=True)
    }


def solved_matrices(
    distances: pd.DataFrame, networks: pd.DataFrame
) -> dict[str, tuple[pd.DataFrame, np.ndarray]]:
    """Matrices of the networks that solved the task and can be compared with all others.

    Parameters
    ----------
    distances
        The table ``distances``.
    networks
        The table ``networks``, with one row or more for a network.

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


def factor_labels(networks: pd.DataFrame) -> dict[str, np.ndarray]:
    """Codes (network,) of every factor by which the networks fall into groups of several.

    A factor of which all have one level, or each its own, says nothing. A missing
    value (Dale's ratio of a network without signs) is a level like any other.
    """
    labels = {}
    for factor in FACTORS:
        codes = pd.factorize(networks[factor].astype(object), use_na_sentinel=False, sort=False)[0]
        if 1 < len(set(codes)) < len(codes):
            labels[factor] = codes
    return _without_doubles(labels)


def _without_doubles(labels: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Of factors that divide the networks alike, the first."""
    seen: dict[tuple[int, ...], str] = {}
    for factor, codes in labels.items():
        seen.setdefault(tuple(codes.tolist()), factor)
    return {factor: labels[factor] for factor in seen.values()}


def _own_columns() -> list[str]:
    return [factor for factor in FACTORS if factor not in NETWORK]


def embedding_table(
    task: str, found: Mapping[str, tuple[pd.DataFrame, np.ndarray]], seed: int
) -> pd.DataFrame:
    """The table ``embedding``: a map of every distance."""
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
    task: str,
    found: Mapping[str, tuple[pd.DataFrame, np.ndarray]],
    settings: Mapping[str, Any],
) -> pd.DataFrame:
    """The table ``statistics``: what every factor explains of every distance.

    p values are corrected for the number of tests of the whole table.

    Parameters
    ----------
    found
        From `solved_matrices`.
    settings
        `permutations`, `resamples` and `seed`.
    """
    rows = pd.DataFrame(_statistics(found, settings))
    if rows.empty:
        return _table("statistics", [], task)
    return _table("statistics", [rows.assign(p_adjusted=adjusted(rows["p"].to_numpy()))], task)


def _statistics(
    found: Mapping[str, tuple[pd.DataFrame, np.ndarray]], settings: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    for metric, (networks, matrix) in found.items():
        for factor, labels in factor_labels(networks).items():
            tested = permanova(matrix, labels, settings["seed"], settings["permutations"])
            rng = stream(settings["seed"], f"resamples {metric} {factor}")
            yield {
                "metric": metric,
                "factor": factor,
                **vars(tested),
                **vars(intervals(matrix, labels, rng, settings["resamples"])),
                "silhouette": silhouette(matrix, labels),
                "neighbour": neighbour_accuracy(matrix, labels),
                "neighbour_chance": neighbour_chance(labels),
                **vars(within_between(matrix, labels)),
            }


def mantel_table(
    task: str,
    found: Mapping[str, tuple[pd.DataFrame, np.ndarray]],
    settings: Mapping[str, Any],
) -> pd.DataFrame:
    """The table ``mantel``: how alike any two distances order the pairs of networks."""
    rows = []
    for first, second in combinations(found, 2):
        (of_first, a), (of_second, b) = found[first], found[second]
        both = (
            of_first[NETWORK]
            .reset_index(names="a")
            .merge(of_second[NETWORK].reset_index(names="b"), on=NETWORK)
        )
        i, j = both["a"].to_numpy(), both["b"].to_numpy()
        result = mantel(
            a[np.ix_(i, i)],
            b[np.ix_(j, j)],
            settings["seed"],
            permutations=settings["permutations"],
        )
        rows.append({"first": first, "second": second, **vars(result)})
    frame = pd.DataFrame(rows)
    if frame.empty:
        return _table("mantel", [], task)
    return _table("mantel", [frame.assign(p_adjusted=adjusted(frame["p"].to_numpy()))], task)


def _table(name: str, frames: list[pd.DataFrame], task: str) -> pd.DataFrame:
    columns = SCHEMAS[name].names
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames, ignore_index=True).assign(task=task)[columns]
