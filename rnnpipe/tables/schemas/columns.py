"""Types of columns, and how a schema is built from names and types."""

import pyarrow as pa

TYPES = {
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "text": pa.string(),
    "floats": pa.list_(pa.float64()),
    # Trajectories are large and were trained in single precision.
    "singles": pa.list_(pa.float32()),
}


def schema(**columns: str) -> pa.Schema:
    """Build a schema from columns in order; an underscore after a name avoids Python's keywords."""
    return pa.schema([(name.rstrip("_"), TYPES[kind]) for name, kind in columns.items()])
