"""Mask files are matrices of 0 and 1; anything else is refused with the reason."""

import numpy as np
import pytest

from rnnpipe.tables.masks import load_mask


def test_both_formats_say_the_same(tmp_path):
    mask = np.array([[0, 1, 1], [1, 0, 0]])
    np.save(tmp_path / "m.npy", mask)
    np.savetxt(tmp_path / "m.csv", mask, delimiter=",", fmt="%d")
    for name in ("m.npy", "m.csv"):
        loaded = load_mask(tmp_path / name)
        assert loaded.dtype == bool
        assert np.array_equal(loaded, mask)


@pytest.mark.parametrize(
    ("text", "message"),
    [("0,2", "other than 0 and 1"), ("0,a", "cannot be read"), ("0,nan", "other than 0 and 1")],
)
def test_other_contents(tmp_path, text, message):
    (tmp_path / "m.csv").write_text(text)
    with pytest.raises(ValueError, match=message):
        load_mask(tmp_path / "m.csv")


def test_another_number_of_dimensions(tmp_path):
    np.save(tmp_path / "m.npy", np.ones(3))
    with pytest.raises(ValueError, match="1 dimensions"):
        load_mask(tmp_path / "m.npy")


def test_no_file(tmp_path):
    with pytest.raises(ValueError, match="no such file"):
        load_mask(tmp_path / "m.npy")
