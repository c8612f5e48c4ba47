"""Types of columns, and a schema from the names of its columns and their types."""

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
    """Schema of columns in their order; an underscore at the end keeps a name off the keywords."""
    return pa.schema([(name.rstrip("_"), TYPES[kind]) for name, kind in columns.items()])
