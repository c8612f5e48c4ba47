"""The columns and types of every table that stages exchange.

Lists are of any length: tables of models of different size then read back as
one, which fixed-size lists do not.
"""

from collections.abc import Mapping

import pyarrow as pa

from rnnpipe.tables.schemas.blocks import BLOCKS
from rnnpipe.tables.schemas.population import FACTORS, MOST_UNSTABLE, POPULATION

# The columns that name a network of one task.
NETWORK = ["model", "constraint", "seed"]

SCHEMAS: Mapping[str, pa.Schema] = {**BLOCKS, **POPULATION}

__all__ = ["FACTORS", "MOST_UNSTABLE", "NETWORK", "SCHEMAS"]
