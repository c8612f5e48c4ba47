"""Arrays of a rate network become the weights that do what they did, or are refused by name."""

import numpy as np
import pytest

from rnnpipe.networks.rate_weights import rate_parts
from rnnpipe.settings.sections.training import PARTS
from tests.helpers.rate_networks import INPUTS, OUTPUTS, UNITS, full, low_rank

SIZES = {"units": UNITS, "inputs": INPUTS, "outputs": OUTPUTS}


def refused(given, **options) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        rate_parts(given, **options)
    return str(caught.value)


def same(one, two) -> bool:
    return all(np.array_equal(one[name], two[name]) for name in PARTS)


def test_weights_in_our_layout_stay_as_they_are():
    given = full()
    parts = rate_parts(given, sizes=SIZES)
    assert {*parts} == {*PARTS}
    assert all(np.array_equal(parts[name], given[name]) for name in PARTS)
    assert all(part.dtype == np.float64 for part in parts.values())


def test_low_rank_gains_and_division_are_multiplied_out():
    a = low_rank()
    given = {
        "m": a["m"],
        "n": a["n"],
        "input": a["wi"],
        "input_gain": a["si"],
        "output": a["wo"],
        "output_gain": a["so"],
    }
    parts = rate_parts(given, ["input", "output"], ["recurrent", "output"])
    assert np.allclose(parts["recurrent"], a["m"] @ a["n"].T / UNITS)
    assert np.allclose(parts["input"], (a["wi"].T * a["si"]))
    assert np.allclose(parts["output"], (a["wo"] * a["so"]).T / UNITS)
    undivided = rate_parts(given, ["input", "output"])
    assert np.allclose(undivided["recurrent"], a["m"] @ a["n"].T)
    assert not parts["bias"].any() and not parts["initial_state"].any()


@pytest.mark.parametrize("key", ["recurrent", "input", "output"])
def test_a_transposed_matrix_is_turned_back(key):
    given = full()
    turned = {**given, key: given[key].T}
    assert same(rate_parts(turned, [key]), rate_parts(given))


def test_axes_of_length_one_may_be_missing_or_added():
    given = full()
    matlab = {key: array[None] if array.ndim == 1 else array for key, array in given.items()} | {
        "bias": given["bias"][:, None]
    }
    assert same(rate_parts(matlab), rate_parts(given))
    single = {
        "recurrent": given["recurrent"],
        "input": given["input"][:, 0],
        "output": given["output"][0],
        "output_bias": 0.5,
    }
    parts = rate_parts(single, sizes={"units": UNITS, "inputs": 1, "outputs": 1})
    assert np.array_equal(parts["input"], given["input"][:, :1])
    assert np.array_equal(parts["output"], given["output"][:1])
    assert parts["output_bias"].tolist() == [0.5]


def test_without_input_and_output_there_are_none_or_as_many_zeros_as_needed():
    parts = rate_parts({"recurrent": np.eye(3)})
    assert parts["input"].shape == (3, 0) and parts["output"].shape == (0, 3)
    parts = rate_parts({"recurrent": np.eye(3)}, sizes={"units": 3, "inputs": 2, "outputs": 1})
    assert parts["input"].shape == (3, 2) and not parts["input"].any()
    assert parts["output"].shape == (1, 3) and not parts["output"].any()


@pytest.mark.parametrize("kind", [np.float32, np.int8, bool])
def test_other_number_types_are_read_as_numbers(kind):
    W = np.eye(3).astype(kind)
    assert np.array_equal(rate_parts({"recurrent": W})["recurrent"], np.eye(3))


class TestRefusals:
    def test_wrong_shapes_name_both_and_say_if_the_other_way_round_would_do(self):
        given = full()
        turned = {**given, "input": given["input"].T}
        assert refused(turned) == (
            "input has shape (2, 6); (6, inputs) is needed, units by inputs; is it to be listed "
            "under transposed?"
        )
        assert "(6, 2) is needed, units by inputs; is it" in refused(turned, sizes=SIZES)
        assert refused(given, transposed=["input"], sizes=SIZES) == (
            "input has shape (6, 2); (2, 6) is needed, inputs by units, since it is listed under "
            "transposed"
        )
        wide = {**given, "input": np.ones((6, 5))}
        assert refused(wide, sizes=SIZES).endswith("(6, 2) is needed, units by inputs")

    def test_units_are_those_of_the_recurrent_weights(self):
        given = {**full(), "bias": np.zeros(5)}
        assert refused(given) == "bias has shape (5,); (6,) is needed, units"
        assert "recurrent has shape (6, 5); (6, 6)" in refused({"recurrent": np.ones((6, 5))})
        message = refused(full(), sizes={**SIZES, "units": 7})
        assert message == "recurrent has shape (6, 6); (7, 7) is needed, units by units"

    def test_ranks_that_differ(self):
        assert "n has shape (6, 3); (6, 2)" in refused({"m": np.ones((6, 2)), "n": np.ones((6, 3))})

    @pytest.mark.parametrize(
        ("array", "words"),
        [
            (np.full((2, 2), np.nan), "recurrent holds NaN or infinity"),
            (np.ones((2, 2), dtype=complex), "recurrent is complex; real numbers are needed"),
            (np.array([["a", "b"]]), "recurrent is of type <U1; real"),
            (np.array([{}, {}]), "recurrent is of type object; real"),
            (np.float64(1.0), "recurrent has shape ()"),
            (np.ones((2, 2, 2)), "recurrent has shape (2, 2, 2)"),
        ],
    )
    def test_what_is_no_matrix_of_finite_numbers(self, array, words):
        assert words in refused({"recurrent": array}, sizes={"units": 2, "inputs": 0, "outputs": 0})

    def test_messages_call_arrays_what_their_file_does(self):
        message = refused({"recurrent": np.ones(3)}, labels={"recurrent": "W (arrays.recurrent)"})
        assert message.startswith("W (arrays.recurrent) has shape")
