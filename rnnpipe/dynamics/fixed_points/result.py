"""What a search for fixed points found, and the columns of its tables."""

from dataclasses import dataclass

import numpy as np

from rnnpipe.dynamics.classes import SLOW

# Columns of the table of points that are named as the attributes of `Points`.
POINT_COLUMNS = ("kind", "q", "hits", "inside", "distance", "beyond_visited")
# Columns of the table of searches that say what was found, in order.
SEARCH_COLUMNS = (
    *("starts", "converged", "rounds", "found", "slow", "index_sum", "certificate", "reason"),
    *("missing", "proof_rank", "proof_boxes", "undecided", "missed", "refuted"),
)


@dataclass(frozen=True)
class Points:
    """Fixed points and slow points, and what is known of each.

    Attributes
    ----------
    states
        (point, unit).
    q
        (point,), 1/2 |F(h) - h|^2.
    kind
        (point,), ``fixed`` or ``slow``.
    hits
        (point,), starts that ended there.
    inside
        (point,), whether the point lies in the invariant box; true where there is none.
    distance
        (point,), to the nearest visited state, relative to the states' spread.
    beyond_visited
        (point,), whether it lies further from the states' mean than any of them.
    """

    states: np.ndarray
    q: np.ndarray
    kind: np.ndarray
    hits: np.ndarray
    inside: np.ndarray
    distance: np.ndarray
    beyond_visited: np.ndarray

    def point_columns(self) -> dict[str, np.ndarray]:
        """Columns of one row per point."""
        columns = {name: getattr(self, name) for name in POINT_COLUMNS}
        return {**columns, "state": self.states}


@dataclass(frozen=True)
class Search(Points):
    """What a search found for one network under one input.

    Points are sorted: fixed points by index, those of index 1, an even number
    of real eigenvalues above 1, first, then in order of discovery; after them
    slow points, in order of discovery.

    Attributes
    ----------
    starts, converged
        Number of starts, and of those that ended at a fixed point.
    rounds
        Number of rounds of starts.
    found
        Number of fixed points.
    index_sum, verdict, reason
        The certificate, over the fixed points inside the box.
    missing
        Chao's estimate of fixed points not seen, from the starts that were drawn
        independently of the points known; 0 where there is a proof.
    proof_rank
        Number of variables in which a proof was tried; 0: none was.
    proof_boxes
        Number of parts of the box that it looked at.
    undecided
        Share of the box that it left undecided; NaN where none was tried.
    missed
        Number of proved points that no start had found; they are among the points.
    refuted
        Number of points found that were proved to be none; they are not.
    differences
        The same as a phrase; empty if the search found what was proved.
    """

    starts: int
    converged: int
    rounds: int
    found: int
    index_sum: int
    verdict: str
    reason: str
    missing: float
    proof_rank: int
    proof_boxes: int
    undecided: float
    missed: int
    refuted: int
    differences: str

    def facts(self) -> dict[str, float | str]:
        """The search as one row: starts, what was found, the certificate and the proof."""
        own = {"slow": int((self.kind == SLOW).sum()), "certificate": self.verdict}
        return {name: own.get(name, getattr(self, name, None)) for name in SEARCH_COLUMNS}


def facts_of_no_search(reason: str) -> dict[str, float | str]:
    """The row of `Search.facts` for a network that cannot be searched."""
    said = {"certificate": "not applicable", "reason": reason}
    return {**dict.fromkeys(SEARCH_COLUMNS, 0), "missing": np.nan, "undecided": np.nan, **said}
