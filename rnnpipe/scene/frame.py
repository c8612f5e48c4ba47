"""The axes of a scene: three leading components, turned so that a lattice stands upright."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnpipe.dynamics.classes import growing
from rnnpipe.figures.projection import project_vectors
from rnnpipe.tables.parquet import matrix

# Fewer directions than these, or directions that fill less than three dimensions, turn nothing.
_FEWEST = 6
_FLAT = 0.1
# Mean fourth power of the coordinates of unit vectors: 1 along the axes, 1/5 each in all
# directions alike, so that three coordinates sum to 3/5.
_ALIGNED = 0.85
_ROUNDS = 200


def upright(components: pd.DataFrame, modes: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """Turn the three leading components to lie along the unstable directions, where these agree.

    The memories of a flip-flop have nearly the same variance in every direction, so that its
    components are turned by chance and its cube stands on a corner.

    Parameters
    ----------
    components
        Rows of the table ``components`` of one network.
    modes
        Rows of the table ``modes``: unstable ones with an eigenvector count.

    Returns
    -------
    The three components, turned, or `components` as they are where there are fewer or the
    directions lie along no three axes; and whether they were turned. Variances are taken along
    the new directions.
    """
    leading = components.sort_values("component").iloc[:3]
    unstable = growing(modes["re"]) & (modes["re"] > 0) & (modes["im"] == 0)
    rows = modes[unstable & modes["right_re"].notna()]
    if len(leading) < 3 or len(rows) < _FEWEST:
        return components, False
    directions = project_vectors(matrix(rows["right_re"]), leading, 3)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    if np.linalg.svd(directions, compute_uv=False)[2] ** 2 < _FLAT * len(directions):
        return components, False
    turn = _ordered(quartimax(directions))
    if np.mean(np.sum((directions @ turn.T) ** 4, axis=1)) < _ALIGNED:
        return components, False
    turned = leading.assign(
        direction=list(turn @ matrix(leading["direction"])),
        variance=(turn**2) @ leading["variance"].to_numpy(float),
    )
    return pd.concat([turned, components.sort_values("component").iloc[3:]]), True


def quartimax(vectors: np.ndarray) -> np.ndarray:
    """Rotation whose rows are the axes that unit vectors (vector, 3) lie along as well as can be.

    Raises the sum of the fourth powers of the coordinates (Neuhaus & Wrigley 1954, Br. J. Stat.
    Psychol. 7:81) by polar steps from the axes as they are.
    """
    turn = np.eye(3)
    for _ in range(_ROUNDS):
        left, _, right = np.linalg.svd(((vectors @ turn.T) ** 3).T @ vectors)
        after = left @ right
        if np.abs(after - turn).max() < 1e-12:
            break
        turn = after
    return turn


def _ordered(turn: np.ndarray) -> np.ndarray:
    """The same axes, each named after the component that it is nearest to, right-handed."""
    rows = []
    for column in range(3):
        left = [row for row in range(3) if row not in rows]
        rows.append(max(left, key=lambda row: abs(turn[row, column])))
    turn = turn[rows] * np.sign(turn[rows, range(3)])[:, None]
    return turn if np.linalg.det(turn) > 0 else turn * np.array([[1.0], [1.0], [-1.0]])
