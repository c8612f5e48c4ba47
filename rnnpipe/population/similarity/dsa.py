"""Dynamical similarity analysis, by the library of its authors."""

from collections.abc import Sequence

import numpy as np

from rnnpipe.population.similarity.matrix import from_square

DELAYS = 5
RANK = 20


def dsa_distances(
    trajectories: Sequence[np.ndarray], delays: int = DELAYS, rank: int = RANK
) -> np.ndarray:
    """Compare how networks move: Wasserstein distance of their linear operators' spectra.

    Ostrow et al. 2023 (NeurIPS 36). A linear operator is fitted to each network that
    advances delay-embedded trajectories by one step; operators are compared by their
    eigenvalues, optimally matched. The library's score is the mean squared distance
    between matched eigenvalues, whose square root is the distance, since the square
    is no metric. Invariant to rotation, reflection and scale, not to shift.

    The library fits one network and scores one pair at a time, partly in single
    precision: about 3 ms per pair, and up to 1e-3 between a network and its rotated copy.

    Parameters
    ----------
    trajectories
        (trial, time, unit) for each network; units may differ. Reducing states to
        their leading principal components first saves most of the time.
    delays
        Consecutive states that make one embedded state.
    rank
        Singular directions of the embedded states that the operator acts on.

    Returns
    -------
    np.ndarray
        (network, network), in units of eigenvalues.

    Raises
    ------
    ImportError
        If the library is not installed.
    ValueError
        If there are fewer than two networks, or trajectories are shorter than two
        embedded states or not finite.
    """
    _check(trajectories, delays)
    try:
        from DSA import DSA
    except ImportError as error:
        raise ImportError(
            "DSA needs a library that is not installed: pip install -r requirements-dsa.txt"
        ) from error
    analysis = DSA(
        [np.asarray(states, dtype=np.float64) for states in trajectories],
        n_delays=delays,
        rank=rank,
        score_method="wasserstein",
        device="cpu",
    )
    squares = np.asarray(analysis.fit_score(), dtype=np.float64)
    return from_square(np.sqrt(np.maximum(squares, 0.0)))


def _check(trajectories: Sequence[np.ndarray], delays: int) -> None:
    if len(trajectories) < 2:
        raise ValueError(f"DSA compares two networks or more, not {len(trajectories)}")
    for number, states in enumerate(trajectories):
        if states.ndim != 3 or states.shape[1] < delays + 1:
            raise ValueError(
                f"network {number}: trajectories are (trial, time, unit) of at least "
                f"{delays + 1} steps for {delays} delays, not {states.shape}"
            )
        if not np.isfinite(states).all():
            raise ValueError(f"network {number}: trajectories hold NaN or infinity")
