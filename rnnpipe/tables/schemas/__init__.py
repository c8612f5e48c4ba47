"""The columns and types of every table that stages exchange.

Lists may have any length: tables of models of different sizes then read back as
one table, which fixed-size lists do not allow.
"""

from collections.abc import Mapping

import pyarrow as pa

from rnnpipe.tables.schemas.blocks import BLOCKS
from rnnpipe.tables.schemas.population import (
    ATTRACTORS,
    FACTORS,
    MOST_UNSTABLE,
    POPULATION,
    UNSTABLE,
)

# The columns that identify a cohort and a network of one task, a network of an experiment, one of
# its points, and, within a block, a network under a probe.
COHORT = ["model", "constraint"]
NETWORK = [*COHORT, "seed"]
KEY = ["task", *NETWORK]
POINT = [*NETWORK, "probe", "point"]
PROBED = ["seed", "probe"]

SCHEMAS: Mapping[str, pa.Schema] = {**BLOCKS, **POPULATION}

__all__ = [
    "ATTRACTORS",
    "COHORT",
    "FACTORS",
    "KEY",
    "MOST_UNSTABLE",
    "NETWORK",
    "POINT",
    "PROBED",
    "SCHEMAS",
    "UNSTABLE",
]
