"""The table ``effects``: every measure of constrained networks against a reference's."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from rnnpipe.population.statistics.effect_size import effect
from rnnpipe.population.statistics.permutation_tests import adjusted
from rnnpipe.settings.sections.analysis import StatisticsSettings
from rnnpipe.streams import stream
from rnnpipe.tables.schemas import NETWORK, SCHEMAS

# Columns of the table of networks that are compared as they are.
MEASURES = (
    "score",
    "test_loss",
    "spectral_radius",
    "silent_units",
    "participation_ratio",
    "components_85",
    "attractors",
    "moving_share",
    "found",
    "unstable_0",
    "unstable_1",
    "rings",
    "lines",
    "edges",
    "machine_right",
)
# Settings of the table of behaviour whose scores are compared.
BEYOND = ("longer", "unseen", "noise")


def measures(networks: pd.DataFrame, behaviour: pd.DataFrame) -> pd.DataFrame:
    """Collect all measures, one row per network; NaN where a network has none.

    Parameters
    ----------
    networks
        The table ``networks`` of one task; counts are summed over probes.
    behaviour
        The table ``behaviour``; the largest level of each setting counts.
    """
    by_network = networks.groupby(NETWORK, sort=False, observed=True)
    probed = ("attractors", "found", "unstable_0", "unstable_1", "rings", "lines", "edges")
    table = by_network[[m for m in MEASURES if m not in probed]].mean(numeric_only=False)
    table = table.astype(float).join(by_network[list(probed)].sum(min_count=1).astype(float))
    for name in BEYOND:
        rows = behaviour[behaviour["setting"] == name].sort_values("level")
        scores = rows.groupby(NETWORK, observed=True)["score"].last()
        table[f"score_{name}"] = scores.reindex(table.index)
    return table.reset_index()


def effects_table(
    task: str,
    networks: pd.DataFrame,
    behaviour: pd.DataFrame,
    reference: str,
    settings: StatisticsSettings,
) -> pd.DataFrame:
    """Make the table ``effects``: Hedges' g of every constraint, model and measure.

    Networks that did not solve the task count too, unless their training diverged. Of
    either cohort the table says how many networks count, how many lack the measure, and how
    many diverged. A measure that does not vary among the networks, or that none has, is
    left out. p values are corrected for the number of tests of the whole table.

    Parameters
    ----------
    task
        Name of the task.
    networks, behaviour
        As for `measures`.
    reference
        The constraint with which the others are compared.
    settings
        Number of permutations, and their seed.
    """
    table = measures(networks, behaviour)
    diverged = networks.loc[networks["stop_reason"] == "diverged", NETWORK].drop_duplicates()
    marked = table.merge(diverged.assign(diverged=True), on=NETWORK, how="left")
    table = table.assign(diverged=marked["diverged"].notna().to_numpy())
    rows = list(_effects(table, reference, settings))
    columns = SCHEMAS["effects"].names
    if not rows:
        return pd.DataFrame(columns=columns)
    frame = pd.DataFrame(rows).assign(task=task)
    return frame.assign(p_adjusted=adjusted(frame["p"].to_numpy()))[columns]


def _effects(
    table: pd.DataFrame, reference: str, settings: StatisticsSettings
) -> Iterator[dict[str, Any]]:
    names = [name for name in table if name not in (*NETWORK, "diverged")]
    cohorts = dict(list(table.groupby(["model", "constraint"], sort=False, observed=True)))
    for (model, constraint), sample in cohorts.items():
        compared = cohorts.get((model, reference))
        if constraint == reference or compared is None:
            continue
        for measure in names:
            own, others = (_counted(cohort, measure) for cohort in (sample, compared))
            every = np.concatenate([own, others])
            # What one cohort has and the other lacks is said, though nothing can be compared.
            if len(set(every)) < 2 and (len(own) > 0) == (len(others) > 0):
                continue
            found = effect(
                own,
                others,
                stream(settings.seed, f"effects {model} {constraint} {measure}"),
                settings.permutations,
            )
            yield {
                "model": model,
                "reference": reference,
                "constraint": constraint,
                "measure": measure,
                "networks": len(every),
                **_numbers(sample, own, ""),
                **_numbers(compared, others, "reference_"),
                **vars(found),
            }


def _counted(cohort: pd.DataFrame, measure: str) -> np.ndarray:
    """Values of a cohort's networks that have the measure and did not diverge (network,)."""
    values = cohort.loc[~cohort["diverged"], measure].to_numpy(dtype=float)
    return values[np.isfinite(values)]


def _numbers(cohort: pd.DataFrame, counted: np.ndarray, prefix: str) -> dict[str, int]:
    """Count the networks of a cohort that count, that lack the measure, and that diverged."""
    diverged = int(cohort["diverged"].sum())
    return {
        f"{prefix}counted": len(counted),
        f"{prefix}lacking": len(cohort) - diverged - len(counted),
        f"{prefix}diverged": diverged,
    }
