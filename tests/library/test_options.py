"""Options of the library have the bounds of the settings, and are refused by name."""

import numpy as np
import pytest
import torch

import rnnpipe
from rnnpipe.library.find import BRANCH_OPTIONS, SEARCH_OPTIONS
from rnnpipe.library.options import read_options
from rnnpipe.library.points import CONTINUA_OPTIONS
from rnnpipe.library.pushes import TRANSITION_OPTIONS

STATES = np.random.default_rng(0).uniform(-1, 1, (50, 2))


def cube(h):
    return torch.tanh(2 * h)


@pytest.fixture(scope="module")
def found():
    return rnnpipe.find_fixed_points(cube, STATES, mixtures=16, box=16)


def test_every_option_that_is_told_has_a_bound():
    assert set(SEARCH_OPTIONS) == {
        *("mixtures", "box", "modes", "rounds", "most_starts", "tolerance", "merge"),
        *("proof_rank", "proof_boxes"),
    }
    assert set(BRANCH_OPTIONS) == {
        *("searches", "mixtures", "box", "rounds", "step", "steps", "tolerance", "merge"),
        *("proof_rank", "proof_boxes"),
    }
    assert set(TRANSITION_OPTIONS) == {"seed", "perturbations", "size", "steps"}
    assert set(CONTINUA_OPTIONS) == {"seed", "trial", "starts", "step"}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("mixtures", 0),
        ("box", 2.5),
        ("modes", True),
        ("box", "many"),
        ("rounds", -1),
        ("most_starts", 0),
        ("proof_rank", -1),
        ("proof_boxes", 0),
        ("tolerance", 0.0),
        ("tolerance", float("nan")),
        ("merge", -1e-4),
        ("merge", float("inf")),
        ("merge", None),
        ("marginal", 1.0),
        ("marginal", -1e-3),
        ("seed", -1),
        ("seed", 0.5),
    ],
)
def test_a_value_out_of_bounds_is_refused_by_name(option, value):
    with pytest.raises(ValueError, match=f"^option {option}: .* is not a") as caught:
        rnnpipe.find_fixed_points(cube, STATES, **{option: value})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("option", "value"), [("searches", 1), ("step", 0.0), ("step", 2), ("steps", 0), ("seed", -1)]
)
def test_those_of_branches_too(option, value):
    with pytest.raises(ValueError, match=f"^option {option}: .* is not a"):
        rnnpipe.find_branches(cube, STATES, [0.0], [0, 1], **{option: value})


@pytest.mark.parametrize(
    ("option", "value"), [("perturbations", 0), ("size", 1.5), ("steps", 0), ("seed", -1)]
)
def test_those_of_transitions_too(found, option, value):
    with pytest.raises(ValueError, match=f"^option {option}: .* is not a"):
        found.transitions(**{option: value})


@pytest.mark.parametrize(
    ("option", "value"), [("starts", 0), ("step", 0), ("seed", "x"), ("trial", 0)]
)
def test_those_of_continua_too(found, option, value):
    with pytest.raises(ValueError, match=f"^option {option}: .* is not a"):
        found.continua(**{option: value})


def test_unknown_options_of_the_result_are_named(found):
    with pytest.raises(TypeError, match="unknown option pushes; there are seed, perturbations"):
        found.transitions(pushes=3)
    with pytest.raises(TypeError, match="unknown option rng; there are seed, trial, starts, step"):
        found.continua(rng=None)


def test_a_pulse_has_the_shape_of_the_input():
    found = rnnpipe.find_fixed_points(
        lambda h, x: torch.tanh(2 * h + x), STATES, [0.0, 0.0], mixtures=16, box=16
    )
    with pytest.raises(ValueError, match=r"pulse up has shape \(3,\); \(2,\) is needed"):
        found.transitions({"up": [1.0, 0.0, 0.0]})
    with pytest.raises(ValueError, match="must be finite"):
        found.transitions({"up": [np.nan, 0.0]})
    with pytest.raises(TypeError, match="pulses are a mapping"):
        found.transitions([1.0, 0.0])


@pytest.mark.parametrize("number", [np.int64(64), torch.tensor(64), np.array(64), 64.0])
def test_numbers_of_numpy_and_torch_are_numbers(number):
    read = read_options({"box": number}, SEARCH_OPTIONS)["box"]
    assert read == 64 and type(read) is int
