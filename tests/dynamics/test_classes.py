import numpy as np
import pytest

from rnnpipe.dynamics.classes import class_labels, decaying, growing


@pytest.mark.parametrize(
    ("eigenvalues", "label"),
    [
        ([0.5, -0.9], "stable"),
        ([1.2, -1.1], "2-saddle"),
        ([1.2, 0.9], "1-saddle"),
        ([0.9995, 0.5], "marginal"),
        ([1.2, 1.0005], "marginal"),
        ([0.6 + 0.8j, 0.6 - 0.8j], "marginal"),
        ([-1.002, 0.0], "1-saddle"),
    ],
)
def test_every_point_has_one_class(eigenvalues, label):
    assert class_labels(np.array([eigenvalues])).tolist() == [label]


def test_a_mode_grows_decays_or_is_marginal():
    values = np.array([0.5, 0.9989, 0.9995, 1.0, -1.0005, 1.0011, -2.0])
    grow, decay = growing(values), decaying(values)
    assert grow.tolist() == [False] * 5 + [True] * 2
    assert decay.tolist() == [True] * 2 + [False] * 5


def test_the_tolerance_is_that_of_the_settings():
    assert class_labels(np.array([[0.95]]), tolerance=0.1).tolist() == ["marginal"]
    assert class_labels(np.empty((0, 3))).tolist() == []
