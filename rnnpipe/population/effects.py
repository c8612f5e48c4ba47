"""What constraints change: every measure of their networks against a reference's."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from rnnpipe.population.similarity.correction import adjusted
from rnnpipe.population.similarity.effects import effect
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
# Of how the same networks do beyond their training.
BEYOND = ("longer", "unseen", "noise")


def measures(networks: pd.DataFrame, behaviour: pd.DataFrame) -> pd.DataFrame:
    """All measures of every network, a row each; NaN where a network has none.

    Parameters
    ----------
    networks
        The table ``networks`` of one task; counts of points are summed over probes.
    behaviour
        The table ``behaviour``; of several levels of a setting the largest counts.
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
    settings: Mapping[str, Any],
) -> pd.DataFrame:
    """The table ``effects``: Hedges' g of every constraint, model and measure.

    Networks that were not solved count too, unless their training diverged. A
    measure that does not vary among the networks is left out. p values are
    corrected for the number of tests of the whole table.

    Parameters
    ----------
    reference
        The constraint against which the others are held.
    settings
        `resamples`, `permutations` and `seed`.
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
    table: pd.DataFrame, reference: str, settings: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    names = [name for name in table if name not in NETWORK]
    cohorts = dict(list(table.groupby(["model", "constraint"], sort=False, observed=True)))
    for (model, constraint), sample in cohorts.items():
        held_against = cohorts.get((model, reference))
        if constraint == reference or held_against is None:
            continue
        for measure in names:
            values = tuple(own[measure].dropna() for own in (sample, held_against))
            if pd.concat(values).nunique() < 2:
                continue
            found = effect(
                *(own.to_numpy() for own in values),
                stream(settings["seed"], f"effects {model} {constraint} {measure}"),
                settings["resamples"],
                settings["permutations"],
            )
            yield {
                "model": model,
                "reference": reference,
                "constraint": constraint,
                "measure": measure,
                "networks": sum(map(len, values)),
                **vars(found),
            }
