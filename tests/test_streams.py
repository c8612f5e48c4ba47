"""A stream is named by seed and purpose, and by nothing else."""

import numpy as np

from rnnpipe.streams import stream


def draw(seed: int, purpose: str) -> np.ndarray:
    return stream(seed, purpose).standard_normal(1000)


def test_the_same_name_gives_the_same_numbers():
    assert np.array_equal(draw(3, "training trials"), draw(3, "training trials"))


def test_other_names_give_independent_numbers():
    names = [(3, "training trials"), (4, "training trials"), (3, "test trials"), (0, "a"), (1, "a")]
    draws = np.stack([draw(*name) for name in names])
    correlations = np.corrcoef(draws)[np.triu_indices(len(names), k=1)]
    assert np.abs(correlations).max() < 5 / np.sqrt(1000)
