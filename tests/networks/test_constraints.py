"""Masks, signs and regions are what the settings say; weights start balanced under them."""

import numpy as np
import pytest

from rnnpipe.networks.constraints import (
    Connectivity,
    connectivity,
    dale_signs,
    initial_gates,
    initial_recurrent,
    spectral_radius,
    violations,
)
from rnnpipe.settings import ConstraintSettings
from rnnpipe.tables.artifacts import ArtifactError

UNITS, INPUTS, OUTPUTS = 40, 3, 2


def sample(seed: int = 0, **constraint) -> Connectivity:
    resolved = ConstraintSettings.model_validate(constraint).resolved(UNITS)
    return connectivity(resolved, INPUTS, OUTPUTS, np.random.default_rng(seed))


def two_regions(**more):
    regions = [
        {"name": "A", "units": 30, "dale_ratio": 0.8, "autapses": False},
        {"name": "B", "units": 10},
    ]
    return {"regions": regions, **more}


def test_without_a_constraint_all_is_there_and_free():
    c = sample()
    assert c.mask.all() and c.input_mask.all() and c.output_mask.all()
    assert not c.sign.any()
    assert c.mask.shape == (UNITS, UNITS)
    assert c.input_mask.shape == (UNITS, INPUTS)
    assert c.output_mask.shape == (OUTPUTS, UNITS)


def test_no_autapses_is_an_empty_diagonal_and_nothing_else():
    assert np.array_equal(sample(autapses=False).mask, ~np.eye(UNITS, dtype=bool))


@pytest.mark.parametrize(("ratio", "excitatory"), [(0.8, 32), (0.5, 20), (0.825, 33)])
def test_dale_ratio_makes_the_first_units_excitatory(ratio, excitatory):
    sign = sample(dale_ratio=ratio).sign
    assert np.array_equal(sign, np.repeat([1, -1], [excitatory, UNITS - excitatory]))
    assert np.array_equal(dale_signs(4, None), np.zeros(4))


def test_density_is_met_on_average_and_the_draw_follows_the_seed():
    masks = [sample(seed, density=0.3).mask for seed in range(20)]
    assert np.mean(masks) == pytest.approx(0.3, abs=0.01)
    assert np.array_equal(masks[3], sample(3, density=0.3).mask)
    assert not np.array_equal(masks[3], masks[4])


def test_regions_connect_by_projections_only():
    c = sample(**two_regions())
    assert c.regions == ("A",) * 30 + ("B",) * 10
    assert not c.mask[:30, 30:].any() and not c.mask[30:, :30].any()
    assert not c.mask.diagonal()[:30].any() and c.mask[30:, 30:].all()
    assert np.array_equal(c.sign, np.repeat([1, -1, 0], [24, 6, 10]))


def test_projections_reach_the_named_cells():
    projection = {"from": "A", "to": "B", "probability": 1.0, "from_cells": "inhibitory"}
    c = sample(**two_regions(projections=[projection]))
    expected = np.zeros((10, 30), dtype=bool)
    expected[:, 24:] = True
    assert np.array_equal(c.mask[30:, :30], expected)
    assert not c.mask[:30, 30:].any()


def test_projections_add_up():
    half = {"from": "A", "to": "B", "probability": 0.5}
    shares = [
        np.mean(
            [sample(s, **two_regions(projections=[half] * n)).mask[30:, :30] for s in range(20)]
        )
        for n in (1, 2)
    ]
    assert shares == pytest.approx([0.5, 0.75], abs=0.03)


def test_regions_see_and_feed_their_channels():
    c = sample(**two_regions(inputs={"A": [0, 2]}, outputs={"B": "all"}))
    assert c.input_mask[:30].all(0).tolist() == [True, False, True]
    assert not c.input_mask[30:].any() and not c.input_mask[:, 1].any()
    assert c.output_mask[:, 30:].all() and not c.output_mask[:, :30].any()


def test_mask_files_restrict_further_and_are_checked(tmp_path):
    mask = np.random.default_rng(0).random((UNITS, UNITS)) < 0.5
    np.save(tmp_path / "m.npy", mask)
    c = sample(autapses=False, mask=str(tmp_path / "m.npy"))
    assert np.array_equal(c.mask, mask & ~np.eye(UNITS, dtype=bool))
    np.save(tmp_path / "small.npy", mask[:3])
    with pytest.raises(ArtifactError, match=r"small\.npy: .* \(3, 40\); \(40, 40\) is needed"):
        sample(mask=str(tmp_path / "small.npy"))


class TestInitialWeights:
    def test_free_weights_have_the_gain_as_spectral_scale(self):
        c = sample()
        weights = np.stack([initial_recurrent(c, 1.5, np.random.default_rng(s)) for s in range(20)])
        assert weights.std() == pytest.approx(1.5 / np.sqrt(UNITS), rel=0.02)

    def test_sparse_weights_keep_the_scale(self):
        radii = [
            spectral_radius(
                initial_recurrent(sample(s, density=0.3), 1.0, np.random.default_rng(s))
            )
            for s in range(20)
        ]
        assert np.mean(radii) == pytest.approx(1.0, abs=0.15)

    def test_under_dale_rows_balance_and_the_radius_is_the_gain(self):
        c = sample(dale_ratio=0.8, autapses=False)
        weights = initial_recurrent(c, 1.2, np.random.default_rng(1))
        assert violations(weights, c) == (0, 0)
        assert np.allclose(weights.sum(1), 0, atol=1e-12)
        assert spectral_radius(weights) == pytest.approx(1.2)

    def test_no_connection_at_all_is_no_error(self):
        nothing = {"regions": [{"name": "A", "units": UNITS, "density": 1e-9, "dale_ratio": 0.5}]}
        assert not initial_recurrent(sample(**nothing), 1.0, np.random.default_rng(0)).any()


def test_violations_are_counted():
    c = sample(dale_ratio=0.5, autapses=False)
    weights = initial_recurrent(c, 1.0, np.random.default_rng(0))
    weights[1, 0] *= -1
    weights[2, 2] = 0.1
    weights[30, 30] = -0.1
    assert violations(weights, c) == (1, 2)


def test_violations_of_gates_are_those_of_the_mask_alone():
    c = sample(dale_ratio=0.5, autapses=False)
    gate = np.where(c.mask, -np.abs(initial_recurrent(c, 1.0, np.random.default_rng(0))), 0)
    candidate = initial_recurrent(c, 1.0, np.random.default_rng(0))
    assert violations(np.concatenate([gate, candidate]), c, candidate=1) == (0, 0)
    gate[2, 2] = 0.1
    assert violations(np.concatenate([gate, candidate]), c, candidate=1) == (0, 1)
    assert violations(np.concatenate([gate, candidate]), c, candidate=0)[0] > 100


def test_gates_start_off_the_mask_nowhere_and_with_the_scale_of_their_inputs():
    c = sample(density=0.3)
    gates = initial_gates(c, 3, np.random.default_rng(0))
    assert gates.shape == (3, UNITS, UNITS) and not gates[:, ~c.mask].any()
    assert gates[:, c.mask].std() == pytest.approx(1 / np.sqrt(c.mask.sum(1).mean()), rel=0.05)
