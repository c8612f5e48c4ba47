"""The columns of every table that stages exchange: their types, and what they mean."""

from collections.abc import Mapping

import pyarrow as pa

from rnnpipe.tables.schemas.attractors import ATTRACTOR_TABLES
from rnnpipe.tables.schemas.columns import Columns, schema
from rnnpipe.tables.schemas.continua import CONTINUA
from rnnpipe.tables.schemas.convergence import CONVERGENCE
from rnnpipe.tables.schemas.development import DEVELOPMENT
from rnnpipe.tables.schemas.loadings import LOADINGS
from rnnpipe.tables.schemas.networks import NETWORKS
from rnnpipe.tables.schemas.plane import PLANE
from rnnpipe.tables.schemas.points import POINTS
from rnnpipe.tables.schemas.population import (
    ATTRACTORS,
    FACTORS,
    MOST_UNSTABLE,
    POPULATION,
    UNSTABLE,
)
from rnnpipe.tables.schemas.ranks import RANKS
from rnnpipe.tables.schemas.statistics import STATISTICS

# The columns that identify a cohort and a network of one task, a network of an experiment, one of
# its points, and, within a block, a network under a probe.
COHORT = ["model", "constraint"]
NETWORK = [*COHORT, "seed"]
KEY = ["task", *NETWORK]
POINT = [*NETWORK, "probe", "point"]
PROBED = ["seed", "probe"]

# Tables of blocks, each with a column ``seed``; then those on all networks of a task or of all.
TABLES: Mapping[str, Columns] = {
    **NETWORKS,
    **POINTS,
    **ATTRACTOR_TABLES,
    **CONTINUA,
    **LOADINGS,
    **PLANE,
    **DEVELOPMENT,
    **RANKS,
    **POPULATION,
    **CONVERGENCE,
    **STATISTICS,
}
SCHEMAS: Mapping[str, pa.Schema] = {table: schema(columns) for table, columns in TABLES.items()}

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
    "TABLES",
    "UNSTABLE",
]
