"""Distances between states, by torch: to import SciPy's takes longer than most jobs need them."""

import numpy as np
import torch


def distances_between(states: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Compute the Euclidean distance of every state to every other one.

    Each is the root of a sum of squares: equal states are 0 apart.

    Parameters
    ----------
    states, others
        (state, unit) and (other, unit), float64.

    Returns
    -------
    numpy.ndarray
        (state, other).
    """
    # Copies: torch takes no array that is read-only or runs backwards.
    ends = (torch.from_numpy(np.array(those, float, order="C")) for those in (states, others))
    return torch.cdist(*ends, compute_mode="donot_use_mm_for_euclid_dist").numpy()
