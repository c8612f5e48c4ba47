"""Colours can be told apart, also with red-green colour blindness."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from rnnpipe.figures import style
from rnnpipe.figures.ticks import round_values

# Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
XYZ = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)


def lab(colour, blindness):
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(np.clip(XYZ @ blindness @ linear / XYZ.sum(axis=1), 1e-6, None))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def closest(colours, blindness):
    places = [lab(colour, blindness) for colour in colours]
    return min(np.linalg.norm(a - b) for a, b in itertools.combinations(places, 2))


@pytest.mark.parametrize("blindness", BLINDNESS.values(), ids=BLINDNESS.keys())
def test_numbers_of_unstable_modes_are_told_apart(blindness):
    assert closest([style.unstable_colour(k) for k in range(5)], blindness) > 12
    assert closest(style.STATUS.values(), blindness) > 12


def test_the_first_colours_are_those_of_okabe_and_ito():
    assert style.unstable_colours([0, 1, 2, 3]) == ["#0072B2", "#009E73", "#E69F00", "#D55E00"]
    assert len({style.unstable_colour(k) for k in range(10)}) == 10


def test_the_cyclic_map_closes_and_shows_on_white():
    colours = style.cyclic()(np.linspace(0, 1, 64))
    lightness = [lab(colour[:3], np.eye(3))[0] for colour in colours]
    assert np.allclose(colours[0], colours[-1], atol=0.02)
    assert max(lightness) < 85
    steps = np.linalg.norm(np.diff([lab(c[:3], np.eye(3)) for c in colours], axis=0), axis=1)
    assert steps.max() < 4 * steps.mean()


def test_unstable_modes_are_named():
    assert [style.unstable_label(k) for k in (0, 1, 2)] == [
        "stable",
        "1 unstable mode",
        "2 unstable modes",
    ]


def test_a_logarithmic_axis_has_round_values_however_short_it_is():
    assert round_values(1, 2000) == [1, 10, 100, 1000]
    assert round_values(20, 900) == [30, 100, 300]
    for low in (1.2e-3, 0.3, 40.0):
        values = round_values(low, 2.4 * low, fewest=3)
        assert len(values) >= 3 and low <= min(values) and max(values) <= 2.4 * low
