"""Mode by mode, the linear answer is that of the whole Jacobian."""

import numpy as np
import pytest

from rnnpipe.dynamics.linear_response import (
    input_alignments,
    input_gains,
    output_gains,
    reduction_errors,
    responses,
)
from rnnpipe.dynamics.stability import modes

UNITS, INPUTS, OUTPUTS, LAGS = 12, 3, 2, 9


@pytest.fixture
def system():
    rng = np.random.default_rng(0)
    jacobian = rng.standard_normal((UNITS, UNITS)) / np.sqrt(UNITS)
    return jacobian, rng.standard_normal((UNITS, INPUTS)), rng.standard_normal((OUTPUTS, UNITS))


def test_all_modes_together_are_powers_of_the_jacobian(system):
    jacobian, inputs, outputs = system
    answers = responses(*modes(jacobian), inputs, outputs, LAGS)
    direct = [outputs @ np.linalg.matrix_power(jacobian, t) @ inputs for t in range(LAGS)]
    assert answers.shape == (UNITS, LAGS, OUTPUTS, INPUTS)
    assert np.allclose(answers[-1], direct, atol=1e-12)


def test_one_mode_answers_for_all_where_only_one_is_left():
    v = np.array([3.0, 4.0]) / 5
    jacobian = 0.9 * np.outer(v, v)
    answers = responses(*modes(jacobian), v[:, None], v[None], 5)
    assert np.allclose(answers[0, :, 0, 0], 0.9 ** np.arange(5))
    assert np.allclose(reduction_errors(answers), 0, atol=1e-12)


def test_errors_are_those_of_the_modes_left_out(system):
    jacobian, inputs, outputs = system
    errors = reduction_errors(responses(*modes(jacobian), inputs, outputs, LAGS))
    assert np.allclose(errors[-1], 0, atol=1e-12)
    assert (errors[0] > 0.1).all()
    doubled = reduction_errors(responses(*modes(jacobian), 2 * inputs, outputs, LAGS))
    assert np.allclose(errors, doubled)


def test_an_input_along_one_mode_enters_that_mode_alone(system):
    jacobian, _, outputs = system
    _, right, left = modes((jacobian + jacobian.T) / 2)
    gains = input_gains(left, right[:3].real.T)
    assert np.allclose(gains[:3], np.eye(3), atol=1e-10)
    assert np.allclose(gains[3:], 0, atol=1e-10)
    assert np.allclose(input_alignments(left, right[:3].real.T)[:3], np.eye(3), atol=1e-10)
    assert np.allclose(output_gains(right, outputs), np.abs(outputs @ right.T).T)


def test_a_channel_that_reaches_no_unit_is_aligned_with_nothing(system):
    jacobian, inputs, _ = system
    inputs[:, 1] = 0
    aligned = input_alignments(modes(jacobian)[2], inputs)
    assert (aligned[:, 1] == 0).all()
    assert ((aligned >= 0) & (aligned <= 1)).all()
