"""How many Jacobians are held at once."""

# Bytes of the Jacobians of one chunk; factors, products and copies take a few
# times as much. Measured at 64 to 256 units: chunks of 4 to 32 MB, which stay
# in the cache and in memory already mapped, are 20 to 30 % faster than 128 MB.
CHUNK_BYTES = 16 * 2**20


def at_once(units: int) -> int:
    """Return the number of states whose float64 Jacobians make up one chunk, at least 1."""
    return max(1, CHUNK_BYTES // (8 * units**2))
