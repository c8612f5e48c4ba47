"""Slow surfaces: states along two modes of equal slowness, where no curve stands out.

A plane of memories, or the torus of two headings. Cut into curves it would be as many as
one cares to follow.
"""

import numpy as np
import torch

from rnnpipe.dynamics.classes import MARGINAL
from rnnpipe.dynamics.continua.continuum import Continuum
from rnnpipe.dynamics.continua.nature import largest_transversal
from rnnpipe.dynamics.continua.projection import Places
from rnnpipe.dynamics.continua.slow_mode import SlowModes
from rnnpipe.dynamics.distances import distances_between
from rnnpipe.dynamics.maps import Dynamics

# The two slowest modes are equal if their |lambda - 1| differ by less than this factor...
EQUAL = 5.0
# ...and stand apart from the third if its |lambda - 1| is larger by at least this one.
APART = 3.0


def have_two_equal(modes: SlowModes) -> bool:
    """Whether the two slowest modes at a batch of states are equal and apart from the third.

    Of the medians over states; modes that are marginal are equal, however near to 1.
    """
    slowest = torch.where(modes.rate.isnan(), modes.next_rate, modes.rate.abs())
    first, second = (float(r.median().clamp_min(MARGINAL)) for r in (slowest, modes.next_rate))
    third = float(modes.third_rate.median().clamp_max(1.0))
    return second <= EQUAL * first and third >= APART * second


def surface_continuum(dynamics: Dynamics, places: Places, trial: int) -> Continuum:
    """Measure the surface of which places are a sample."""
    eigenvalues = torch.linalg.eigvals(dynamics.jacobian(places.states)).numpy()
    sample = places.states.numpy()
    return Continuum(
        kind="surface",
        states=sample,
        position=np.full(len(sample), np.nan),
        drift=places.drift.numpy(),
        eigenvalue=1 + places.modes.rate.numpy(),
        transversal=largest_transversal(eigenvalues, along=2),
        length=float(distances_between(sample, sample).max()),
        gap=np.nan,
        trial=trial,
    )
