"""Correction of p values for the number of tests."""

import numpy as np
from scipy.stats import false_discovery_control


def adjusted(p: np.ndarray) -> np.ndarray:
    """Adjust p values of one family of tests to control the false discovery rate.

    Benjamini & Hochberg 1995 (J. R. Stat. Soc. B 57:289), by SciPy.

    Parameters
    ----------
    p
        (test,); NaN for a test that could not be made, which then is none of the family.

    Returns
    -------
    np.ndarray
        (test,), never below p; NaN where p is.
    """
    p = np.asarray(p, dtype=np.float64)
    result = np.full(p.shape, np.nan)
    made = ~np.isnan(p)
    if made.any():
        result[made] = false_discovery_control(p[made])
    return result
