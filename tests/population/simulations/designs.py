"""Designs of populations: which cohorts an experiment has, and how many networks each."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from rnnpipe.settings.experiment import Experiment, factors, load_experiment

ROOT = Path(__file__).parents[3]
# Networks per cohort; the largest number stands for four networks against twenty.
SIZES = ("2", "3", "4", "6", "10", "20", "4 and 20")


@dataclass(frozen=True)
class Design:
    """Cohorts and their sizes.

    Attributes
    ----------
    cohorts
        One row per cohort: task, model, constraint and the factors of the design.
    sizes
        Number of networks in each cohort.
    """

    cohorts: pd.DataFrame
    sizes: tuple[int, ...]

    @property
    def networks(self) -> pd.DataFrame:
        """One row per network: its cohort's columns, and its seed."""
        rows = np.repeat(np.arange(len(self.sizes)), self.sizes)
        seeds = np.concatenate([np.arange(size) for size in self.sizes])
        return self.cohorts.iloc[rows].reset_index(drop=True).assign(seed=seeds)


def design(name: str, size: str) -> Design:
    """Make a design by name, with as many networks per cohort as one of `SIZES` says.

    ``twins`` are two constraints that differ in their names alone, ``crossed`` every
    pair of two cells and two activations, ``default`` the default experiment, and
    ``example`` the one of the README. With "4 and 20" the first cohort has twenty
    networks, every other one four.
    """
    cohorts = COHORTS[name]()
    if size == "4 and 20":
        return Design(cohorts, (20, *[4] * (len(cohorts) - 1)))
    return Design(cohorts, (int(size),) * len(cohorts))


def _of_experiment(experiment: Experiment) -> pd.DataFrame:
    """The cohorts of an experiment's first task."""
    first = next(iter(experiment.tasks))
    cohorts = [cohort for cohort in experiment.cohorts() if cohort.task == first]
    rows = [{**vars(c), **factors(experiment, c).model_dump()} for c in cohorts]
    return pd.DataFrame(rows)


@cache
def _default() -> pd.DataFrame:
    return _of_experiment(load_experiment(ROOT / "config/config.yaml"))


@cache
def _example() -> pd.DataFrame:
    """The experiment that the README writes out."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    section = page.split("## Your own experiment")[1]
    block = re.search(r"(?:^    .*\n|^\n)+", section, flags=re.MULTILINE)
    return _of_experiment(Experiment.from_mapping(yaml.safe_load(block.group())))


def _twins() -> pd.DataFrame:
    first = _default().iloc[[0]]
    return pd.concat([first, first.assign(constraint="same")], ignore_index=True)


def _crossed() -> pd.DataFrame:
    rows = [
        _default().iloc[[0]].assign(cell=cell, activation=name, model=f"{cell}-{name}")
        for cell in ("gru", "vanilla")
        for name in ("tanh", "relu")
    ]
    return pd.concat(rows, ignore_index=True)


COHORTS = {"twins": _twins, "crossed": _crossed, "default": _default, "example": _example}
