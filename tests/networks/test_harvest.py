"""Trajectories are noise-free and the same trials for all; components are the states' own."""

import numpy as np
import pytest
import torch

from rnnpipe.networks.harvest import (
    components_for,
    participation_ratio,
    principal_components,
    trajectories,
    trajectory_chunk,
)
from rnnpipe.tasks import FlipFlop
from tests.helpers.networks import make_networks

TASK = FlipFlop(bits=2, time=7)


def test_trajectories_do_not_depend_on_neighbours_or_noise():
    trials = TASK.sample(5, np.random.default_rng(0))
    both = make_networks([0, 1], TASK, cell="leaky", noise=0.5)
    states, outputs = trajectories(both, trials)
    assert states.shape == (2, 5, 7, 8) and outputs.shape == (2, 5, 7, 2)
    assert states.dtype == np.float64
    alone = trajectories(both.select([1]), trials)
    assert np.array_equal(states[1], alone[0][0]) and np.array_equal(outputs[1], alone[1][0])


def test_states_follow_the_steps_of_the_cell():
    trials = TASK.sample(3, np.random.default_rng(1))
    networks = make_networks([0], TASK)
    states, _ = trajectories(networks, trials)
    for t in range(1, 7):
        for trial in range(3):
            held = networks.dynamics(0, trials.inputs[trial, t])
            after = held.step(torch.from_numpy(states[0, trial, t - 1])[None])
            assert np.allclose(after[0].numpy(), states[0, trial, t], atol=1e-12)


def test_components_recover_a_known_covariance():
    rng = np.random.default_rng(2)
    basis = np.linalg.qr(rng.standard_normal((6, 6)))[0]
    scales = np.array([3.0, 2.0, 1.0, 0, 0, 0])
    states = (rng.standard_normal((20, 500, 6)) * scales) @ basis.T + 5
    found = principal_components(states)
    assert found.variance == pytest.approx(scales**2 / 14, abs=0.02)
    assert np.allclose(found.directions @ found.directions.T, np.eye(6), atol=1e-10)
    assert np.abs((found.directions[:3] * basis.T[:3]).sum(1)).min() > 0.999
    assert np.allclose(found.mean, states.reshape(-1, 6).mean(0))


def test_components_turn_with_the_states():
    rng = np.random.default_rng(3)
    states = rng.standard_normal((50, 4)) * [4, 3, 2, 1]
    rotation = np.linalg.qr(rng.standard_normal((4, 4)))[0]
    one, other = principal_components(states), principal_components(states @ rotation.T)
    assert np.allclose(one.variance, other.variance)
    overlap = np.abs(((one.directions @ rotation.T) * other.directions).sum(1))
    assert np.allclose(overlap, 1)


def test_dimensions_of_equal_and_of_single_components():
    assert participation_ratio(np.ones(5) / 5) == pytest.approx(5)
    assert participation_ratio([1.0, 0, 0]) == pytest.approx(1)
    assert np.isnan(participation_ratio(np.zeros(3)))
    assert components_for(np.array([0.5, 0.35, 0.1, 0.05])) == 2
    assert components_for(np.array([0.9, 0.1])) == 1
    assert components_for(np.zeros(3)) is None


@pytest.mark.parametrize("level", [0.0, 1.0, -0.3, 1e6])
def test_states_that_do_not_vary_have_no_components(level):
    found = principal_components(np.full((20, 10, 3), [level, 0.1, level / 3]))
    assert not found.variance.any() and found.mean == pytest.approx([level, 0.1, level / 3])
    assert np.allclose(found.directions @ found.directions.T, np.eye(3))
    assert components_for(found.variance) is None


def test_the_smallest_changes_are_variance():
    states = np.full((20, 10, 3), 1.0)
    states[:, :, 0] += 1e-6 * np.arange(10)
    assert components_for(principal_components(states).variance) == 1


def test_missing_values_are_refused():
    states = np.ones((4, 3))
    states[2, 1] = np.nan
    with pytest.raises(ValueError, match=r"1 of 4 states .* first in row 2"):
        principal_components(states)


def test_a_chunk_has_a_row_per_trial_and_time():
    trials = TASK.sample(5, np.random.default_rng(0))
    states, outputs = trajectories(make_networks([0], TASK), trials)
    chunk = trajectory_chunk(states[0], outputs[0], trials)
    row = np.flatnonzero((chunk["trial"] == 3) & (chunk["time"] == 4))
    assert len(row) == 1
    assert np.allclose(chunk["state"][row[0]], states[0, 3, 4], atol=1e-6)
    assert np.array_equal(chunk["target"][row[0]], trials.targets[3, 4])


def test_of_the_first_trials_a_chunk_has_the_first_rows():
    trials = TASK.sample(5, np.random.default_rng(0))
    states, outputs = trajectories(make_networks([0], TASK), trials)
    whole = trajectory_chunk(states[0], outputs[0], trials)
    first = trajectory_chunk(states[0, :2], outputs[0, :2], trials)
    assert len(first["trial"]) == 2 * TASK.time
    for name, values in first.items():
        assert np.array_equal(values, whole[name][: len(values)])
