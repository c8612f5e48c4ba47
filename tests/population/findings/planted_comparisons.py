"""For every claim about differences between networks: ideal populations, and spoilt ones.

A network is a place, which stands for the geometry of its states, and a skeleton.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from rnnpipe.population.findings.every_task import judge_universality
from rnnpipe.population.findings.evidence import Evidence
from rnnpipe.population.findings.finding import Finding
from rnnpipe.population.findings.sharing import judge_sharing
from rnnpipe.population.similarity.skeleton import Skeleton, unrelated
from rnnpipe.population.similarity.topology import topology_distances
from rnnpipe.tables.schemas import FACTORS
from tests.population.findings.ideal_networks import FLIPFLOP

# Of a group's number and a generator: the place, or the skeleton, of one of its networks.
Places = Callable[[int, np.random.Generator], float]
Skeletons = Callable[[int, np.random.Generator], Skeleton]
LEVELS = {"cell": ("gru", "lstm"), "activation": ("tanh", "relu"), "constraint": ("none", "dale")}


@dataclass(frozen=True)
class Comparison:
    """A claim about differences between two groups of networks.

    Attributes
    ----------
    number, factor, judge
        The claim's number, in what the groups differ, and the function that judges them.
    ideal
        Places and skeletons of which the claim holds.
    faults
        Places and skeletons of which it does not, by what they are.
    """

    number: str
    factor: str
    judge: Callable[[Evidence], list[Finding]]
    ideal: tuple[Places, Skeletons]
    faults: dict[str, tuple[Places, Skeletons]]

    def finding(self, networks: int, fault: str | None = None) -> Finding:
        """Judge a population of two groups of so many networks."""
        places, skeletons = self.ideal if fault is None else self.faults[fault]
        group, rng = np.repeat([0, 1], networks), np.random.default_rng(0)
        drawn = [places(own, rng) for own in group]
        topology = [skeletons(own, rng) for own in group]
        ends = np.full(FLIPFLOP.outputs, -1.0), np.full(FLIPFLOP.outputs, 1.0)
        chance = [unrelated(skeleton, *ends, rng) for skeleton in topology]
        level = FLIPFLOP.readout_level
        distances = {
            "svcca": np.abs(np.subtract.outer(drawn, drawn)),
            "topology": topology_distances(topology, level),
        }
        facts = {name: 0 for name in FACTORS if name not in LEVELS}
        names = {name: levels[0] for name, levels in LEVELS.items()}
        names[self.factor] = np.array(LEVELS[self.factor])[group]
        model = names["cell"] if self.factor == "cell" else names["activation"]
        who = pd.DataFrame({"model": model, "constraint": names["constraint"]}, index=group)
        who = who.assign(seed=np.arange(len(group))).reset_index(drop=True)
        tables = {
            "networks": who.assign(solved=True, probe="zero", **(facts | names)),
            "distances": pd.concat(
                [who.assign(metric=name, distances=list(own)) for name, own in distances.items()]
            ),
            "unrelated": who.assign(distances=list(topology_distances(chance, level))),
        }
        found = self.judge(Evidence(FLIPFLOP, tables))
        (own,) = (finding for finding in found if finding.claim == self.number)
        return own


def skeleton_at(readouts: np.ndarray) -> Skeleton:
    """Points that keep what noise does to them, with as many unstable modes as zeros."""
    count = len(readouts)
    return Skeleton(
        readouts=readouts.astype(float).reshape(count, FLIPFLOP.outputs),
        probe=np.zeros(count, dtype=int),
        kind=np.zeros(count, dtype=int),
        unstable=(readouts == 0).sum(1),
        transitions=np.eye(count, count + 1),
    )


PATTERNS = np.array(list(product((-1, 0, 1), repeat=FLIPFLOP.bits)))
MEMORIES = PATTERNS[(PATTERNS != 0).all(1)]


def apart(group: int, rng: np.random.Generator) -> float:
    """The groups lie a unit apart."""
    return group + 0.1 * rng.standard_normal()


def mixed(group: int, rng: np.random.Generator) -> float:
    """The groups lie in one place."""
    return rng.random()


def alike(group: int, rng: np.random.Generator) -> Skeleton:
    """All have the cube, but for one point that every other lacks."""
    return skeleton_at(np.delete(PATTERNS, rng.permutation(len(PATTERNS))[: rng.integers(2)], 0))


def by_group(group: int, rng: np.random.Generator) -> Skeleton:
    """The second group has memories far from those of the first, and no saddles."""
    points = 3 * MEMORIES if group else PATTERNS
    return skeleton_at(np.delete(points, rng.permutation(len(points))[: rng.integers(2)], 0))


def each_its_own(group: int, rng: np.random.Generator) -> Skeleton:
    """Every network has points of its own."""
    return skeleton_at(rng.integers(-4, 5, size=PATTERNS.shape))


def second_scattered(group: int, rng: np.random.Generator) -> Skeleton:
    """The first group shares its topology, in the second every network has its own."""
    return (each_its_own if group else alike)(group, rng)


def first_scattered(group: int, rng: np.random.Generator) -> Skeleton:
    """The other way round."""
    return second_scattered(1 - group, rng)


def mostly_none(group: int, rng: np.random.Generator) -> Skeleton:
    """Three in four networks have no points."""
    return skeleton_at(PATTERNS if rng.random() < 0.25 else PATTERNS[:0])


def first_mostly_none(group: int, rng: np.random.Generator) -> Skeleton:
    """Three in four networks of the first group have no points; the others lack one."""
    return (alike if group else mostly_none)(group, rng)


COMPARISONS = (
    Comparison(
        "F6a",
        "cell",
        judge_universality,
        (apart, alike),
        {"topologies differ by cell, geometry does not": (mixed, by_group)},
    ),
    Comparison(
        "F6b",
        "activation",
        judge_universality,
        (mixed, by_group),
        {"geometry differs by activation, topologies do not": (apart, alike)},
    ),
    Comparison(
        "F6c",
        "constraint",
        judge_universality,
        (apart, alike),
        {"topologies differ by constraint, geometry does not": (mixed, by_group)},
    ),
    Comparison(
        "F6d",
        "activation",
        judge_universality,
        (mixed, second_scattered),
        {
            "tanh networks that have nothing in common": (mixed, first_scattered),
            "lacking: tanh networks without points": (mixed, first_mostly_none),
        },
    ),
    Comparison(
        "F6e",
        "cell",
        judge_sharing,
        (apart, alike),
        {
            "every network has a topology of its own": (apart, each_its_own),
            "every cell has a topology of its own": (apart, by_group),
            "lacking: networks without points": (apart, mostly_none),
        },
    ),
)
