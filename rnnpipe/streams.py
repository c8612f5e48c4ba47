"""Named random streams: every draw comes from a generator keyed by seed and purpose."""

import hashlib

import numpy as np


def stream(seed: int, purpose: str) -> np.random.Generator:
    """Return the generator for one purpose of one seed.

    Streams of different purposes are independent, so that adding a draw for
    one purpose never shifts the numbers of another.

    Parameters
    ----------
    seed
        Non-negative integer, the network's seed.
    purpose
        What the numbers are for, such as ``"training trials"``.
    """
    digest = hashlib.blake2b(purpose.encode(), digest_size=16).digest()
    words = np.frombuffer(digest, dtype="<u4").tolist()
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))
