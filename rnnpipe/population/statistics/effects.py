"""The table ``effects``: every measure of constrained networks against a reference's."""

from collections.abc import Iterator
from typing import Any

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
        The table ``networks`` of one task; counts of points are summed over probes.
    behaviour
        The table ``behaviour``; the largest level of each setting counts.
    """
    by_network = networks.groupby(NETWORK, sort=False, observed=True)
    probed = ("found", "unstable_0", "unstable_1", "rings", "lines", "edges")
    table = by_network[[m for m in MEASURES if m not in probed]].mean(numeric_only=False)
    table = table.astype(float).join(by_network[list(probed)].sum().astype(float))
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

    Networks that did not solve the task count too, unless their training diverged. A
    measure that does not vary among the networks is left out. p values are
    corrected for the number of tests of the whole table.

    Parameters
    ----------
    task
        Name of the task.
    networks, behaviour
        As for `measures`.
    reference
        The constraint with which the others are compared.
    settings
        Numbers of resamples and permutations, and their seed.
    """
    kept = networks[networks["stop_reason"] != "diverged"]
    table = measures(kept, behaviour)
    rows = list(_effects(table, reference, settings))
    columns = SCHEMAS["effects"].names
    if not rows:
        return pd.DataFrame(columns=columns)
    frame = pd.DataFrame(rows).assign(task=task)
    return frame.assign(p_adjusted=adjusted(frame["p"].to_numpy()))[columns]


def _effects(
    table: pd.DataFrame, reference: str, settings: StatisticsSettings
) -> Iterator[dict[str, Any]]:
    names = [name for name in table if name not in NETWORK]
    cohorts = dict(list(table.groupby(["model", "constraint"], sort=False, observed=True)))
    for (model, constraint), sample in cohorts.items():
        compared = cohorts.get((model, reference))
        if constraint == reference or compared is None:
            continue
        for measure in names:
            values = tuple(own[measure].dropna() for own in (sample, compared))
            if pd.concat(values).nunique() < 2:
                continue
            found = effect(
                *(own.to_numpy() for own in values),
                stream(settings.seed, f"effects {model} {constraint} {measure}"),
                settings.resamples,
                settings.permutations,
            )
            yield {
                "model": model,
                "reference": reference,
                "constraint": constraint,
                "measure": measure,
                "networks": sum(map(len, values)),
                **vars(found),
            }
