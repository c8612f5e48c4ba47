"""Branches that pass none of the searched values are found where the points can be proved."""

import numpy as np
import torch

from rnnpipe.dynamics.branches import Branches, find_branches
from rnnpipe.networks.cells import CELLS, Weights, driven

VALUES = np.linspace(0.1, 0.9, 9)
# Both ends and nothing between.
FEW = {"searches": 2, "mixtures": 16, "box": 16, "rounds": 2}


def island():
    """Unit 0 has three points only while the input is near 0.5, where units 1 and 2 differ."""
    recurrent = torch.tensor([[2.0, 0.5, -0.5], [0, 0, 0], [0, 0, 0]], dtype=torch.float64)
    weights = Weights(
        input=torch.tensor([[[0.0], [5.0], [5.0]]], dtype=torch.float64),
        recurrent=recurrent[None],
        bias=torch.tensor([[-0.8, -2.0, -3.0]], dtype=torch.float64),
        output=torch.zeros(1, 0, 3, dtype=torch.float64),
        output_bias=torch.zeros(1, 0, dtype=torch.float64),
        initial_state=torch.zeros(1, 3, dtype=torch.float64),
    )
    return driven(CELLS["vanilla"]("tanh", 1.0), weights)


def found(**options) -> Branches:
    states = np.random.default_rng(0).uniform(-1, 1, (50, 3))
    rng = np.random.default_rng(1)
    return find_branches(island(), states, np.zeros(1), 0, VALUES, rng=rng, **FEW, **options)


def at(branches: Branches, value: float) -> np.ndarray:
    return branches.sampled & (np.abs(branches.value - value) < 1e-9)


def test_an_island_between_the_searched_values_is_found_by_proof():
    plain, proved = found(proof_rank=0), found()
    assert len(plain.ends) == 1 and not plain.proved.any()
    assert proved.ends.tolist() == [["limit", "limit"], ["closed", "closed"]]
    assert [at(proved, value).sum() for value in (0.1, 0.5, 0.9)] == [1, 3, 1]
    assert proved.event_kind.tolist().count("fold") == 2
    np.testing.assert_array_equal(proved.row_columns()["proved"], proved.sampled)


def test_a_value_where_the_proof_is_cut_off_is_not_marked():
    cut = found(proof_boxes=2)
    assert len(cut.ends) == 1
    assert not cut.proved[at(cut, 0.5)].any()
