"""Which factors networks differ in, and which others each of them is adjusted for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from rnnpipe.population.statistics.regression import Design
from rnnpipe.tables.schemas import FACTORS

# A whole is the name of its parts: neither is adjusted for the other.
WHOLES = {"constraint": ("dale_ratio", "autapses", "density", "modules", "rank")}
# Settings that only some networks have: asked among these, given what decides who has them,
# which is not adjusted for its details in turn.
DETAILS = {"alpha": "cell", "noise": "cell"}


@dataclass(frozen=True)
class Question:
    """One factor, and what it is adjusted for.

    Attributes
    ----------
    factor
        Name of the factor.
    labels
        (network,) int, the level of each network.
    adjusted_for
        Names of the other factors in the model: all that vary, but for parts of the factor,
        the whole that it is a part of, and details of it.
    confounded_with
        Names of those that cannot be told from it: they make the same groups, or tell
        its groups apart already. Empty where there is something to test.
    design
        The model; its cells are the networks that are alike in every factor.
    strata
        (network,) int, within which networks may change places in a permutation; None:
        anywhere. Networks that are alike in all other factors, where the factor shows in
        full among these; of a detail the levels of what it is a detail of, since networks
        without the detail say nothing about it and may scatter differently.
    """

    factor: str
    labels: np.ndarray
    adjusted_for: tuple[str, ...]
    confounded_with: tuple[str, ...]
    design: Design = field(repr=False)
    strata: np.ndarray | None = field(repr=False)


def questions(networks: pd.DataFrame) -> dict[str, Question]:
    """Ask of every factor that varies what it does, given the others.

    Parameters
    ----------
    networks
        One row per network, with the columns of `FACTORS`.

    Returns
    -------
    dict
        Factor -> question, in the order of `FACTORS`.
    """
    labels = factor_labels(networks)
    return {factor: _question(factor, labels) for factor in labels}


def factor_labels(networks: pd.DataFrame) -> dict[str, np.ndarray]:
    """Codes (network,) of every factor that groups the networks.

    A factor with one level, or with a level of its own for each network, is left out, and a
    detail with one level among the networks that have it, and the only part that varies of a
    whole, if it makes the same groups: the whole says it. A missing value (Dale's ratio of a
    network without signs) is a level like any other.
    """
    labels = {}
    for factor in FACTORS:
        values = networks[factor].astype(object)
        codes = pd.factorize(values, use_na_sentinel=False, sort=False)[0]
        levels = values.dropna().nunique() if factor in DETAILS else len(set(codes))
        if levels > 1 and len(set(codes)) < len(codes):
            labels[factor] = codes
    for whole, parts in WHOLES.items():
        varying = [part for part in parts if part in labels]
        if whole in labels and len(varying) == 1 and _same(labels[whole], labels[varying[0]]):
            del labels[varying[0]]
    return labels


def _question(factor: str, labels: Mapping[str, np.ndarray]) -> Question:
    others = {name: codes for name, codes in labels.items() if _adjusts(name, factor)}
    cohorts = np.unique(np.stack([*labels.values()]), axis=1, return_inverse=True)[1]
    design = Design.of(labels[factor], list(others.values()), cohorts)
    above = DETAILS.get(factor)
    return Question(
        factor,
        labels[factor],
        tuple(others),
        () if design.df else _doubles(labels[factor], others),
        design,
        labels.get(above) if above else _alike_otherwise(labels[factor], list(others.values())),
    )


def _alike_otherwise(labels: np.ndarray, others: list[np.ndarray]) -> np.ndarray | None:
    """Groups (network,) of networks that are alike in all other factors.

    Without an effect of the factor these are exchangeable, however differently the groups
    scatter. ``None`` if the factor shows in full only between them.
    """
    if not others:
        return None
    _, strata = np.unique(np.stack(others), axis=1, return_inverse=True)
    within = Design.of(labels, [strata.ravel()]).df
    return strata.ravel() if within and within == Design.of(labels, others).df else None


def _adjusts(other: str, factor: str) -> bool:
    """Whether a factor is adjusted for another."""
    if other == factor or DETAILS.get(other) == factor:
        return False
    return other not in WHOLES.get(factor, ()) and factor not in WHOLES.get(other, ())


def _doubles(labels: np.ndarray, others: Mapping[str, np.ndarray]) -> tuple[str, ...]:
    """Name the others that make the same groups; else that decide the group; else all."""
    same = tuple(name for name, codes in others.items() if _same(labels, codes))
    decide = tuple(name for name, codes in others.items() if not Design.of(labels, [codes]).df)
    return same or decide or tuple(others)


def _same(one: np.ndarray, two: np.ndarray) -> bool:
    """Tell whether two factors make the same groups."""
    pairs = len({*zip(one.tolist(), two.tolist(), strict=True)})
    return pairs == len({*one.tolist()}) == len({*two.tolist()})
