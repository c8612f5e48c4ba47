"""Tables of blocks on networks whose recurrent weights are cut to lower ranks."""

from collections.abc import Mapping

from rnnpipe.tables.schemas.columns import Columns, flag, number, text, whole
from rnnpipe.tables.schemas.population import ATTRACTORS, POPULATION, UNSTABLE
from rnnpipe.tables.schemas.shared import (
    CERTIFICATE,
    FOUND,
    INDEX_SUM,
    PROBE,
    REASON,
    SEED,
    SLOW_POINTS,
)

# What is cut: the recurrent weights, or their change since training began.
WEIGHTS, CHANGE = "weights", "change"
CUT = text(
    "What is cut: the recurrent `weights`, or their `change` since training began, added to the "
    "initial weights; of imported networks the weights alone. Either is the network's own from "
    "its full rank on."
)
RANK = whole(
    "Singular vectors that are kept, the largest first; of a gated cell those of each gate and of "
    "the candidate. The highest rank of a network is the full one, at which nothing is cut."
)
# Columns of the population that count points and attractors, here at one rank.
COUNTS = (*UNSTABLE, "marginal", "spurious", "attractors", *ATTRACTORS.values())

RANKS: Mapping[str, Columns] = {
    "ranks": {
        "seed": SEED,
        "cut": CUT,
        "rank": RANK,
        "singular_value": number(
            "Least singular value that is kept, of gates the largest; NaN at rank 0."
        ),
        "score": number(
            "The task's score on the 256 test trials, in the task's unit; NaN if outputs are "
            "not finite."
        ),
        "solved": flag("Whether the score reaches the task's threshold."),
        "least": flag(
            "Whether this is the least rank: the network does its task there and at every "
            "higher rank. No row of a network that does not do it at full rank."
        ),
    },
    "rank_skeletons": {
        "seed": SEED,
        "cut": CUT,
        "rank": RANK,
        "probe": PROBE,
        "summary": text("The skeleton in one line; null where nothing was searched."),
        "found": FOUND,
        "slow": SLOW_POINTS,
        **{name: POPULATION["networks"][name] for name in COUNTS},
        "unassigned_share": number(
            "Share of the runs from visited states that end in no attractor; NaN without runs."
        ),
        "index_sum": INDEX_SUM,
        "certificate": CERTIFICATE,
        "reason": REASON,
        "missed": whole("Proved points that the search had not found; they are counted."),
        "refuted": whole(
            "Points that the search had found and that are proved to be none; they are not counted."
        ),
    },
}
