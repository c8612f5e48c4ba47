"""The columns and types of every table that stages exchange.

Lists may have any length: tables of models of different sizes then read back as
one table, which fixed-size lists do not allow.
"""

from collections.abc import Mapping

import pyarrow as pa

from rnnpipe.tables.schemas.blocks import BLOCKS
from rnnpipe.tables.schemas.population import FACTORS, MOST_UNSTABLE, POPULATION

# The columns that identify a network of one task.
NETWORK = ["model", "constraint", "seed"]

SCHEMAS: Mapping[str, pa.Schema] = {**BLOCKS, **POPULATION}

__all__ = ["FACTORS", "MOST_UNSTABLE", "NETWORK", "SCHEMAS"]
