"""Skeletons of networks that are cut to lower ranks, as rows of a table."""

import numpy as np

from rnnpipe.dynamics.census import Census
from rnnpipe.dynamics.fixed_points.result import facts_of_no_search
from rnnpipe.tables.schemas import ATTRACTORS, MOST_UNSTABLE, UNSTABLE
from rnnpipe.tables.schemas.ranks import COUNTS

NOT_FINITE = "the states of the network that is cut are not finite"
# Of a search, what its row tells.
SEARCHED = ("found", "slow", "index_sum", "certificate", "reason", "missed", "refuted")


def skeleton_columns(census: Census | None) -> dict[str, object]:
    """Columns of the table ``rank_skeletons`` beside its key; None: nothing could be searched."""
    if census is None:
        facts = facts_of_no_search(NOT_FINITE)
        return {
            **{name: facts[name] for name in SEARCHED},
            **dict.fromkeys(COUNTS, 0),
            "unassigned_share": np.nan,
            "summary": None,
        }
    facts = census.search.facts()
    unstable = np.zeros(MOST_UNSTABLE + 1, dtype=int)
    for modes, points in census.unstable.items():
        unstable[min(modes, MOST_UNSTABLE)] += points
    return {
        **{name: facts[name] for name in SEARCHED},
        **dict(zip(UNSTABLE, unstable, strict=True)),
        "marginal": census.marginal,
        "spurious": census.spurious,
        "attractors": census.kinds.total(),
        **{column: census.kinds[kind] for kind, column in ATTRACTORS.items()},
        "unassigned_share": census.unassigned,
        "summary": census.summary,
    }
